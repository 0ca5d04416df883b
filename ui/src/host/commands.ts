/** What the page can ask of the app: the commands, what each takes and what it answers. */
import type { AssetId } from "../bindings/AssetId";
import type { AssetDetail } from "../bindings/AssetDetail";
import type { AssetView } from "../bindings/AssetView";
import type { BatchId } from "../bindings/BatchId";
import type { IntakeReport } from "../bindings/IntakeReport";
import type { JobDetail } from "../bindings/JobDetail";
import type { JobId } from "../bindings/JobId";
import type { JobView } from "../bindings/JobView";
import type { LibraryView } from "../bindings/LibraryView";
import type { ProbeView } from "../bindings/ProbeView";
import type { ServerId } from "../bindings/ServerId";
import type { ServerView } from "../bindings/ServerView";
import type { AfterWatch } from "../bindings/AfterWatch";
import type { CheckView } from "../bindings/CheckView";
import type { EditorsView } from "../bindings/EditorsView";
import type { EditorView } from "../bindings/EditorView";
import type { GraphView } from "../bindings/GraphView";
import type { OffersView } from "../bindings/OffersView";
import type { WatchView } from "../bindings/WatchView";
import type { WorkflowHash } from "../bindings/WorkflowHash";
import type { WorkflowCount } from "../bindings/WorkflowCount";
import type { WorkflowPage } from "../bindings/WorkflowPage";
import type { WorkflowQuery } from "../bindings/WorkflowQuery";
import type { AxisValues } from "../bindings/AxisValues";
import type { CellsView } from "../bindings/CellsView";
import type { ChoicesView } from "../bindings/ChoicesView";
import type { ComposeSource } from "../bindings/ComposeSource";
import type { ComposeState } from "../bindings/ComposeState";
import type { ComposeView } from "../bindings/ComposeView";
import type { DraftId } from "../bindings/DraftId";
import type { KnobChoice } from "../bindings/KnobChoice";
import type { KnobValue } from "../bindings/KnobValue";
import type { MarkedCell } from "../bindings/MarkedCell";
import type { PictureIn } from "../bindings/PictureIn";
import type { PlanView } from "../bindings/PlanView";
import type { PresetView } from "../bindings/PresetView";
import type { QueuedView } from "../bindings/QueuedView";
import type { SheetView } from "../bindings/SheetView";
import type { StartView } from "../bindings/StartView";
import type { WildcardsView } from "../bindings/WildcardsView";
import type { ExportForm } from "../bindings/ExportForm";
import type { Fit } from "../bindings/Fit";
import type { BackupPlan } from "../bindings/BackupPlan";
import type { BackupView } from "../bindings/BackupView";
import type { BinView } from "../bindings/BinView";
import type { CollectionView } from "../bindings/CollectionView";
import type { CompletionView } from "../bindings/CompletionView";
import type { CopiedView } from "../bindings/CopiedView";
import type { ExportPlan } from "../bindings/ExportPlan";
import type { FacetView } from "../bindings/FacetView";
import type { LibraryAnswer } from "../bindings/LibraryAnswer";
import type { LibraryCell } from "../bindings/LibraryCell";
import type { LibraryQuery } from "../bindings/LibraryQuery";
import type { Mark } from "../bindings/Mark";
import type { Marked } from "../bindings/Marked";
import type { NameCount } from "../bindings/NameCount";
import type { RootView } from "../bindings/RootView";
import type { Unstripped } from "../bindings/Unstripped";
import type { UpkeepView } from "../bindings/UpkeepView";
import type { WorkView } from "../bindings/WorkView";

/** What the artist can set. */
export type Settings = {
  theme: "system" | "dark" | "light";
  notifications: boolean;
  start_hidden: boolean;
  close_to_tray: boolean;
  retry_lost: boolean;
  retry_memory: boolean;
  stop_batch: boolean;
  free_on_pause: boolean;
  row_height: number;
  welcomed: boolean;
};

type Server = {
  id: ServerId;
  name: string;
  address: string;
  max_held: number;
  /** The folder on this computer where its outputs stay; nothing: they are copied. */
  outputs: string | null;
};
type Jobs = { ids: JobId[] };
type Nothing = Record<string, never>;

