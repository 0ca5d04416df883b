/** Where two texts differ, word by word. Pure. */

/** A piece of text: in both, only in A, or only in B. */
export type Piece = { text: string; in: "both" | "a" | "b" };

/** Above this many steps of work the texts are not compared word by word. */
const MOST_WORK = 1_000_000;

/** The words of both texts in order. Nothing if they are too long to be compared while one waits. */
export function differingWords(a: string, b: string): Piece[] | null {
  const [left, right] = [split(a), split(b)];
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const was = left.slice(head, left.length - tail);
  const is = right.slice(head, right.length - tail);
  if (was.length * is.length > MOST_WORK) return null;
  const pieces: Piece[] = [
    { text: left.slice(0, head).join(""), in: "both" },
    ...middle(was, is),
    { text: left.slice(left.length - tail).join(""), in: "both" },
  ];
  return joined(pieces);
}

/** Words with the space or comma behind them apart, so that a comma more is only a comma more. */
const split = (text: string): string[] =>
  text.match(/[\p{L}\p{N}_'’-]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** The longest common subsequence, as pieces. */
function middle(a: readonly string[], b: readonly string[]): Piece[] {
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      pieces.push({ text: left, in: "both" });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ text: left, in: "a" });
      i += 1;
    } else {
      pieces.push({ text: right ?? "", in: "b" });
      j += 1;
    }
  }
  return pieces;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.text === "") continue;
    if (last?.in === piece.in) last.text += piece.text;
    else out.push({ ...piece });
  }
  return out;
}
