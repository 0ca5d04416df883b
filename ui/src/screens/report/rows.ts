/** The rows of an import report: groups, and the files in them. Pure. */
import type { CheckView } from "../../bindings/CheckView";
import type { FindingView } from "../../bindings/FindingView";
import type { IntakeItem } from "../../bindings/IntakeItem";
import { leastLacking } from "../check/words";
import { reasonOf } from "./words";

export type GroupName = "queued" | "look" | "along" | "refused";

export type HeadRow = { kind: "head"; key: string; group: GroupName; items: readonly IntakeItem[] };
export type FileRow = {
  kind: "file";
  key: string;
  group: GroupName;
  item: IntakeItem;
  /** Its place in the report. */
  at: number;
  /** Its place in its group, from 1, and how many the group has; for screen readers. */
  pos: number;
  of: number;
  open: boolean;
};
export type Row = HeadRow | FileRow;

const GROUPS: readonly GroupName[] = ["queued", "look", "along", "refused"];

export function groupOf(item: IntakeItem): GroupName {
  switch (item.standing) {
    case "ready":
      return "queued";
    case "needs_look":
    case "waits":
      return "look";
    case "taken_along":
      return "along";
    case "refused":
      return "refused";
  }
}

/** Each group that has files, and its files in the order they were given. */
export function rowsOf(items: readonly IntakeItem[], open: ReadonlySet<number>): Row[] {
  const placed = items.map((item, at) => ({ item, at, group: groupOf(item) }));
  return GROUPS.flatMap((group): Row[] => {
    const those = placed.filter((one) => one.group === group);
    if (those.length === 0) return [];
    const head: HeadRow = {
      kind: "head",
      key: group,
      group,
      items: those.map(({ item }) => item),
    };
    return [
      head,
      ...those.map(({ item, at }, index): FileRow => ({
        kind: "file",
        key: `file ${at}`,
        group,
        item,
        at,
        pos: index + 1,
        of: those.length,
        open: open.has(at) && unfolds(item),
      })),
    ];
  });
}

/** Whether there is more to see than the row says. */
export const unfolds = (item: IntakeItem): boolean =>
  item.findings.length > 0 ||
  (item.kind === "settings" && item.facts !== null) ||
  (item.standing !== "ready" && reasonOf(item) !== "");

/** What a row's findings are after its job was checked anew: doubts of the reading stay, and what was taken along. */
export function refreshed(item: IntakeItem, check: CheckView): FindingView[] {
  const doubts = item.findings.filter(
    ({ kind, severity }) =>
      kind === "conversion" || (kind === "taken_along" && severity === "says"),
  );
  return [...doubts, ...(leastLacking(check)?.findings ?? [])];
}

/** The first group to look at: what needs a look, else what is first. */
export function firstToSee(rows: readonly Row[]): number {
  const looks = rows.findIndex((row) => row.kind === "file" && row.group === "look");
  if (looks >= 0) return looks;
  return rows.findIndex((row) => row.kind === "file");
}
