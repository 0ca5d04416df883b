/** The menu of an output. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import type { Mark } from "../../bindings/Mark";
import { count } from "../../lib/format";
import type { MenuItem } from "../../lib/Menu.svelte";
import { openViewer } from "../../state/places";
import { sheets } from "../../state/sheets.svelte";
import { recentDraft, useAsInput } from "../compose/open";
import { isComparable } from "../viewer/compare";
import {
  type Copied,
  compare,
  compareWith,
  COPY_MAX,
  copyCells,
  copyFact,
  copyFacts,
  copyOutput,
  copyWorkflow,
  copyWorkflowsOf,
  nameOf,
  openEditors,
  openExport,
  openJobOf,
  openTags,
  remix,
  rerunCells,
  rerunKeys,
  retitle,
  reveal,
  revealCells,
  saveWorkflow,
  sendAsInput,
  sendCells,
  viewNodes,
} from "./actions";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import { mark, markCells, toggleOf } from "./marks";
import { RERUN_MAX } from "./rerun";

/** Stars to give, as actions of the palette. */
export const starActions = (rate: (stars: number) => unknown): MenuItem[] =>
  [5, 4, 3, 2, 1, 0].map((stars) => ({
    icon: "star",
    text: stars === 0 ? "No stars" : count(stars, "star"),
    keys: String(stars),
    run: () => void rate(stars),
  }));

/**
 * All actions of an output, for its menu; those that make sense for several are for all `chosen`, and for
 * all in the closed stacks among them. `alone`: it is looked at by itself, and nothing is for the stack that
 * it stands for in the gallery.
 */
export function actionsFor(cell: LibraryCell, chosen: KeySet, alone = false): MenuItem[] {
  const { key, id } = cell;
  const many = chosen.size > 1 && chosen.has(key);
  const keys = many ? chosen.toArray() : [key];
  const outputs = alone ? 1 : gallery.outputsOf(many ? chosen : KeySet.of(keys));
  const all = outputs > 1 ? ` ${outputs.toLocaleString("en")}` : "";
  const say = (what: Mark): void => void (alone ? mark : markCells)(keys, what);
  const two = keys.length === 2;
  const most = (max: number): { off: boolean; why?: string } =>
    outputs > max
      ? { off: true, why: `At most ${max.toLocaleString("en")} at once.` }
      : { off: false };
  // What is for one only says for which, where several are selected.
  const it = many ? ` ${cell.title}` : "";
  const ofIt = many ? ` of${it}` : "";
  const copied = (what: Copied): MenuItem => ({
    icon: what === "seed" ? "hash" : "text-align-start",
    text: `Copy ${many ? count(outputs, nameOf(what)) : nameOf(what)}`,
    run: () => void (many ? copyFacts(keys, what) : copyFact(key, what)),
  });
  return [
    { icon: "maximize-2", text: `Open${it}`, keys: "Enter", run: () => openViewer(id) },
    ...(two
      ? [{ icon: "columns-2" as const, text: "Compare", keys: "C", run: () => void compare(keys) }]
      : []),
    ...(!alone && !many && isComparable(cell.kind)
      ? [
          {
            icon: "columns-2" as const,
            text: "Compare with…",
            keys: "C",
            run: () => void compareWith(cell),
          },
        ]
      : []),
    "line",
    {
      icon: "rotate-ccw",
      text: `Rerun${all}`,
      keys: "R",
      ...most(RERUN_MAX),
      run: () => void (alone ? rerunKeys : rerunCells)(keys),
    },
    {
      icon: "dices",
      text: `Rerun${all} with a new seed`,
      keys: "Shift R",
      ...most(RERUN_MAX),
      run: () => void (alone ? rerunKeys : rerunCells)(keys, true),
    },
    { icon: "sliders-horizontal", text: `Remix${it}…`, keys: "M", run: () => void remix(id) },
    ...(recentDraft() === null
      ? []
      : [
          {
            icon: "image-plus" as const,
            text: `Use${it} in the open draft`,
            run: () => void useAsInput(id),
          },
        ]),
    {
      icon: "corner-down-right",
      text: `Send${all} as input…`,
      ...most(RERUN_MAX),
      run: () => void (alone ? sendAsInput : sendCells)(keys),
    },
    { icon: "workflow", text: `View nodes${ofIt}`, keys: "V", run: () => void viewNodes(key) },
    {
      icon: "external-link",
      text: `Open${many ? all : ""} in ComfyUI's own page…`,
      ...(many ? most(COPY_MAX) : {}),
      run: () => (many ? void openEditors(keys) : (sheets.current = { kind: "editor", keys })),
    },
    {
      icon: "layers-2",
      text: `Open job${ofIt}`,
      run: () => void openJobOf(key),
    },
    "line",
    {
      icon: "heart",
      text: cell.favourite ? "No favourite any more" : `Favourite${all}`,
      keys: "F",
      run: () => say(toggleOf("favourite", cell)),
    },
    {
      icon: "flag",
      text: cell.flag === 1 ? "Not picked any more" : `Pick${all}`,
      keys: "W",
      run: () => say(toggleOf("pick", cell)),
    },
    {
      icon: "flag-off",
      text: cell.flag === -1 ? "Not rejected any more" : `Reject${all}`,
      keys: "X",
      run: () => say(toggleOf("reject", cell)),
    },
    { icon: "pencil", text: `Rename${it}…`, keys: "F2", run: () => retitle(cell) },
    {
      icon: "tag",
      text: `Tags and collections${outputs > 1 ? ` of${all}` : ""}…`,
      keys: "T",
      run: () => void (alone ? (sheets.current = { kind: "tags", keys }) : openTags(keys)),
    },
    "line",
    {
      icon: "copy",
      text: many
        ? `Copy ${count(outputs, "file")}`
        : `Copy ${cell.kind === "picture" ? "picture" : "file"}`,
      keys: "Ctrl C",
      run: () => void (many ? copyCells(keys) : copyOutput(cell)),
    },
    copied("prompt"),
    copied("negative"),
    copied("seed"),
    // The viewer has this in its own part of the menu.
    ...(alone
      ? []
      : [
          {
            icon: "workflow" as const,
            text: many ? `Copy workflows of ${outputs.toLocaleString("en")}` : "Copy workflow",
            ...(many ? most(COPY_MAX) : {}),
            run: () => void (many ? copyWorkflowsOf(keys) : copyWorkflow(id)),
          },
        ]),
    { icon: "save", text: `Save workflow${ofIt}…`, run: () => void saveWorkflow(key) },
    {
      icon: "download",
      text: `Export${all}…`,
      keys: "Ctrl Shift E",
      run: () => void (alone ? (sheets.current = { kind: "export", keys }) : openExport(keys)),
    },
    "line",
    {
      icon: "folder-open",
      text: many ? `Show ${count(outputs, "file")} in their folders` : "Show in folder",
      keys: "Ctrl E",
      run: () => void (many ? revealCells(keys) : reveal(id)),
    },
    cell.binned
      ? {
          icon: "undo-2",
          text: `Take${all} out of the bin`,
          run: () => say({ mark: "restore" }),
        }
      : {
          icon: "trash-2",
          text: `Move${all} to bin`,
          keys: "Del",
          bad: true,
          run: () => say({ mark: "bin" }),
        },
  ];
}
