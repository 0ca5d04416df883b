/** What is said about workflows of the library and of servers. Pure. */
import type { OfferView } from "../../bindings/OfferView";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { count } from "../../lib/format";
import { dayText } from "../report/words";

/** "6 runs", "never run". */
export const runsText = ({ runs }: WorkflowView): string =>
  runs === 0 ? "never run" : count(runs, "run");

/** "today 13:58 · 6 runs". */
export const usedText = (workflow: WorkflowView, now: number): string =>
  `${dayText(workflow.used_at, now)} · ${runsText(workflow)}`;

/** The name of a file without its folders. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** "14 nodes · portrait.json". */
export function madeOf({ nodes, source }: WorkflowView): string {
  return [count(nodes, "node"), source === null ? null : fileName(source)]
    .filter((part) => part !== null)
    .join(" · ");
}

/** A text in one line. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** A name for the file that a workflow is written to: nothing that a file system refuses. */
export function fileFor(title: string, drawn: boolean): string {
  const safe = title
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[<>:"/\\|?*\u0000-\u001f]/g, " ")
    .replaceAll(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
    .slice(0, 100);
  return `${safe === "" ? "workflow" : safe}${drawn ? "" : " (API)"}.json`;
}

/** What is read out for a row. */
export function spokenWorkflow(workflow: WorkflowView, now: number): string {
  return [
    workflow.title,
    workflow.pinned ? "pinned" : null,
    madeOf(workflow),
    runsText(workflow),
    `last used ${dayText(workflow.used_at, now)}`,
    workflow.facts.prompt === null ? null : oneLine(workflow.facts.prompt).slice(0, 160),
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** Under what an offer stands. */
export const groupOfOffer = ({ group, template }: OfferView): string =>
  group === "" ? (template ? "Templates" : "Saved there") : group;
