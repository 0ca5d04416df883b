/** What can be done with outputs. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { AssetId } from "../../bindings/AssetId";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { chooseSave, commands, writeClipboard } from "../../host";
import { commandTitle } from "../../lib/errors";
import { count } from "../../lib/format";
import { attempt } from "../../state/attempt";
import { openCompare, openJob, openNodes } from "../../state/places";
import { route } from "../../state/route.svelte";
import { sheets } from "../../state/sheets.svelte";
import { toasts } from "../../state/toasts.svelte";
import { openCompose } from "../compose/open";
import { firstChoice, isComparable } from "../viewer/compare";
import { countOfKinds } from "./cell-words";
import { copiedToast } from "./copied";
import { gallery } from "./gallery.svelte";
import { putMark } from "./marks";
import { rerun, RERUN_ASKS, RERUN_MAX } from "./rerun";

/** More texts, files and workflows are not taken at once; nor does the engine take more. */
export const COPY_MAX = 10_000;
/** Folders that the engine opens at once. */
const FOLDERS_MAX = 10;
/** Outputs that the library describes at once. */
const DESCRIBED_MAX = 500;
/** Cells that the library gives at once. */
const CELLS_MAX = 1000;

/** The cells of these pictures. */
export async function cellsOf(keys: readonly number[]): Promise<LibraryCell[]> {
  const found: LibraryCell[] = [];
  for (let at = 0; at < keys.length; at += CELLS_MAX)
    found.push(...(await commands.library_cells({ keys: keys.slice(at, at + CELLS_MAX) })));
  return found;
}

/** Queues what made these pictures again; of many it is asked first. */
export async function rerunKeys(keys: readonly number[], newSeed = false): Promise<void> {
  const n = keys.length.toLocaleString("en");
  if (keys.length > RERUN_MAX) {
    toasts.add({
      tone: "warn",
      title: "Too many at once",
      text: `At most ${RERUN_MAX.toLocaleString("en")} outputs are run again at once; ${n} are selected.`,
    });
    return;
  }
  const go = async (): Promise<void> => {
    await attempt(
      cellsOf(keys).then((cells) =>
        rerun(
          cells.map(({ id }) => id),
          newSeed,
        ),
      ),
    );
  };
  if (keys.length <= RERUN_ASKS) return go();
  sheets.current = {
    kind: "ask",
    title: `Rerun ${n} outputs${newSeed ? " with new seeds" : ""}?`,
    text: "Outputs of one run are one job. The queue can be cleared again at any time.",
    confirm: `Queue ${n} again`,
    go: () => void go(),
  };
}

/** Shows the file of an output in the system's file manager. */
export async function reveal(id: AssetId): Promise<void> {
  await attempt(commands.asset_reveal({ id }));
}

/** Says how many outputs have no file that can be reached. */
function sayLeftOut(away: number): void {
  if (away === 0) return;
  toasts.add({
    tone: "warn",
    title: `${count(away, "output")} left out`,
    text: "Their files cannot be reached now.",
  });
}

/** Shows the files of several outputs in the system's file manager: each folder once. */
async function revealAll(keys: readonly number[]): Promise<void> {
  await attempt(
    commands.asset_reveal_all({ keys: [...keys] }).then(({ files, folders }) => {
      sayLeftOut(keys.length - files);
      if (folders <= FOLDERS_MAX) return;
      toasts.add({
        tone: "warn",
        title: `${FOLDERS_MAX} of ${count(folders, "folder")} opened`,
        text: "The files lie in more folders than are opened at once.",
      });
    }),
  );
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
  await writeClipboard(text);
  toasts.add({ tone: "plain", title: `Copied the ${what}`, text });
}

/** A text of a recipe that can be copied. */
export type Copied = "prompt" | "negative" | "seed";
export const nameOf = (what: Copied): string => (what === "negative" ? "negative prompt" : what);

/** Copies a text of how an output was made. */
export const copyFact = (key: number, what: Copied): Promise<void> =>
  withDetail(key, ({ asset }) => {
    const name = nameOf(what);
    const text = asset.facts[what];
    return text === null || text === "" ? nothingThere(name) : copyText(text, name);
  });

