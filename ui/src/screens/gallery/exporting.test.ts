import { expect, it } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { ExportInto } from "../../bindings/ExportInto";
import { BEGINNING, nameOf, patternProblem, placeOf, planFor, sheetsOf } from "./exporting";
import { cellOf } from "./fixtures";

const detail = {
  asset: {
    title: "Bouquet study",
    path: "2026-11-24/bouquet_00014.png",
    kind: "picture",
    created_at: new Date(2026, 10, 24, 14, 2, 5).getTime(),
    facts: { seed: "408815", models: ["folder/sd_xl_base_1.0.safetensors"] },
  },
  cell: cellOf(1, { rating: 4 }),
} as AssetDetail;

it("shows the name that an output would have", () => {
  const name = (pattern: string): string => nameOf(pattern, detail, 3, "original");
  expect(name("{name}")).toBe("bouquet_00014.png");
  expect(name("{date}_{time} {title}")).toBe("2026-11-24_14-02-05 Bouquet study.png");
  expect(name("{n}-{seed}-{model}-{rating}")).toBe("0003-408815-sd_xl_base_1.0-4.png");
  expect(name("{toString}")).toBe("{toString}.png");
  expect(nameOf("{name}", detail, 1, "jpeg")).toBe("bouquet_00014.jpg");
  const video = { ...detail, asset: { ...detail.asset, kind: "video" as const, path: "a.mp4" } };
  expect(nameOf("{name}", video, 1, "jpeg")).toBe("a.mp4");
});

it("says what is wrong with a pattern", () => {
  expect(patternProblem("{name} {n}")).toBeNull();
  expect(patternProblem(" ")).toContain("no names");
  expect(patternProblem("{naem}")).toMatch(/^\{naem\} is not known\. There are \{name\}/);
});

it("writes a contact sheet as the ending says, and all else as it was chosen", () => {
  const form = (to: string, into: ExportInto = "contact_sheet"): string =>
    planFor({ ...BEGINNING, into, form: "webp" }, to).form;
  expect(form("/p/x.jpg")).toBe("jpeg");
  expect(form("C:\\p\\X.JPEG")).toBe("jpeg");
  expect(form("/p/x.png")).toBe("png");
  expect(form("/p/x.webp")).toBe("webp");
  expect(form("/p/x.toString")).toBe("webp");
  expect(form("/p/prints.png", "folder")).toBe("webp");
  expect(form("/p/x.zip", "zip")).toBe("webp");
  expect(planFor(BEGINNING, "/p").to).toBe("/p");
});

it("asks for a folder or for a file with its ending", () => {
  expect(placeOf("folder", "png")).toBeNull();
  expect(placeOf("zip", "jpeg")?.ending).toBe("zip");
  expect(placeOf("contact_sheet", "original")?.ending).toBe("png");
  expect(placeOf("contact_sheet", "jpeg")?.ending).toBe("jpg");
});

it("counts the contact sheets, of which large pictures need more", () => {
  const of = (pictures: number, edge: number | null): number[] =>
    Object.values(sheetsOf(pictures, edge));
  expect(of(1, null)).toEqual([1, 500]);
  expect(of(500, null)).toEqual([1, 500]);
  expect(of(501, 480)).toEqual([2, 500]);
  expect(of(10_000, null)).toEqual([20, 500]);
  expect(of(101, 481)).toEqual([2, 100]);
});
