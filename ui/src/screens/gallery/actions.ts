/** What can be done with outputs. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { AssetId } from "../../bindings/AssetId";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { chooseSave, commands } from "../../host";
import { count } from "../../lib/format";
import type { MenuItem } from "../../lib/Menu.svelte";
import { app } from "../../state/app.svelte";
import { attempt, errorText } from "../../state/attempt";
import { openCompare, openJob, openNodes, openViewer } from "../../state/places";
import { sheets } from "../../state/sheets.svelte";
import { toasts } from "../../state/toasts.svelte";
import { openCompose, recentDraft, useAsInput } from "../compose/open";
import type { KeySet } from "./key-set";
import { mark, toggleOf } from "./marks";

/** One press should not queue a whole library. */
export const RERUN_MAX = 200;
/** Cells that the library gives at once. */
const CELLS_MAX = 1000;

/** The cells of these pictures. */
export async function cellsOf(keys: readonly number[]): Promise<LibraryCell[]> {
  const found: LibraryCell[] = [];
  for (let at = 0; at < keys.length; at += CELLS_MAX)
    found.push(...(await commands.library_cells({ keys: keys.slice(at, at + CELLS_MAX) })));
  return found;
}

/** Queues the workflows of these outputs again, as one batch. */
export async function rerun(ids: readonly AssetId[]): Promise<void> {
  if (ids.length === 0) return;
  const batch = crypto.randomUUID();
  let queued = 0;
  const refusals: string[] = [];
  for (const id of ids) {
    try {
      const { items } = await commands.asset_rerun({ id, batch_id: batch });
      queued += items.filter((item) => item.job_id !== null).length;
      refusals.push(
        ...items.filter((item) => item.standing === "refused").map((item) => item.message),
      );
    } catch (error) {
      refusals.push(errorText(error));
    }
  }
  const [first] = refusals;
  if (queued > 0) {
    toasts.add({
      tone: "plain",
      title: queued === 1 ? "1 job queued again" : `${queued} jobs queued again`,
      text: first === undefined ? "" : `${refusals.length} could not be queued. ${first}`,
    });
  } else if (first !== undefined) {
    toasts.add({ tone: "bad", title: "Nothing was queued", text: first });
  }
}

/** Queues what made these pictures again. */
export async function rerunKeys(keys: readonly number[]): Promise<void> {
  if (keys.length > RERUN_MAX) {
    toasts.add({
      tone: "warn",
      title: "Too many at once",
      text: `At most ${RERUN_MAX} outputs are run again at once; ${keys.length.toLocaleString("en")} are selected.`,
    });
    return;
  }
  await attempt(cellsOf(keys).then((cells) => rerun(cells.map(({ id }) => id))));
}

/** Shows the file of an output in the system's file manager. */
export async function reveal(id: AssetId): Promise<void> {
  await attempt(commands.asset_reveal({ id }));
}

async function withDetail(key: number, use: (detail: AssetDetail) => unknown): Promise<void> {
  await attempt(commands.asset_detail({ key }).then(use));
}

function nothingThere(what: string): void {
  toasts.add({ tone: "plain", title: `No ${what}`, text: `Its file holds no ${what}.` });
}

/** Shows the nodes of the workflow that made an output. */
export const viewNodes = (key: number): Promise<void> =>
  withDetail(key, ({ asset }) =>
    asset.workflow === null ? nothingThere("workflow") : openNodes(asset.workflow),
  );

/** Opens the knobs of what made an output, with its values. */
export const remix = async (id: AssetId): Promise<void> =>
  void (await openCompose({ from: "asset", id }));

async function copyText(text: string, what: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  app.announcement = `Copied the ${what}`;
  toasts.add({ tone: "plain", title: `Copied the ${what}`, text });
}

/** Copies a text of how an output was made. */
export const copyFact = (key: number, what: "prompt" | "negative" | "seed"): Promise<void> =>
  withDetail(key, ({ asset }) => {
    const name = what === "negative" ? "negative prompt" : what;
    const text = asset.facts[what];
    return text === null || text === "" ? nothingThere(name) : copyText(text, name);
  });

/** Copies the picture itself. */
export async function copyPicture(key: number): Promise<void> {
  if (!(await attempt(commands.asset_copy({ key })))) return;
  toasts.add({ tone: "plain", title: "Copied the picture", text: "" });
}

/** Writes the workflow of an output to a file. */
export const saveWorkflow = (key: number): Promise<void> =>
  withDetail(key, async ({ asset }) => {
    if (asset.workflow === null) return nothingThere("workflow");
    const path = await chooseSave(`${asset.title}.json`, "Save the workflow", "Workflow");
    if (path !== null)
      await commands.workflow_export({ workflow: asset.workflow, path, drawn: false });
  });

