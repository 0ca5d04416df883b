/** What is said about files that hang over the window. Pure. */
import type { IntakeItem } from "../../bindings/IntakeItem";
import type { IntakeReport } from "../../bindings/IntakeReport";
import { count } from "../../lib/format";
import { type Medium, mediumOf, mediumOfName } from "../../lib/media";
import { reasonOf } from "../report/words";

/** At most this many files are named with what is the matter with them. */
const NAMED = 3;

const MEDIA: Medium[] = ["picture", "video", "sound"];

/** Whether a file can go into a workflow, whatever workflow it may hold itself. */
export const canGoIn = (item: IntakeItem): boolean =>
  mediumOf(item.container) !== null && item.kind !== "workflow" && item.kind !== "saved_job";

/** Whether a file is queued as a job. */
export const isJob = ({ standing }: IntakeItem): boolean =>
  standing === "ready" || standing === "needs_look";

/** What of a kind there is: "1 picture with a workflow inside, 2 videos with a workflow inside". */
function ofMedia(items: readonly IntakeItem[], rest: string, tail: string): string[] {
  const counted = MEDIA.map((medium) => {
    const those = items.filter((item) => mediumOf(item.container) === medium);
    return those.length === 0 ? null : `${count(those.length, medium)} ${tail}`;
  });
  const others = items.filter((item) => mediumOf(item.container) === null);
  return [...counted, others.length === 0 ? null : `${count(others.length, rest)} ${tail}`].filter(
    (part) => part !== null,
  );
}

/** "1 workflow, 2 pictures with a workflow inside, 1 needs a look, 1 not a workflow". */
export function foundText({ items, left_out }: IntakeReport): string {
  const ready = items.filter((item) => item.standing === "ready");
  const looks = items.filter((item) => item.standing === "needs_look").length;
  const waits = items.filter((item) => item.standing === "waits").length;
  const along = items.filter((item) => item.standing === "taken_along").length;
  const refused = items.filter((item) => item.standing === "refused");
  const plain = refused.filter((item) => item.kind === "input");
  const settings = refused.filter((item) => item.kind === "settings").length;
  const others = refused.length - plain.length - settings;
  const workflows = ready.filter((item) => item.kind !== "carrier" && item.kind !== "saved_job");
  const saved = ready.filter((item) => item.kind === "saved_job").length;
  return [
    workflows.length > 0 ? count(workflows.length, "workflow") : null,
    ...ofMedia(
      ready.filter((item) => item.kind === "carrier"),
      "file",
      "with a workflow inside",
    ),
    saved > 0 ? count(saved, "saved job") : null,
    looks > 0 ? `${looks} ${looks === 1 ? "needs" : "need"} a look` : null,
    waits > 0 ? `${waits} ${waits === 1 ? "waits" : "wait"} for a server` : null,
    ...ofMedia(plain, "file", "without a workflow"),
    along > 0 ? `${along} taken along` : null,
    settings > 0 ? `${settings} with settings only` : null,
    others > 0 ? `${others} not a workflow` : null,
    left_out > 0 ? `${left_out.toLocaleString("en")} more not looked at` : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** Files whose names are said with what is the matter with them, the refused ones first. */
export function named(items: readonly IntakeItem[]): {
  shown: { name: string; reason: string; refused: boolean }[];
  more: number;
} {
  const of = (standing: IntakeItem["standing"]): IntakeItem[] =>
    items.filter((item) => item.standing === standing);
  const all = [...of("refused"), ...of("needs_look")];
  return {
    shown: all.slice(0, NAMED).map((item) => ({
      name: item.name,
      reason: reasonOf(item),
      refused: item.standing === "refused",
    })),
    more: Math.max(0, all.length - NAMED),
  };
}

/** Whether files may be pictures before they have been read: a folder may hold some. */
export const mayBePictures = (paths: readonly string[]): boolean =>
  paths.some((path) => mediumOfName(path) !== null || !/\.[^./\\]+$/.test(path));

/** What files that can go in are called: "pictures" or, if they are of several kinds, "files". */
export function mediaName(items: readonly IntakeItem[]): string {
  const media = new Set(items.map((item) => mediumOf(item.container)));
  const [only] = media;
  return `${media.size === 1 && only != null ? only : "file"}s`;
}

/** "2 pictures", "3 files": what would go into a workflow. */
export const goingIn = (items: readonly IntakeItem[]): string =>
  count(items.length, mediaName(items).slice(0, -1));

/** What letting go does with files that can go into a workflow; of none it is not known yet what they are. */
export function sendText(items: readonly IntakeItem[]): string {
  const [what, each] =
    items.length === 0
      ? ["them", "one job each"]
      : items.length === 1
        ? [`the ${mediaName(items).slice(0, -1)}`, "as one job"]
        : [`the ${goingIn(items)}`, "one job each"];
  return `Send ${what} into a workflow of yours, ${each}. Workflows inside are ignored.`;
}

/** The paths to hand in: only those that can go in, unless not all files of the folders were looked at. */
export function pathsGoingIn(
  { items, left_out }: IntakeReport,
  dropped: readonly string[],
): readonly string[] {
  if (left_out > 0) return dropped;
  return items.filter(canGoIn).flatMap(({ path }) => (path === null ? [] : [path]));
}
