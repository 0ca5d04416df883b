/** Short messages in the corner. */
import type { JobOutput } from "../bindings/JobOutput";

export type Tone = "plain" | "ok" | "warn" | "bad";

export type Toast = {
  id: number;
  tone: Tone;
  title: string;
  text: string;
  /** An output to show beside the words. */
  asset?: JobOutput;
  action?: { label: string; run: () => void };
  /** Stays until it is closed, as failures do. */
  stays?: boolean;
  /** The work whose beginning it tells: it goes when that ends. */
  begun?: number;
};

/** Whether it stays until it is closed. */
export const lasts = ({ tone, stays = false }: Toast): boolean => tone === "bad" || stays;

/** More would cover the pictures. */
const MOST = 3;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;

  /** Shows one. The oldest goes when there are too many: of those that would go by themselves, if any. */
  add(toast: Omit<Toast, "id">): void {
    if (this.list.length >= MOST) {
      const goes = this.list.find((one) => !lasts(one)) ?? this.list[0];
      this.list = this.list.filter((one) => one !== goes);
    }
    this.list = [...this.list, { ...toast, id: this.#next++ }];
  }

  close(id: number): void {
    this.closeAll((toast) => toast.id === id);
  }

  /** Closes those that are over. */
  closeAll(over: (toast: Toast) => boolean): void {
    this.list = this.list.filter((toast) => !over(toast));
  }
}

export const toasts = new Toasts();
