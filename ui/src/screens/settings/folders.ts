/** The folders of the library, in words. Pure. */
import type { LibraryView } from "../../bindings/LibraryView";
import type { RootView } from "../../bindings/RootView";
import type { ScanReport } from "../../bindings/ScanReport";
import { count } from "../../lib/format";
import { madeAt } from "../gallery/words";

const n = (value: number): string => value.toLocaleString("en");

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Whether all files of a folder are found, and only their contents are still read, to know copies. */
export const isComparing = (root: RootView): boolean =>
  root.unread > 0 && root.read >= root.to_read;

/** What is going on in a folder, in a sentence. */
export function stateText(root: RootView, now: number): string {
  switch (root.state) {
    case "scanning":
      if (isComparing(root)) {
        return `All can be found. ${count(root.unread, "file")} ${root.unread === 1 ? "is" : "are"} still to be compared with the others.`;
      }
      return root.to_read === 0
        ? `Looking: ${count(root.seen, "file")} seen so far.`
        : `Reading: ${n(root.read)} of ${count(root.to_read, "new file")}, ${n(root.seen)} seen.`;
    case "paused":
      return root.to_read > root.read
        ? `Paused, with ${count(root.to_read - root.read, "file")} still to read.`
        : "Paused.";
    case "away":
      return `Away. Its disk or network drive is not there; ${count(root.assets, "output")} stay in the library and come back with it.`;
    case "idle":
      return root.scanned_at === null
        ? "It was not gone through yet."
        : `It was gone through ${lower(madeAt(root.scanned_at, now))} and is ${root.watched ? "watched for changes" : "not watched"}.`;
  }
}

/** Whether a report says anything. */
export const isEmpty = (report: ScanReport): boolean => reportText(report) === "";

/** What the last scan found, in short. */
export function reportText(report: ScanReport): string {
  const problems = report.problems.length + report.more_problems;
  return [
    report.new > 0 ? `${n(report.new)} new` : "",
    report.same > 0 ? `${n(report.same)} the library had already` : "",
    report.moved > 0 ? `${n(report.moved)} moved or renamed` : "",
    report.changed > 0 ? `${n(report.changed)} edited outside` : "",
    report.missing > 0 ? `${n(report.missing)} gone` : "",
    report.sidecars > 0 ? `${n(report.sidecars)} with ratings and tags in XMP files` : "",
    report.passed_over > 0
      ? `${n(report.passed_over)} passed over (no pictures, videos, sounds or models)`
      : "",
    problems > 0 ? `${n(problems)} could not be read` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Whether new outputs go to a folder; others they went to before stay the library's own. */
export const takesNew = (root: RootView, library: LibraryView): boolean =>
  root.own && root.path === library.path;

/** The last part of a path: what a folder is called. */
export const folderName = (path: string): string =>
  path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