/** Asks which workflow these pictures go into: one job each. */
export async function sendAsInput(keys: readonly number[]): Promise<void> {
  await attempt(
    cellsOf(keys).then(async (cells) => {
      const paths = await Promise.all(cells.map(({ id }) => commands.asset_path({ id })));
      const what = count(paths.length, "picture");
      sheets.current = { kind: "pictures", paths, what, jobs: paths.length };
    }),
  );
}

/** Shows two pictures beside each other. */
export async function compare(keys: readonly number[]): Promise<void> {
  await attempt(
    cellsOf(keys.slice(0, 2)).then(([a, b]) => {
      if (a !== undefined && b !== undefined) openCompare(a.id, b.id);
    }),
  );
}

/** Asks for another title. The file keeps its name. */
export function retitle({ key, title }: LibraryCell): void {
  sheets.current = {
    kind: "name",
    title: `Rename ${title}`,
    text: "What it is called here. Its file keeps its name.",
    value: title,
    confirm: "Rename",
    save: (text) => mark([key], { mark: "title", text }),
  };
}

/** Stars for pictures, as actions of the palette. */
export const starActions = (keys: readonly number[]): MenuItem[] =>
  [5, 4, 3, 2, 1, 0].map((stars) => ({
    icon: "star",
    text: stars === 0 ? "No stars" : count(stars, "star"),
    keys: String(stars),
    run: () => void mark(keys, { mark: "rating", stars }),
  }));

/** All actions of an output, for its menu; those that make sense for several are for all `chosen`. */
export function actionsFor(cell: LibraryCell, chosen: KeySet): MenuItem[] {
  const { key, id } = cell;
  const many = chosen.size > 1 && chosen.has(key);
  const keys = many ? chosen.toArray() : [key];
  const of = many ? ` ${keys.length.toLocaleString("en")}` : "";
  const two = keys.length === 2;
  return [
    { icon: "maximize-2", text: "Open", keys: "Enter", run: () => openViewer(id) },
    ...(two
      ? [{ icon: "columns-2" as const, text: "Compare", keys: "C", run: () => void compare(keys) }]
      : []),
    "line",
    {
      icon: "rotate-ccw",
      text: many ? `Rerun${of}` : "Rerun",
      keys: "R",
      off: keys.length > RERUN_MAX,
      run: () => void rerunKeys(keys),
    },
    { icon: "sliders-horizontal", text: "Remix…", keys: "M", run: () => void remix(id) },
    ...(recentDraft() === null
      ? []
      : [
          {
            icon: "image-plus" as const,
            text: "Use in the open draft",
            run: () => void useAsInput(id),
          },
        ]),
    {
      icon: "corner-down-right",
      text: many ? `Send${of} as input…` : "Send as input…",
      off: keys.length > RERUN_MAX,
      run: () => void sendAsInput(keys),
    },
    { icon: "workflow", text: "View nodes", keys: "V", run: () => void viewNodes(key) },
    {
      icon: "layers-2",
      text: "Open job",
      run: () =>
        void withDetail(key, ({ asset }) =>
          asset.job_id === null
            ? toasts.add({
                tone: "plain",
                title: "No job",
                text: "It was imported, not made by a job of Safelight.",
              })
            : openJob(asset.job_id),
        ),
    },
    "line",
    {
      icon: "heart",
      text: cell.favourite ? "No favourite any more" : "Favourite",
      keys: "F",
      run: () => void mark(keys, toggleOf("favourite", cell)),
    },
    {
      icon: "flag",
      text: cell.flag === 1 ? "Not picked any more" : "Pick",
      keys: "W",
      run: () => void mark(keys, toggleOf("pick", cell)),
    },
    {
      icon: "flag-off",
      text: cell.flag === -1 ? "Not rejected any more" : "Reject",
      keys: "X",
      run: () => void mark(keys, toggleOf("reject", cell)),
    },
    { icon: "pencil", text: "Rename…", keys: "F2", run: () => retitle(cell) },
    {
      icon: "tag",
      text: "Tags and collections…",
      keys: "T",
      run: () => (sheets.current = { kind: "tags", keys }),
    },
    "line",
    { icon: "copy", text: "Copy picture", keys: "Ctrl C", run: () => void copyPicture(key) },
    { icon: "text-align-start", text: "Copy prompt", run: () => void copyFact(key, "prompt") },
    { icon: "hash", text: "Copy seed", run: () => void copyFact(key, "seed") },
    { icon: "save", text: "Save workflow…", run: () => void saveWorkflow(key) },
    {
      icon: "download",
      text: `Export${of}…`,
      keys: "Ctrl Shift E",
      run: () => (sheets.current = { kind: "export", keys }),
    },
    "line",
    { icon: "folder-open", text: "Show in folder", keys: "Ctrl E", run: () => void reveal(id) },
    cell.binned
      ? {
          icon: "undo-2",
          text: `Take${of} out of the bin`,
          run: () => void mark(keys, { mark: "restore" }),
        }
      : {
          icon: "trash-2",
          text: `Move${of} to bin`,
          keys: "Del",
          bad: true,
          run: () => void mark(keys, { mark: "bin" }),
        },
  ];
}
