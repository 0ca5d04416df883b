import { flushSync, mount, unmount } from "svelte";
import { beforeEach, expect, it, vi } from "vitest";
import type { AssetView } from "../../bindings/AssetView";
import type { JobDetail } from "../../bindings/JobDetail";
import type { ProgressView } from "../../bindings/ProgressView";
import type { Trouble } from "../../bindings/Trouble";
import { openGallery } from "../../state/places";
import { gallery } from "../gallery/gallery.svelte";
import { jobOf } from "./fixtures";
import JobSide from "./JobSide.svelte";

vi.mock("../../host", () => ({
  commands: {},
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
}));
vi.mock("../../state/places", () => ({ openGallery: vi.fn(), openViewer: vi.fn() }));

const job = jobOf({ state: { kind: "ended", of: "succeeded" } });
const asset = (id: string, preview: boolean): AssetView => ({
  id,
  job_id: job.id,
  title: job.title,
  kind: "picture",
  path: `2026-11-29/${id}.png`,
  width: 64,
  height: 64,
  duration_ms: null,
  bytes: 1,
  hash: null,
  created_at: 0,
  took_ms: null,
  practice: false,
  preview,
  facts: job.facts,
  server_name: null,
  workflow: null,
});

const detailOf = (assets: AssetView[]): JobDetail => ({
  job,
  progress: {} as ProgressView,
  events: [],
  assets,
  previews: [],
  siblings: [],
});

/** What the panel shows of these outputs: pictures by section, with the section's heading. */
async function shown(...assets: AssetView[]): Promise<[string, string[]][]> {
  const detail = detailOf(assets);
  const props = { job, detail, previews: [], now: 0 };
  const panel = mount(JobSide, { target: document.body, props });
  flushSync();
  const sections = [...document.querySelectorAll("section")].map((section): [string, string[]] => [
    [...(section.querySelector("h3")?.childNodes ?? [])]
      .map(({ textContent }) => textContent?.trim() ?? "")
      .filter((text) => text !== "")
      .join(" "),
    [...section.querySelectorAll("img")].map(({ src }) => src.split("/").at(-2) ?? ""),
  ]);
  document.querySelector<HTMLElement>("[data-testid=job-previews-all]")?.click();
  await unmount(panel);
  return sections;
}

beforeEach(() => vi.clearAllMocks());

it("shows outputs first and what preview nodes made in a row of its own", async () => {
  expect(await shown(asset("old", true), asset("out", false), asset("way", true))).toEqual([
    ["Outputs 1 kept", ["out"]],
    ["Previews 2 kept", ["old", "way"]],
  ]);
  expect(openGallery).not.toHaveBeenCalled();
});

it("says nothing of previews where there are none", async () => {
  expect((await shown(asset("out", false))).map(([heading]) => heading)).toEqual([
    "Outputs 1 kept",
  ]);
});

it("shows few of many, and all in the gallery", async () => {
  const search = vi.spyOn(gallery, "search").mockReturnValue();
  const many = Array.from({ length: 34 }, (_, at) => asset(`way${at}`, true));
  expect((await shown(asset("out", false), ...many))[1]?.[1]).toHaveLength(10);
  expect(search).toHaveBeenCalledWith("job:j is:preview");
  expect(openGallery).toHaveBeenCalledTimes(1);
});

it("does not warn of what the trouble says", async () => {
  const trouble = { message: "No sd_xl. 1 more like this." } as Trouble;
  const warned = jobOf({ trouble, warnings: ["No sd_xl.", "Left out by the server: no vae."] });
  const props = { job: warned, detail: detailOf([]), previews: [], now: 0 };
  const panel = mount(JobSide, { target: document.body, props });
  flushSync();
  const said = [...document.querySelectorAll(".warning")].map(({ textContent }) => textContent);
  expect(said).toEqual(["Left out by the server: no vae."]);
  await unmount(panel);
});
