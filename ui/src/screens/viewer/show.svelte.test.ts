import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import Show from "./Show.svelte";

vi.mock("../../host", () => ({ mediaUrl: (path: string) => `media:/${path}`, commands: {} }));

it("says of each file that it cannot show that it is there, so that a slideshow goes on", async () => {
  const onshown = vi.fn();
  const file = (id: string) => ({ id, kind: "other", title: id, path: `${id}.latent`, w: 0, h: 0 });
  const props = $state({ b: file("a"), onshown });
  const shown = mount(Show, { target: document.body, props });
  flushSync();
  expect(onshown.mock.calls).toEqual([[false]]);
  props.b = file("a");
  flushSync();
  expect(onshown).toHaveBeenCalledTimes(1);
  props.b = file("b");
  flushSync();
  expect(onshown).toHaveBeenCalledTimes(2);
  await unmount(shown);
});
