import { expect, it } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import { haveOf, offered, share } from "./tagging";

const detail = (tags: string[], ids: number[] = []): AssetDetail =>
  ({ tags, collections: ids.map((id) => ({ id })) }) as AssetDetail;

it("tells who has what", () => {
  const have = haveOf([detail(["a", "b"], [7]), detail(["b"])]);
  expect(["tag a", "tag b", "tag c", "collection 7"].map((key) => share(have, key))).toEqual([
    "some",
    "all",
    "none",
    "some",
  ]);
  expect(share(null, "tag a")).toBe("unknown");
});

it("offers what begins with the words first, and a new one if there is none of that name", () => {
  const tags = ["reprint", "print", "for print", "Client"].map((name) => ({ name, count: 1 }));
  expect(offered(tags, " PRI").tags.map(({ name }) => name)).toEqual([
    "print",
    "reprint",
    "for print",
  ]);
  expect(offered(tags, "print").fresh).toBeNull();
  expect(offered(tags, "client  Marrow").fresh).toBe("client Marrow");
  expect(offered(tags, "  ")).toEqual({ tags, fresh: null });
});
