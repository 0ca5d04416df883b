/** Backing up, reading back and moving the library, in words. Pure. */
import type { BackupView } from "../../bindings/BackupView";
import type { MoveView } from "../../bindings/MoveView";
import type { UpkeepView } from "../../bindings/UpkeepView";
import type { WorkKind } from "../../bindings/WorkKind";
import type { WorkView } from "../../bindings/WorkView";
import { bytes, count } from "../../lib/format";
import { madeAt } from "../gallery/words";

/** The newest work of a kind. */
export function newest(works: Iterable<WorkView>, kind: WorkKind): WorkView | null {
  let found: WorkView | null = null;
  for (const work of works)
    if (work.kind === kind && (found === null || work.id > found.id)) found = work;
  return found;
}

const n = (value: number): string => value.toLocaleString("en");

/** How far work is: files and bytes. */
export function doneText({ done, of, bytes: size }: WorkView): string {
  if (of === 0) return "Looking at what there is to do";
  const files = `${n(done)} of ${count(of, "file")}`;
  return size === null || size.of === 0
    ? files
    : `${files}, ${bytes(Math.min(size.done, size.of))} of ${bytes(size.of)}`;
}

const STOPPED: Record<WorkKind, string> = {
  backup: "Stopped. What was copied stays, and is not copied again.",
  restore: "Stopped. The library is as it was; files that were copied back stay.",
  move: "Stopped. Each file is whole in the old folder or in the new one.",
  export: "Stopped.",
  delete: "Stopped.",
  queue: "Stopped. What was queued stays in the queue.",
  mark: "Stopped. What was marked stays so.",
  workflows: "Stopped. What was saved at a server stays there.",
  copies: "Stopped. The clipboard is as it was.",
};

/**
 * How work ended, if that needs words: stopped, failed, or with things that could not be done, of which
 * the first is said.
 */
export function endText(work: WorkView): { text: string; bad: boolean } | null {
  const [problem] = work.problems;
  switch (work.state) {
    case "running":
      return null;
    case "cancelled":
      return { text: [STOPPED[work.kind], ...work.problems.slice(0, 1)].join(" "), bad: false };
    case "failed":
      return { text: `Failed: ${problem ?? "it could not go on."}`, bad: true };
    case "done":
      return problem === undefined ? null : { text: problem, bad: true };
  }
}

/** When and where the library was backed up last. */
export function backedUpText({ backed_up_at, backed_up_to }: UpkeepView, now: number): string {
  if (backed_up_at === null) return "It was never backed up.";
  const to = backed_up_to === null ? "" : `, to ${backed_up_to}`;
  return `Last backed up: ${madeAt(backed_up_at, now)}${to}`;
}

/** What is left of a move that is not finished. */
export const leftText = ({ from, files, bytes: size }: MoveView): string =>
  `The move is not finished: ${count(files, "file")}, ${bytes(size)}, ${files === 1 ? "is" : "are"} still in ${from}.`;

/** What is in a backup. */
export function backupText(
  { made_at, outputs, files, bytes: size }: BackupView,
  now: number,
): string {
  const what = `A library of ${count(outputs, "output")}, backed up ${madeAt(made_at, now).replace(/^[TY]/, (letter) => letter.toLowerCase())}`;
  return files === 0
    ? `${what}: the database alone, ${bytes(size)}.`
    : `${what}: with ${count(files, "file")}, ${bytes(size)} in all.`;
}
