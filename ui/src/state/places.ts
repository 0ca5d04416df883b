/** Ways from one screen to another. */
import type { AssetId } from "../bindings/AssetId";
import type { BatchId } from "../bindings/BatchId";
import type { DraftId } from "../bindings/DraftId";
import type { JobId } from "../bindings/JobId";
import type { WorkflowHash } from "../bindings/WorkflowHash";
import { looking, type Setting } from "./looking.svelte";
import { route, type Place } from "./route.svelte";

/** Where the viewer was opened from: leaving it goes back there, however many pictures were walked. */
let origin: Place = { name: "gallery" };
/** What else was shown there, in its order: an id, or the number in the library where that is known. */
export type Viewed = AssetId | number;
let viewed: readonly Viewed[] = [];

/** Shows one output, as large as the window. `among`: what is walked through, if not the gallery. */
export function openViewer(id: AssetId, among: readonly Viewed[] = []): void {
  if (route.current.name !== "viewer") {
    origin = route.current;
    viewed = among;
  }
  route.go({ name: "viewer", id });
}

/** What the viewer was opened among. */
export const viewedAmong = (): readonly Viewed[] => viewed;

/**
 * Shows two outputs that can be compared beside each other, to see what differs. `from`: where it was asked
 * for; who went elsewhere meanwhile is not taken away from there.
 */
export function openCompare(a: AssetId, b: AssetId, from: Place): void {
  if (route.current === from) openViewer(`${a}+${b}`);
}

/** Leaves the viewer for the place it was opened from. */
export function closeViewer(): void {
  route.go(origin);
}

/** What the way back is called. */
export const originName = (): string => nameOf(origin);

function nameOf(place: Place): string {
  switch (place.name) {
    case "queue":
    case "welcome":
      return "Queue";
    case "job":
      return "Job";
    case "viewer":
      return "Viewer";
    case "compose":
      return "Knobs";
    case "new":
      return "New job";
    case "sheet":
      return "Sheet";
    case "workflows":
    case "nodes":
      return "Workflows";
    case "servers":
      return "Servers";
    case "settings":
      return "Settings";
    case "gallery":
      return "Gallery";
  }
}

/** Where the nodes were opened from. */
let nodesFrom: Place = { name: "workflows" };

/** Shows the nodes of a workflow, beginning with one of them. */
export function openNodes(id: WorkflowHash, node: string | null = null): void {
  looking.node = node;
  if (route.current.name !== "nodes") nodesFrom = route.current;
  route.go({ name: "nodes", id });
}

/** Leaves the nodes for the place they were opened from. */
export function closeNodes(): void {
  route.go(nodesFrom);
}

/** What the way back from the nodes is called. */
export const nodesOrigin = (): string => nameOf(nodesFrom);

/** Where the knobs, a new job and a sheet were opened from. */
const from: Record<"compose" | "new" | "sheet", Place> = {
  compose: { name: "workflows" },
  new: { name: "queue" },
  sheet: { name: "queue" },
};

function goFrom(to: Place & { name: keyof typeof from }): void {
  const here = route.current;
  // Coming from a place that comes after, the way back would lead round in a circle.
  const after = here.name === to.name || (to.name === "compose" && here.name === "nodes");
  if (!after) from[to.name] = here;
  route.go(to);
}

/** Shows the knobs of a draft. */
export function openDraft(id: DraftId): void {
  goFrom({ name: "compose", id });
}

/** Leaves the knobs for the place they were opened from. */
export function closeDraft(): void {
  // A new job was begun: it is over.
  route.go(from.compose.name === "new" ? from.new : from.compose);
}

/** Shows what a new job can begin with. */
export function openNew(): void {
  goFrom({ name: "new" });
}

export function closeNew(): void {
  route.go(from.new);
}

/** Shows the sheet of a sweep. */
export function openSheet(id: BatchId): void {
  goFrom({ name: "sheet", id });
}

export function closeSheet(): void {
  route.go(from.sheet);
}

/** What the way back from a sheet is called. */
export const sheetOrigin = (): string => nameOf(from.sheet);

/** Shows the workflows. */
export function openWorkflows(): void {
  route.go({ name: "workflows" });
}

/** Shows one job. */
export function openJob(id: JobId): void {
  route.go({ name: "job", id });
}

/** Shows the queue. */
export function openQueue(): void {
  route.go({ name: "queue" });
}

/** Shows the gallery. */
export function openGallery(): void {
  route.go({ name: "gallery" });
}

/** Shows the servers. */
export function openServers(): void {
  route.go({ name: "servers" });
}

/** Shows the settings. */
export function openSettings(): void {
  route.go({ name: "settings" });
}

/** Shows one of the settings. */
export function openSetting(setting: Setting): void {
  looking.setting = setting;
  openSettings();
}
