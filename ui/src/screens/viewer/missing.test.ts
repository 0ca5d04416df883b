import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { FilePlace } from "../../bindings/FilePlace";
import type { RootView } from "../../bindings/RootView";
import { chooseFolder, commands } from "../../host";
import { missingOf, missingText, rootOf } from "./missing";
import MissingBar from "./MissingBar.svelte";

vi.mock("../../host", () => ({
  commands: {
    root_list: vi.fn(),
    root_move: vi.fn(() => Promise.resolve(null)),
    root_scan: vi.fn(() => Promise.resolve(null)),
  },
  chooseFolder: vi.fn(),
  openStream: vi.fn(),
}));

const root = (id: number, path: string): RootView =>
  ({ id, path, state: "idle" }) as unknown as RootView;
const roots = [root(1, "/p/renders"), root(2, "/p/renders/old/"), root(3, "D:\\art")];
const place = (path: string, state: FilePlace["state"]): FilePlace => ({ path, state });

it("knows in which folder of the library a file lies", () => {
  expect(rootOf("/p/renders/a.png", roots)?.id).toBe(1);
  expect(rootOf("/p/renders/old/a.png", roots)?.id).toBe(2);
  expect(rootOf("/p/renders 2/a.png", roots)).toBeNull();
  expect(rootOf("D:\\art\\a.png", roots)?.id).toBe(3);
});

it("speaks of nothing as long as a file can be reached, and first of what may come back", () => {
  const [gone, away] = [place("/p/renders/a.png", "missing"), place("D:\\art\\a.png", "away")];
  expect(missingOf([gone, place("/x/a.png", "here")], roots)).toBeNull();
  expect(missingOf([], roots)).toBeNull();
  const found = missingOf([gone, away], roots)!;
  expect([found.state, found.root?.id]).toEqual(["away", 3]);
  expect(missingText(found)).toBe("The disk or network drive with art is not there.");
  expect(missingText(missingOf([gone], [])!)).toBe("The file was moved or deleted.");
});

it("finds the folder where it lies now, looks a file up, or lets it go", async () => {
  vi.mocked(commands.root_list).mockResolvedValue([...roots]);
  vi.mocked(chooseFolder).mockResolvedValue("E:\\art");
  const onbin = vi.fn();
  const show = async (where: FilePlace): Promise<() => Promise<void>> => {
    const detail = { places: [where], cell: { binned: false } } as unknown as AssetDetail;
    const shown = mount(MissingBar, { target: document.body, props: { detail, onbin } });
    flushSync();
    await new Promise((resolve) => setTimeout(resolve));
    flushSync();
    return () => unmount(shown);
  };
  const press = (id: string): void =>
    document.querySelector<HTMLElement>(`[data-testid=missing-${id}]`)?.click();

  let end = await show(place("D:\\art\\a.png", "away"));
  press("find");
  await vi.waitFor(() =>
    expect(commands.root_move).toHaveBeenCalledWith({ id: 3, path: "E:\\art" }),
  );
  // Its file is where the disk is: it is not let go.
  expect(document.querySelector("[data-testid=missing-bin]")).toBeNull();
  await end();

  end = await show(place("/p/renders/a.png", "missing"));
  press("scan");
  expect(commands.root_scan).toHaveBeenCalledWith({ id: 1 });
  press("bin");
  expect(onbin).toHaveBeenCalled();
  await end();
});
