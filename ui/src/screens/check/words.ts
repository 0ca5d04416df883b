/** What is said about whether servers can run a workflow. Pure. */
import type { CheckView } from "../../bindings/CheckView";
import type { FindingView } from "../../bindings/FindingView";
import type { ServerCheck } from "../../bindings/ServerCheck";
import type { Severity } from "../../bindings/Severity";
import type { Trouble } from "../../bindings/Trouble";
import type { IconName } from "../../lib/icons";
import { plain } from "../../lib/value";

/** "Ready on attic-3060" and "10 models found.": the head of a sentence, and the rest of it. */
export function headAndRest(text: string): { head: string; rest: string } {
  const at = text.indexOf(": ");
  if (at < 0) return { head: text, rest: "" };
  const rest = text.slice(at + 2);
  return { head: text.slice(0, at), rest: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/** "Upscale Model, node 17, model_name": the place a finding is about. */
export function placeOf({ title, class: cls, node, input }: FindingView): string {
  return [title ?? cls, node === null ? null : `node ${node}`, input]
    .filter((part) => part !== null && part !== "")
    .join(", ");
}

/** Read out before a finding. */
export const spokenSeverity: Record<Severity, string> = {
  blocks: "In the way",
  warns: "Warning",
  says: "Note",
};

export function iconOf({ severity, kind }: FindingView): IconName {
  if (kind === "class_missing") return "puzzle";
  return severity === "says" ? "info" : "triangle-alert";
}

/** A proposed value on its button. Folders and endings of long model names stay: they tell them apart. */
export const suggestionText = (json: string): string => plain(json);

/** Findings about a thing that a server has or lacks. */
const THINGS = new Set(["class_missing", "model_missing", "input_file_missing", "list_empty"]);

/** "attic-3060 has it.": the other servers where a finding is no problem. Nothing, where none is known. */
export function elsewhere({ kind, fine_on }: FindingView): string {
  const [first, second] = fine_on;
  if (first === undefined) return "";
  const names =
    second === undefined
      ? first
      : fine_on.length === 2
        ? `${first} and ${second}`
        : `${first} and ${fine_on.length - 1} more`;
  if (!THINGS.has(kind)) return `Fine on ${names}.`;
  return `${names} ${fine_on.length === 1 ? "has" : "have"} it.`;
}

/** Servers in the order of what they can: ready, lacking, silent; within that as the artist has them. */
export function inOrder(servers: readonly ServerCheck[]): ServerCheck[] {
  const rank = { can: 0, cannot: 1, unknown: 2 };
  return servers.toSorted((a, b) => rank[a.ability] - rank[b.ability]);
}

/** The server that lacks least, of those that said what they have. */
export function leastLacking({ servers }: CheckView): ServerCheck | undefined {
  return servers
    .filter(({ ability }) => ability !== "unknown")
    .toSorted(
      (a, b) =>
        Number(a.ability === "cannot") - Number(b.ability === "cannot") ||
        a.findings.length - b.findings.length,
    )[0];
}

/** A finding as a refusal tells it: the same thing in the same words at the same place. */
export const asTrouble = (finding: FindingView): Trouble => ({
  code: finding.kind === "class_missing" ? "missing_node" : "validation",
  message: finding.text,
  details: null,
  node_id: finding.node,
  node_title: finding.title,
  node_class: finding.class,
  input_name: finding.input,
  received: finding.given === null ? null : plain(finding.given),
  allowed: [],
  traceback: null,
});

/** What would do in place of the value that a server refused: what a check proposes, else what it takes. */
export function insteadOf(trouble: Trouble, check: CheckView | null): readonly string[] {
  const { node_id, input_name } = trouble;
  if (node_id === null || input_name === null) return [];
  const found = (check?.servers ?? [])
    .flatMap(({ findings }) => findings)
    .find(({ node, input, suggestions }) => {
      return node === node_id && input === input_name && suggestions.length > 0;
    });
  return found?.suggestions ?? trouble.allowed.map((value) => JSON.stringify(value));
}

/** One of several findings with the same words about the same place. */
const keyOf = ({ kind, node, input, text }: FindingView): string =>
  JSON.stringify([kind, node, input, text]);

/** What is in the way at each node, where no server can run it: to be shown there. */
export function atNodes(check: CheckView | null): ReadonlyMap<string, readonly FindingView[]> {
  const found = new Map<string, FindingView[]>();
  if (check === null || check.blocked === null) return found;
  const seen = new Set<string>();
  for (const finding of leastLacking(check)?.findings ?? []) {
    if (finding.severity !== "blocks" || finding.node === null || seen.has(keyOf(finding)))
      continue;
    seen.add(keyOf(finding));
    found.set(finding.node, [...(found.get(finding.node) ?? []), finding]);
  }
  return found;
}