/** Says it where these are more than are copied or opened at once. */
function tooMany(keys: readonly number[], what: string, done = "copied"): boolean {
  if (keys.length <= COPY_MAX) return false;
  toasts.add({
    tone: "warn",
    title: "Too many at once",
    text: `At most ${COPY_MAX.toLocaleString("en")} ${what}s are ${done} at once; ${keys.length.toLocaleString("en")} outputs are selected.`,
  });
  return true;
}

/** Copies a text of how each of several outputs was made, a line each. */
async function copyLines(keys: readonly number[], what: Copied): Promise<void> {
  const name = nameOf(what);
  if (tooMany(keys, name)) return;
  const ids = (await cellsOf(keys)).map(({ id }) => id);
  const facts = new Map<AssetId, string>();
  for (let at = 0; at < ids.length; at += DESCRIBED_MAX)
    for (const asset of await commands.asset_get({ ids: ids.slice(at, at + DESCRIBED_MAX) }))
      facts.set(asset.id, (asset.facts[what] ?? "").replace(/\s+/g, " ").trim());
  const lines = ids.map((id) => facts.get(id) ?? "").filter((line) => line !== "");
  if (lines.length === 0) {
    toasts.add({ tone: "plain", title: `No ${name}`, text: `Their files hold no ${name}.` });
    return;
  }
  await writeClipboard(lines.join("\n"));
  const title = `Copied ${count(lines.length, name)}`;
  const without = ids.length - lines.length;
  toasts.add({
    tone: "plain",
    title,
    text: without === 0 ? "" : `${count(without, "output")} had no ${name}.`,
  });
}

/** Copies the workflow of an output as its server was sent it, or as its file holds it. */
export async function copyWorkflow(id: AssetId): Promise<void> {
  await attempt(
    commands.asset_workflow({ id }).then(async (text) => {
      await writeClipboard(text);
      toasts.add({ tone: "plain", title: "Copied the workflow", text: "" });
    }),
  );
}

/** Whether workflows of several are being copied: the engine would let others wait until they are. */
let copying = false;

/** Copies the workflows of several outputs, each once: one as text, several as files. */
async function copyWorkflows(keys: readonly number[]): Promise<void> {
  if (tooMany(keys, "workflow")) return;
  if (copying) {
    toasts.add({
      tone: "warn",
      title: commandTitle("wrong_state"),
      text: "Workflows are being copied already. Wait until that is done, or stop it.",
    });
    return;
  }
  copying = true;
  await attempt(
    commands
      .workflow_copy_all({ keys: [...keys] })
      .then((copied) => toasts.add(copiedToast(copied, keys.length))),
  );
  copying = false;
}

/** Copies a picture itself; of anything else its file. */
export async function copyOutput({ key, kind }: Pick<LibraryCell, "key" | "kind">): Promise<void> {
  if (kind !== "picture") return copyFiles([key]);
  if (!(await attempt(commands.asset_copy({ key })))) return;
  toasts.add({ tone: "plain", title: "Copied the picture", text: "" });
}

/** Copies files, for other programs to paste. */
async function copyFiles(keys: readonly number[]): Promise<void> {
  if (tooMany(keys, "file")) return;
  await attempt(
    commands.asset_copy_files({ keys: [...keys] }).then((copied) => {
      const away = keys.length - copied;
      toasts.add({
        tone: away > 0 ? "warn" : "plain",
        title: `Copied ${count(copied, "file")}`,
        text: away > 0 ? `${count(away, "output")} left out: the files cannot be reached now.` : "",
      });
    }),
  );
}

/** Writes the workflow of an output to a file. */
export const saveWorkflow = (key: number): Promise<void> =>
  withDetail(key, async ({ asset }) => {
    if (asset.workflow === null) return nothingThere("workflow");
    const path = await chooseSave(`${asset.title}.json`, "Save the workflow", "Workflow");
    if (path !== null)
      await commands.workflow_export({ workflow: asset.workflow, path, drawn: false });
  });

