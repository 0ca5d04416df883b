/** What an edit of a prompt changes, in the words of its nodes. Pure. */
import { type Json, byKey, member, print, same, textOf } from "../../lib/json";

/** Nothing on one side: it was added, or taken away. */
export type Change = { node: string; input: string; old: string | null; now: string | null };

/** Whether a text is a prompt in API format: one of its entries is a node. */
export const isPrompt = (json: Json): boolean =>
  json.kind === "object" &&
  json.entries.some(({ value }) => textOf(member(value, "class_type")) !== null);

/** The title the artist gave a node, else its class, and its id. */
function nameOf(id: string, node: Json | undefined): string {
  const title = textOf(member(member(node, "_meta"), "title"))?.trim();
  return `${title || (textOf(member(node, "class_type")) ?? "Node")}, node ${id}`;
}

const nodesOf = (json: Json): Map<string, Json> =>
  json.kind === "object" ? byKey(json.entries) : new Map();

/** Every input that differs, in the order of the text as it is now; nodes that are gone come last. */
export function changes(before: Json, after: Json): Change[] {
  const [old, now] = [nodesOf(before), nodesOf(after)];
  const found: Change[] = [];
  for (const [id, node] of now) {
    const was = old.get(id);
    if (was === undefined)
      found.push({ node: nameOf(id, node), input: "node", old: null, now: shown(node, now) });
    else if (!same(was, node)) found.push(...ofNode(id, was, node, old, now));
  }
  for (const [id, node] of old)
    if (!now.has(id))
      found.push({ node: nameOf(id, node), input: "node", old: shown(node, old), now: null });
  return found;
}

type Nodes = ReadonlyMap<string, Json>;

function ofNode(id: string, was: Json, is: Json, old: Nodes, now: Nodes): Change[] {
  const node = nameOf(id, is);
  const found: Change[] = [];
  const compare = (input: string, a: Json | undefined, b: Json | undefined): void => {
    if (a !== undefined && b !== undefined && same(a, b)) return;
    if (a === undefined && b === undefined) return;
    found.push({
      node,
      input,
      old: a === undefined ? null : shown(a, old),
      now: b === undefined ? null : shown(b, now),
    });
  };
  const keys = (a: Json | undefined, b: Json | undefined): Set<string> =>
    new Set(
      [a, b].flatMap((json) => (json?.kind === "object" ? json.entries : [])).map(({ key }) => key),
    );
  for (const key of keys(was, is)) {
    const [a, b] = [member(was, key), member(is, key)];
    if (key === "inputs" && (a ?? b)?.kind === "object")
      for (const input of keys(a, b)) compare(input, member(a, input), member(b, input));
    else if (key === "_meta") compare("title", member(a, "title"), member(b, "title"));
    else compare(key, a, b);
  }
  return found;
}

/** A value for people: texts without quotes, links by the node they come from. */
function shown(json: Json, nodes: Nodes): string {
  const text = textOf(json);
  if (text !== null) return text;
  if (json.kind === "list" && json.items.length === 2) {
    const [from, slot] = json.items;
    const id = textOf(from);
    if (id !== null && nodes.has(id) && slot?.kind === "value" && /^\d+$/.test(slot.raw))
      return `output ${slot.raw} of ${nameOf(id, nodes.get(id))}`;
  }
  if (json.kind === "object") return textOf(member(json, "class_type")) ?? oneLine(json);
  return oneLine(json);
}

const oneLine = (json: Json): string => print(json).replaceAll(/\n\s*/g, " ");
