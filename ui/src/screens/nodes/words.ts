/** What is said about nodes. Pure. */
import type { GraphNodeView } from "../../bindings/GraphNodeView";
import type { GraphView } from "../../bindings/GraphView";
import type { LinkView } from "../../bindings/LinkView";
import { count } from "../../lib/format";
import { plain } from "../../lib/value";

export type Titles = ReadonlyMap<string, string>;

export const titlesOf = (nodes: readonly GraphNodeView[]): Titles =>
  new Map(nodes.map(({ id, title }) => [id, title]));

/** "KSampler, LATENT": where a line comes from. */
export function fromText({ from, output, slot }: LinkView, titles: Titles): string {
  return `${titles.get(from) ?? `node ${from}`}, ${output ?? `output ${slot}`}`;
}

/** What is read out for a node. */
export function spokenNode(node: GraphNodeView, titles: Titles): string {
  return [
    node.title,
    `node ${node.id}`,
    node.class === node.title ? null : node.class,
    node.known ? null : "no server knows this class",
    node.output ? "output" : null,
    ...node.links.map((link) => `${link.input} from ${titles.get(link.from) ?? link.from}`),
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** "14 nodes, 2 of classes that no server knows". */
export function summary({ nodes, left_out }: GraphView): string {
  const unknown = nodes.filter(({ known }) => !known).length;
  return [
    count(nodes.length + left_out, "node"),
    left_out > 0 ? `the first ${nodes.length.toLocaleString("en")} are shown` : null,
    unknown > 0 ? `${unknown.toLocaleString("en")} of a class that no server knows` : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** The words of a search, in small letters. */
export const wordsOf = (typed: string): string[] =>
  typed.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether a node has all words in its title, class, id, inputs or values. */
export function matches(node: GraphNodeView, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [
    node.title,
    node.class,
    `node ${node.id}`,
    ...node.values.map(({ name, json }) => `${name} ${plain(json)}`),
    ...node.links.map(({ input }) => input),
  ]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** About how high the row of a node is before it was seen, in pixels. */
export const rowHeight = ({ values, links }: GraphNodeView): number =>
  45 + 24 * (values.length + links.length) + (values.length + links.length > 0 ? 8 : 0);
