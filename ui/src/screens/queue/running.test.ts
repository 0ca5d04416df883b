import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { LinkState } from "../../bindings/LinkState";
import type { ServerView } from "../../bindings/ServerView";
import { app } from "../../state/app.svelte";
import { jobOf } from "../job/fixtures";
import Hero from "./Hero.svelte";
import SmallJob from "./SmallJob.svelte";

vi.mock("../../host", () => ({
  commands: {},
  mediaUrl: (path: string) => path,
  openStream: vi.fn(),
}));

const job = jobOf({ state: { kind: "running" }, ended_at: null });
const serverOf = (link: LinkState): ServerView =>
  ({ id: job.server_id, name: "studio", link, live: true, facts: null }) as unknown as ServerView;

/** The dot before the name of the server that a job runs on. */
async function dotOf(Component: typeof Hero | typeof SmallJob, servers: ServerView[]) {
  vi.spyOn(app, "servers", "get").mockReturnValue(servers);
  const shown = mount(Component, { target: document.body, props: { job, onchoose: () => {} } });
  flushSync();
  const dot = document.querySelector(".dot")?.className.replace(/ ?svelte-\w+/, "");
  await unmount(shown);
  return dot;
}

it.each([
  ["large", Hero],
  ["small", SmallJob],
])("shows whether the server of a running job is there: %s", async (_, Component) => {
  expect(await dotOf(Component, [serverOf("online")])).toBe("dot busy");
  expect(await dotOf(Component, [serverOf("reconnecting")])).toBe("dot re");
  expect(await dotOf(Component, [])).toBe("dot off");
});