/** Asks which workflow the files of these outputs go into: one job each. */
export async function sendAsInput(keys: readonly number[]): Promise<void> {
  await attempt(
    Promise.all([
      commands.asset_paths({ keys: [...keys] }),
      // Only for a word.
      cellsOf(keys).catch(() => []),
    ]).then(([paths, cells]) => {
      sayLeftOut(keys.length - paths.length);
      const what = countOfKinds(
        paths.length,
        cells.filter(({ away }) => !away).map(({ kind }) => kind),
      );
      sheets.current = { kind: "pictures", paths, what, jobs: paths.length };
    }),
  );
}

/** Shows two pictures or videos beside each other. */
export async function compare(keys: readonly number[]): Promise<void> {
  const from = route.current;
  await attempt(
    cellsOf(gallery.inOrder(keys).slice(0, 2)).then(([a, b]) => {
      if (a === undefined || b === undefined) return;
      if (isComparable(a.kind) && isComparable(b.kind)) openCompare(a.id, b.id, from);
      else sayNotCompared();
    }),
  );
}

/** Sounds, 3D files and texts have nothing that could lie over each other. */
export const sayNotCompared = (): void =>
  toasts.add({ tone: "plain", title: "Only pictures and videos can be compared", text: "" });

/** Puts a picture or a video beside its neighbour; the artist walks on to what it is to be compared with. */
export async function compareWith(cell: LibraryCell): Promise<void> {
  const { key, id } = cell;
  const from = route.current;
  const near = [gallery.neighbour(key, 1), gallery.neighbour(key, -1)];
  await attempt(firstChoice(cell, null, near).then((other) => openCompare(id, other ?? id, from)));
}

/** Asks for another title. The file keeps its name. */
export function retitle({ key, title }: LibraryCell): void {
  sheets.current = {
    kind: "name",
    title: `Rename ${title}`,
    text: "What it is called here. Its file keeps its name.",
    value: title,
    confirm: "Rename",
    save: (text) => putMark([key], { mark: "title", text }),
  };
}

/** Does something with what cells of the gallery stand for: a closed stack is all that is in it. */
async function withMembers(
  cells: readonly number[],
  use: (keys: readonly number[]) => unknown,
): Promise<void> {
  await attempt(gallery.members(cells).then(use));
}

/** Asks for tags and collections of what cells of the gallery stand for. */
export const openTags = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, (keys) => (sheets.current = { kind: "tags", keys }));

/** Asks how what cells of the gallery stand for is written out. */
export const openExport = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, (keys) => (sheets.current = { kind: "export", keys }));

/** Queues again what made all that cells of the gallery stand for. */
export const rerunCells = (cells: readonly number[], newSeed = false): Promise<void> =>
  withMembers(cells, (keys) => rerunKeys(keys, newSeed));

/** Asks which workflow all that cells of the gallery stand for goes into. */
export const sendCells = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, sendAsInput);

/** Copies a text of how all that cells of the gallery stand for was made, a line each. */
export const copyFacts = (cells: readonly number[], what: Copied): Promise<void> =>
  withMembers(cells, (keys) => copyLines(keys, what));

/** Copies the files of all that cells of the gallery stand for. */
export const copyCells = (cells: readonly number[]): Promise<void> => withMembers(cells, copyFiles);

/** Copies the workflows of all that cells of the gallery stand for. */
export const copyWorkflowsOf = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, copyWorkflows);

/** Asks at which server the workflows of all that cells of the gallery stand for are opened. */
export const openEditors = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, (keys) => {
    if (!tooMany(keys, "workflow", "opened")) sheets.current = { kind: "editor", keys };
  });

/** Shows the files of all that cells of the gallery stand for in the system's file manager. */
export const revealCells = (cells: readonly number[]): Promise<void> =>
  withMembers(cells, revealAll);

/** Opens the job of an output, if it was made by one. */
export const openJobOf = (key: number): Promise<void> =>
  withDetail(key, ({ asset }) =>
    asset.job_id === null
      ? toasts.add({
          tone: "plain",
          title: "No job",
          text: "It was imported, not made by a job of Safelight.",
        })
      : openJob(asset.job_id),
  );