/** Every command: what it takes and what it answers. A refusal is a `CommandError`. */
export type Commands = {
  stream_visible: [{ visible: boolean }, null];
  intake_inspect: [{ paths: string[] }, IntakeReport];
  intake_submit: [
    { batch_id: BatchId; paths: string[]; on_hold: boolean; next: boolean },
    IntakeReport,
  ];
  intake_text: [{ batch_id: BatchId; text: string; on_hold: boolean }, IntakeReport];
  /** Keeps the workflows in files in the library, without queueing them. */
  intake_save: [{ paths: string[] }, IntakeReport];
  /** Queues one job a picture (folders are gone through), each with the picture in place of `node`'s. */
  intake_pictures: [
    {
      batch_id: BatchId;
      paths: string[];
      workflow: WorkflowHash;
      node: string;
      input: string;
      on_hold: boolean;
    },
    IntakeReport,
  ];
  /** Fetches a linked file, 256 MB at most, and queues the workflow in it. Ask the artist first. */
  intake_link: [{ batch_id: BatchId; url: string; on_hold: boolean }, IntakeReport];
  job_list: [{ which: "open" | "finished"; offset: number; limit: number }, JobView[]];
  job_get: [{ id: JobId }, JobDetail];
  job_workflow: [{ id: JobId }, string];
  job_cancel: [Jobs, null];
  job_hold: [{ ids: JobId[]; on_hold: boolean }, null];
  job_retry: [Jobs, null];
  job_duplicate: [Jobs, null];
  job_remove: [Jobs, null];
  job_restore: [Jobs, null];
  job_move: [{ ids: JobId[]; before: JobId | null }, null];
  job_run_next: [Jobs, null];
  job_seen: [Jobs, null];
  job_edit: [{ id: JobId; prompt: string }, null];
  /** Whether the servers can run it. */
  job_check: [{ id: JobId }, CheckView];
  /** Gives one input of a waiting job another value (JSON text). An ended job is queued anew with it. */
  job_set_value: [{ id: JobId; node: string; input: string; value: string }, JobId];
  job_start_at: [{ ids: JobId[]; at: number | null }, null];
  batch_rename: [{ id: BatchId; name: string }, null];
  batch_group: [{ id: BatchId; ids: JobId[]; name: string }, null];
  batch_ungroup: [Jobs, null];
  queue_export: [{ path: string; ids: JobId[] }, number];
  queue_pause: [{ paused: boolean }, null];
  queue_clear: [Nothing, JobId[]];
  server_probe: [{ address: string }, ProbeView];
  server_add: [Server, ServerView];
  server_edit: [Server, ServerView];
  server_remove: [{ id: ServerId }, null];
  server_pause: [{ id: ServerId; paused: boolean }, null];
  server_reconnect: [{ id: ServerId }, null];
  server_free: [{ id: ServerId }, null];
  practice_start: [Nothing, ServerView];
  practice_stop: [Nothing, null];
  workflow_list: [{ query: WorkflowQuery }, WorkflowPage];
  workflow_rename: [{ structure: string; name: string }, null];
  workflow_pin: [{ structure: string; pinned: boolean }, null];
  workflow_remove: [{ structures: string[] }, null];
  workflow_restore: [{ structures: string[] }, null];
  workflow_nodes: [{ workflow: WorkflowHash }, GraphView];
  workflow_check: [{ workflow: WorkflowHash }, CheckView];
  /** Gives one input another value (JSON text); the library has it as the newest. Gives what has it now. */
  workflow_set_value: [
    { workflow: WorkflowHash; node: string; input: string; value: string },
    WorkflowHash,
  ];
  workflow_run: [{ workflow: WorkflowHash; batch_id: BatchId; on_hold: boolean }, IntakeReport];
  /** Writes it to a file: the prompt (what runs), or the graph as it was drawn. */
  workflow_export: [{ workflow: WorkflowHash; path: string; drawn: boolean }, null];
  server_offers: [{ id: ServerId }, OffersView];
  /** Takes a workflow that a server offers: into the queue, or only into the library. */
  server_take: [
    {
      id: ServerId;
      key: string;
      template: boolean;
      batch_id: BatchId;
      to: "queue" | "hold" | "library";
    },
    IntakeReport,
  ];
  /** Opens a workflow's knobs as a draft of its own; a draft as it was left. */
  compose_open: [{ source: ComposeSource }, ComposeView];
  /** Keeps a draft as it is typed. */
  compose_save: [{ draft: DraftId; state: ComposeState }, null];
  /** What would be queued, what is wrong, and which servers can run it. */
  compose_plan: [{ draft: DraftId; state: ComposeState }, PlanView];
  /** Some of the jobs that would be queued, in run order, at most 200 at once. */
  compose_cells: [{ draft: DraftId; state: ComposeState; first: number; limit: number }, CellsView];
  /** Queues it; `test`: the middle cell alone. The same batch id twice queues nothing twice. */
  compose_queue: [
    { draft: DraftId; batch_id: BatchId; state: ComposeState; test: boolean },
    QueuedView,
  ];
  /** Values that a knob could have, by words in them; at most `limit` (200). */
  compose_choices: [
    { node: string; input: string; draft: DraftId; words: string; limit: number },
    ChoicesView,
  ];
  /** Values for the draft's knobs from elsewhere: the last run, a job, a picture, a pasted text. */
  compose_values: [
    {
      draft: DraftId;
      from:
        | { from: "last" }
        | { from: "job"; id: JobId }
        | { from: "asset"; id: AssetId }
        | { from: "text"; text: string };
    },
    { values: KnobValue[]; notes: string[] },
  ];
  /** Writes the prompt with its values to a file. */
  compose_export: [{ draft: DraftId; state: ComposeState; path: string; form: ExportForm }, null];
  /** Keeps a file as input of workflows. `host.input` does it for bytes. */
  input_take: [{ path: string }, PictureIn];
  /** Keeps files and the pictures in folders. What was left out is told in sentences. */
  input_take_all: [{ paths: string[] }, { taken: PictureIn[]; left_out: string[] }];
  input_take_asset: [{ id: AssetId }, PictureIn];
  /** The file that a value names, if it is kept here; nothing, if it is at a server. */
  input_get: [{ json: string }, PictureIn | null];
  /** The text of a file, 4 MB at most. */
  text_take: [{ path: string }, string];
  input_fit: [{ json: string; width: number; height: number; fit: Fit }, PictureIn];
  draft_discard: [{ id: DraftId }, null];
  draft_restore: [{ id: DraftId }, null];
  preset_save: [{ structure: string; preset: PresetView }, null];
  preset_remove: [{ structure: string; name: string }, null];
  /** The artist's choice, names and order of a workflow's knobs. */
  knobs_arrange: [{ structure: string; knobs: KnobChoice[] }, null];
  start_get: [{ server: ServerId | null }, StartView];
  sheet_get: [{ batch: BatchId }, SheetView];
  /**
   * Adds values to an axis of a sweep and queues the new cells: values of the kind that the axis has
   * (`state.many.axes` of the sheet), or a list.
   */
  sheet_extend: [
    { batch: BatchId; axis: number; values: AxisValues; batch_id: BatchId },
    QueuedView,
  ];
  /** Queues cells of a sweep again, as they were; their pictures come into the same sheet. */
  sheet_again: [{ batch: BatchId; cells: number[][]; batch_id: BatchId }, QueuedView];
  /**
   * Marks cells, and their pictures in the library; a new winner takes the place of the one before.
   * `mark_undo` takes it back.
   */
  sheet_mark: [{ batch: BatchId; cells: MarkedCell[] }, Marked];
  /** Writes one layer of a sheet as a picture: PNG, JPEG or WebP by the file's ending. */
  sheet_export: [{ batch: BatchId; layer: number; swapped: boolean; to: string }, WorkView];
  /** What new drafts of a workflow begin with. Gives what was there. */
  defaults_save: [{ structure: string; values: KnobValue[] }, PresetView | null];
  wildcards_get: [Nothing, WildcardsView];
  /** Makes the folder if need be, and opens it in the file manager. Gives its path. */
  wildcards_open: [Nothing, string];
  watch_get: [Nothing, WatchView];
  watch_set: [{ folder: string | null; after: AfterWatch }, WatchView];
  asset_get: [{ ids: AssetId[] }, AssetView[]];
  /** What matches. The cells come with `libraryColumns(ticket)`; the ticket lasts until four newer ones. */
  library_query: [{ query: LibraryQuery }, LibraryAnswer];
  /** Cells by their numbers, at most 1,000, in the order asked for; those that are gone are left out. */
  library_cells: [{ keys: number[] }, LibraryCell[]];
  /** The keys of all outputs that cells of an answer stand for: of a stack all that is in it. */
  library_members: [{ ticket: number; keys: number[] }, number[]];
  library_facets: [{ ticket: number }, FacetView[]];
  /** What could be typed at the caret (UTF-16 units), at most 20. */
  library_complete: [{ text: string; caret: number }, CompletionView[]];
  asset_detail: [{ key: number }, AssetDetail];
  /** The number of an output in the library. */
  asset_workflow: [{ id: AssetId }, string];
  asset_key: [{ id: AssetId }, number];
  asset_mark: [{ keys: number[]; mark: Mark }, Marked];
  /** Puts one of several files of an output into the system's trash. */
  place_trash: [{ key: number; path: string }, null];
  mark_undo: [{ undo: number }, Marked];
  /** Really deletes what is in the bin: files and all. Nothing: all of the bin. */
  bin_empty: [{ keys: number[] | null }, WorkView];
  bin_get: [Nothing, BinView];
  /** After how many days in the bin outputs are really deleted: 7, 30, 90; null: never. */
  bin_set: [{ days: number | null }, BinView];
  upkeep_get: [Nothing, UpkeepView];
  backup_start: [{ plan: BackupPlan }, WorkView];
  /** What is in the newest backup of a folder. */
  backup_look: [{ path: string }, BackupView];
  /** Reads a backup back: it takes the place of the library at the next start. */
  restore_start: [{ path: string }, WorkView];
  /** Moves the library with all its files; new outputs go there at once. */
  library_move: [{ path: string }, WorkView];
  /** Goes on with a move that was stopped. */
  library_move_on: [Nothing, WorkView];
  tag_list: [Nothing, NameCount[]];
  /** Renames a tag; one that is there already takes the outputs of both. */
  tag_rename: [{ name: string; to: string }, null];
  tag_remove: [{ name: string }, null];
  collection_list: [Nothing, CollectionView[]];
  /** A new collection: of a search, or, with an empty text, chosen by hand. */
  collection_add: [{ name: string; text: string }, CollectionView];
  collection_rename: [{ id: number; name: string }, null];
  /** Gives a saved search another text. */
  collection_search: [{ id: number; text: string }, null];
  /** Puts collections and saved searches in this order. */
  collection_order: [{ ids: number[] }, null];
  collection_remove: [{ id: number }, null];
  root_list: [Nothing, RootView[]];
  /** Takes a folder into the library, as it is. */
  root_add: [{ path: string; watched: boolean }, RootView];
  root_scan: [{ id: number }, null];
  root_pause: [{ id: number; paused: boolean }, null];
  root_watch: [{ id: number; watched: boolean }, null];
  /** The folder lies elsewhere now. */
  root_move: [{ id: number; path: string }, null];
  /** Forgets a folder. Its files stay as they are. */
  root_remove: [{ id: number }, null];
  export_start: [{ keys: number[]; plan: ExportPlan }, WorkView];
  /** Which of these outputs such an export would leave out. */
  export_unstripped: [{ keys: number[]; plan: ExportPlan }, Unstripped];
  work_list: [Nothing, WorkView[]];
  work_cancel: [{ id: number }, null];
  /** Hands files to the system's drag and drop. Call it from `dragstart`, after `preventDefault`. */
  asset_drag: [{ keys: number[] }, null];
  /** Where the files of outputs lie; those that cannot be reached are left out. */
  asset_paths: [{ keys: number[] }, string[]];
  /** Puts the picture itself into the clipboard. */
  asset_copy: [{ key: number }, null];
  /**
   * Puts the files into the clipboard, 10,000 at most; those that cannot be reached are left out. Gives how
   * many they are.
   */
  asset_copy_files: [{ keys: number[] }, number];
  /** How many workflows made these, 10,000 at most. */
  workflow_count: [{ keys: number[] }, WorkflowCount];
  /**
   * Puts the workflows that made these into the clipboard, 10,000 outputs at most: one as text, several as
   * files. If the work that shows them is stopped, the clipboard is as it was.
   */
  workflow_copy_all: [{ keys: number[] }, CopiedView];
  /**
   * Queues what made these once more: as it ran, or with other seeds. Of many it answers when all parts
   * are done, or the work that shows them is stopped; the same batch again goes on.
   */
  asset_rerun: [{ ids: AssetId[]; batch_id: BatchId; new_seed: boolean }, IntakeReport];
  /** Saves the workflow of an output at a server, and opens the server's page in the browser. */
  editor_open: [{ id: AssetId; server: ServerId }, EditorView];
  /**
   * The same for several, 10,000 at most: each workflow once, and the page once. It answers when all are
   * saved, or the work that shows them is stopped; the same again goes on.
   */
  editor_open_all: [{ keys: number[]; server: ServerId }, EditorsView];
  asset_path: [{ id: AssetId }, string];
  asset_reveal: [{ id: AssetId }, null];
  /**
   * Shows files in the system's file manager: of each folder the first one, of ten folders at most. Gives how
   * many can be reached, and in how many folders they lie.
   */
  asset_reveal_all: [{ keys: number[] }, { files: number; folders: number }];
  settings_get: [Nothing, Settings];
  settings_set: [{ patch: Partial<Settings> }, Settings];
  library_set: [{ path: string }, LibraryView];
  app_info: [Nothing, { version: string; os: string; data_dir: string; web_view: string | null }];
  window_hide: [Nothing, null];
  /** Opens the second window, or brings it to the front. */
  window_second: [Nothing, null];
  app_quit: [Nothing, null];
  /** Stops everything in order and starts Safelight again. */
  app_restart: [Nothing, null];
};
