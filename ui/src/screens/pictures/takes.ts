/** Which inputs of a workflow take a picture, video or sound. Pure. */
import type { GraphNodeView } from "../../bindings/GraphNodeView";
import type { GraphView } from "../../bindings/GraphView";
import { type Medium, mediumOfName } from "../../lib/media";
import { isText, plain } from "../../lib/value";

export type Taker = {
  node: string;
  title: string;
  class: string;
  input: string;
  /** The file that is there now. */
  file: string;
  medium: Medium;
};

const NAMES: readonly [RegExp, Medium][] = [
  [/video/i, "video"],
  [/audio|sound/i, "sound"],
  [/image|picture|mask|file/i, "picture"],
];

/** `name.png [output]`: ComfyUI writes the folder behind the name. */
const bare = (file: string): string => file.replace(/ \[(input|output|temp)\]$/, "");

/** The medium of a value, and whether its file name says so. */
function mediumOfValue(
  node: GraphNodeView,
  input: string,
  json: string,
): { medium: Medium; sure: boolean } | null {
  if (!isText(json)) return null;
  const file = bare(plain(json));
  if (/[\n{}]/.test(file)) return null;
  const medium = mediumOfName(file);
  if (medium !== null) return { medium, sure: true };
  // A loader that was never given a file.
  const named = NAMES.find(([pattern]) => pattern.test(input));
  return file === "" && named !== undefined && /load/i.test(node.class)
    ? { medium: named[1], sure: false }
    : null;
}

/** The inputs that hold such a file, those that surely do first. What a node writes is none of them. */
export function takersOf(graph: GraphView): Taker[] {
  const found = graph.nodes
    .filter((node) => !node.output)
    .flatMap((node) =>
      node.values.flatMap(({ name, json }) => {
        const what = mediumOfValue(node, name, json);
        if (what === null) return [];
        const { id, title } = node;
        const taker: Taker = {
          node: id,
          title,
          class: node.class,
          input: name,
          file: plain(json),
          medium: what.medium,
        };
        return [{ taker, sure: what.sure && /load/i.test(node.class) }];
      }),
    );
  return [...found.filter(({ sure }) => sure), ...found.filter(({ sure }) => !sure)].map(
    ({ taker }) => taker,
  );
}

/** "image of Load Image, node 10". */
export const takerName = ({ input, title, node }: Taker): string =>
  `${input} of ${title}, node ${node}`;
