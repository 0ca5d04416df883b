/** Ways from one screen to another. */
import type { AssetId } from "../bindings/AssetId";
import type { JobId } from "../bindings/JobId";
import { route, type Place } from "./route.svelte";

/** Where the viewer was opened from: leaving it goes back there, however many pictures were walked. */
let origin: Place = { name: "gallery" };

/** Shows one output, as large as the window. */
export function openViewer(id: AssetId): void {
  if (route.current.name !== "viewer") origin = route.current;
  route.go({ name: "viewer", id });
}

/** Leaves the viewer for the place it was opened from. */
export function closeViewer(): void {
  route.go(origin);
}

/** What the way back is called. */
export function originName(): string {
  switch (origin.name) {
    case "queue":
      return "Queue";
    case "job":
      return "Job";
    default:
      return "Gallery";
  }
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
