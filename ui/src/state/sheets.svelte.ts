/** The sheet that lies over any screen, if one does. */
import type { WorkView } from "../bindings/WorkView";
import type { WorkflowView } from "../bindings/WorkflowView";

export type OverSheet =
  /** Which workflow pictures go into. `what` counts them: "2 pictures"; `jobs` too, if all were seen. */
  | { kind: "pictures"; paths: readonly string[]; what: string; jobs: number | null }
  /** Whether a link is fetched. */
  | { kind: "link"; url: string }
  /** The name of a workflow. */
  | { kind: "rename"; workflow: WorkflowView }
  /** A name for something else, asked for with a title and a sentence. */
  | {
      kind: "name";
      title: string;
      text: string;
      value: string;
      confirm: string;
      save: (name: string) => Promise<unknown>;
    }
  /** Whether so much is really meant to be done at once. */
  | { kind: "ask"; title: string; text: string; confirm: string; go: () => void }
  /** Tags of pictures, by their keys in the library. */
  | { kind: "tags"; keys: readonly number[] }
  /** At which server the workflows of outputs are opened in ComfyUI's own page. */
  | { kind: "editor"; keys: readonly number[] }
  /** How pictures are written out. */
  | { kind: "export"; keys: readonly number[] }
  /** All that could not be done of an export, a move or a backup. */
  | { kind: "problems"; work: WorkView };

class Sheets {
  current = $state.raw<OverSheet | null>(null);

  close(): void {
    this.current = null;
  }
}

export const sheets = new Sheets();
