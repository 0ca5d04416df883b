import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { FilePlace } from "../../bindings/FilePlace";
import { commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import Files from "./Files.svelte";
import { detailOf } from "./fixtures";

vi.mock("../../host", () => ({ commands: { place_trash: vi.fn() }, writeClipboard: vi.fn() }));

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  vi.clearAllMocks();
});

function show(...places: FilePlace[]): HTMLButtonElement[] {
  shown = mount(Files, {
    target: document.body,
    props: { detail: { ...detailOf(7), places } },
  });
  flushSync();
  return [...document.querySelectorAll<HTMLButtonElement>("[data-testid=trash-file]")];
}

const place = (path: string, state: FilePlace["state"] = "here"): FilePlace => ({ path, state });

it.each([
  { places: [place("/a.png")], buttons: 0 },
  { places: [place("/a.png"), place("/b.png", "away")], buttons: 0 },
  { places: [place("/a.png"), place("/b.png", "missing")], buttons: 0 },
  { places: [place("/a.png"), place("/b.png"), place("/c.png", "away")], buttons: 2 },
])("offers the trash for $buttons of the files", ({ places, buttons }) => {
  expect(show(...places).length).toBe(buttons);
});

it("moves one file to the trash and says so, or why not", async () => {
  vi.mocked(commands.place_trash).mockResolvedValueOnce(null);
  const added = vi.spyOn(toasts, "add");
  const [first, second] = show(place("/a.png"), place("/b.png"));
  second?.click();
  flushSync();
  // Until it is gone nothing else goes.
  expect([first?.disabled, second?.disabled]).toEqual([true, true]);
  await vi.waitFor(() => expect(added).toHaveBeenCalled());
  expect(first?.disabled).toBe(false);
  expect(commands.place_trash).toHaveBeenCalledWith({ key: 7, path: "/b.png" });
  expect(added.mock.calls[0]?.[0]).toMatchObject({ tone: "ok", text: "/b.png" });
  vi.mocked(commands.place_trash).mockRejectedValueOnce({
    code: "wrong_state",
    message: "/b.png is another file by now, so it stays.",
  });
  second?.click();
  await vi.waitFor(() => expect(added).toHaveBeenCalledTimes(2));
  expect(added.mock.calls[1]?.[0]).toMatchObject({ tone: "bad", text: /another file/ });
});
