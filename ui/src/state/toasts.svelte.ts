/** Short messages in the corner. */

export type Tone = "plain" | "ok" | "warn" | "bad";

export type Toast = {
  id: number;
  tone: Tone;
  title: string;
  text: string;
  /** An output to show beside the words. */
  asset?: string;
  action?: { label: string; run: () => void };
};

/** More would cover the pictures. */
const MOST = 3;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;

  /** Shows one. The oldest goes when there are too many. */
  add(toast: Omit<Toast, "id">): void {
    this.list = [...this.list.slice(1 - MOST), { ...toast, id: this.#next++ }];
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
