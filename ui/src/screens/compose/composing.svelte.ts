/** A draft that is open: what it is, what the artist made of it, and how that is kept and planned. */
import { SvelteMap } from "svelte/reactivity";
import type { Fit } from "../../bindings/Fit";
import type { ChoicesView } from "../../bindings/ChoicesView";
import type { BatchId } from "../../bindings/BatchId";
import type { ComposeState } from "../../bindings/ComposeState";
import type { ComposeView } from "../../bindings/ComposeView";
import type { DraftId } from "../../bindings/DraftId";
import type { KnobChoice } from "../../bindings/KnobChoice";
import type { KnobKey } from "../../bindings/KnobKey";
import type { KnobValue } from "../../bindings/KnobValue";
import type { KnobView } from "../../bindings/KnobView";
import type { PictureIn } from "../../bindings/PictureIn";
import type { PresetView } from "../../bindings/PresetView";
import type { QueuedView } from "../../bindings/QueuedView";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { toasts } from "../../state/toasts.svelte";
import { MOST_LISTED } from "./controls/choices.svelte";
import { halvesOf, textAt, withText } from "./halves";
import { History } from "./history";
import type { Act } from "./mask/mask";
import { Planner } from "./planner.svelte";
import { findingsOf, problemsOf } from "./plan";
import { Saver } from "./saver.svelte";
import { seedsAfter } from "./seeds";
import { counting, countOf, keyOf, sameState, valuesByKey, withValue, withValues } from "./state";

/** What is known of the file a knob holds. */
export type Held = {
  /** As it goes in. */
  picture: PictureIn;
  /** As it was before it was fitted or painted on. */
  original: PictureIn;
  /** How it was fitted, as far as that is known. */
  how: Fit | "as_is";
};

const asIs = (picture: PictureIn): Held => ({ picture, original: picture, how: "as_is" });

export class Composing {
  view = $state.raw<ComposeView>() as ComposeView;
  state = $state.raw<ComposeState>() as ComposeState;
  canUndo = $state(false);
  canRedo = $state(false);
  /** Files by their values. */
  held = $state.raw<ReadonlyMap<string, Held | null>>(new Map());
  readonly saver: Saver<ComposeState>;
  readonly planner: Planner<ComposeState>;
  readonly draft: DraftId;
  #history = new History<ComposeState>(sameState);
  /** Queued twice, for example after an answer was lost, it is still one batch. */
  #batch: BatchId = crypto.randomUUID();
  #asked = new Set<string>();
  #masks = new Map<string, { picture: PictureIn; acts: readonly Act[] }>();

  /** The artist's values by knob, each heard of by itself: a key press wakes no other field. */
  readonly #values = new SvelteMap<string, string>();
  #had: ReadonlyMap<string, string> = new Map();
  /** Parts of the state, which stay the same while a value changes. */
  readonly many = $derived.by(() => this.state.many);
  readonly seeds = $derived.by(() => this.state.seeds);
  readonly skipped = $derived.by(() => this.state.skipped);
  /** The knobs that count as it is set. Only a choice that brings others makes them anew. */
  readonly knobs = $derived.by(() => counting(this.view.knobs, (key) => this.#values.get(key)));
  readonly #typed = $derived.by(() => this.state.typed);
  /** What is typed somewhere and is no value, by knob. Nothing is queued meanwhile. */
  readonly halves = $derived.by(() =>
    halvesOf({ typed: this.#typed, many: this.many }, this.knobs, (knob) => this.value(knob)),
  );
  readonly plan = $derived.by(() => this.planner.plan);
  readonly problems = $derived.by(() => problemsOf(this.plan?.problems ?? []));
  readonly findings = $derived.by(() => findingsOf(this.plan, app.servers));
  /** How many jobs, if that is known to be right. */
  readonly jobs = $derived.by(() => {
    const { plan, about } = this.planner;
    const same =
      about?.many === this.state.many &&
      about.reuse === this.state.reuse &&
      about.wording === this.state.wording;
    return plan !== null && (same || about === this.state) ? plan.jobs : countOf(this.state);
  });

  constructor(view: ComposeView) {
    this.view = view;
    this.state = view.state;
    this.#hear(view.state);
    this.draft = view.draft;
    const { draft } = view;
    this.saver = new Saver((state) => commands.compose_save({ draft, state }));
    this.planner = new Planner((state) => commands.compose_plan({ draft, state }));
    void this.planner.now(this.state);
  }

  value(knob: KnobView): string {
    return this.#values.get(keyOf(knob)) ?? knob.json;
  }

  /** Whether a knob has a value that is not the workflow's own. */
  isChanged(knob: KnobView): boolean {
    return this.#values.has(keyOf(knob));
  }

  #hear(state: ComposeState): void {
    const values = valuesByKey(state);
    for (const key of this.#had.keys()) if (!values.has(key)) this.#values.delete(key);
    for (const [key, json] of values) this.#values.set(key, json);
    this.#had = values;
  }

  /**
   * Takes a change in. Those with the same `tag` soon after each other are taken back as one, as is what
   * `ends` the last.
   */
  set(next: ComposeState, tag: string | null = null, ends = false): void {
    this.#history.push(this.state, next, tag, performance.now(), ends);
    this.#show(next);
  }

  setValue(knob: KnobView, json: string, tag: string | null = null): void {
    const ends = textAt(this.state, knob) !== null;
    this.set(withValue(this.state, knob, json), tag, ends);
  }

  /** What is typed at a knob and is no value. */
  typed(knob: KnobView): string | null {
    return this.halves.get(keyOf(knob))?.text ?? null;
  }

  /** Keeps what is typed at a knob and is no value yet. */
  setTyped(key: KnobKey, text: string | null, tag: string): void {
    this.set(withText(this.state, key, text), tag, textAt(this.state, key) !== null);
  }

  #show(next: ComposeState): void {
    this.#learn();
    if (next === this.state) return;
    this.state = next;
    this.#hear(next);
    this.#batch = crypto.randomUUID();
    this.saver.changed(next);
    this.planner.changed(next);
  }

  #learn(): void {
    this.canUndo = this.#history.canUndo;
    this.canRedo = this.#history.canRedo;
  }

  undo(): void {
    const state = this.#history.undo();
    this.#show(state ?? this.state);
    if (state !== null) app.announcement = "Taken back";
  }

  redo(): void {
    const state = this.#history.redo();
    this.#show(state ?? this.state);
    if (state !== null) app.announcement = "Done again";
  }

  /** A field was left. */
  left(): void {
    this.#history.seal();
    void this.saver.flush();
  }

  /** Keeps everything, and asks no more. */
  async close(): Promise<void> {
    this.planner.stop();
    this.#history.seal();
    await this.saver.flush();
  }

  /**
   * The draft was opened again. Answers whether this goes on as it was left: not, where the draft is
   * another than what was kept of it last, for then it was changed elsewhere.
   */
  resume(view: ComposeView): boolean {
    // What could not be kept yet is newer than what was read.
    if (this.saver.status === "saved" && !sameState(view.state, this.state)) return false;
    this.view = { ...view, state: this.state };
    for (const [json, held] of this.held) if (held === null) this.#asked.delete(json);
    this.held = new Map([...this.held].filter(([, held]) => held !== null));
    void this.planner.now(this.state);
    return true;
  }

  /** Takes over values from elsewhere. */
  async takeValues(
    from: Parameters<typeof commands.compose_values>[0]["from"],
    what: string,
  ): Promise<void> {
    await attempt(
      commands.compose_values({ draft: this.draft, from }).then(({ values, notes }) => {
        const { state, left } = withValues(this.state, this.view.knobs, values);
        const taken = values.length - left.length;
        this.set(state);
        toasts.add({
          tone: taken === 0 ? "warn" : "plain",
          title: taken === 0 ? `No values in ${what}` : `Values from ${what}`,
          text: [
            taken === 0 ? "None of them fits a knob of this workflow." : `${taken} taken over.`,
            left.length > 0 && taken > 0 ? `${left.length} fit no knob.` : "",
            ...notes,
          ]
            .filter((text) => text !== "")
            .join(" "),
          ...(taken === 0 ? {} : { action: { label: "Undo", run: () => this.undo() } }),
        });
      }),
    );
  }

  /** Reads the knobs anew: their names, order or lists changed. */
  async reload(): Promise<void> {
    const view = await commands.compose_open({ source: { from: "draft", id: this.draft } });
    this.view = { ...view, state: this.state };
    this.planner.changed(this.state);
  }

  /** Values that a knob could have, by words in them. */
  choices({ node, input }: KnobKey, words: string): Promise<ChoicesView> {
    return commands.compose_choices({ draft: this.draft, node, input, words, limit: MOST_LISTED });
  }

  async arrange(knobs: KnobChoice[]): Promise<void> {
    const { structure } = this.view;
    const before = this.view.knobs.map(({ node, input, own_label, hidden }) => ({
      node,
      input,
      label: own_label,
      hidden,
    }));
    // Those of options that are not chosen keep what they have.
    const named = new Set(knobs.map(keyOf));
    const rest = this.view.knobs
      .filter((knob) => !named.has(keyOf(knob)) && (knob.hidden || knob.own_label !== null))
      .map(({ node, input, own_label, hidden }) => ({ node, input, label: own_label, hidden }));
    const put = async (choice: KnobChoice[]): Promise<void> => {
      await attempt(commands.knobs_arrange({ structure, knobs: choice }).then(() => this.reload()));
    };
    const whole = [...knobs, ...rest];
    await put(whole);
    this.#did({ undo: () => put(before), redo: () => put(whole) });
  }

  async savePreset(name: string, values: KnobValue[]): Promise<void> {
    const preset: PresetView = { name, values, of: null };
    const before = this.view.presets.find((one) => one.name === name) ?? null;
    if (!(await this.#putPreset(preset))) return;
    this.#did({
      undo: () =>
        before?.of === null ? this.#putPreset(before) : this.#dropPreset(preset, before),
      redo: () => this.#putPreset(preset),
    });
  }

  async removePreset(preset: PresetView): Promise<void> {
    if (!(await this.#dropPreset(preset))) return;
    this.#did({
      undo: () => this.#putPreset(preset),
      redo: () => this.#dropPreset(preset),
    });
    toasts.add({
      tone: "plain",
      title: "Preset removed",
      text: preset.name,
      action: { label: "Undo", run: () => void this.#putPreset(preset) },
    });
  }

  /** Keeps a preset with the version of the workflow that it is of. */
  async #putPreset(preset: PresetView): Promise<boolean> {
    const structure = preset.of ?? this.view.structure;
    const kept = commands.preset_save({ structure, preset: { ...preset, of: null } });
    if (!(await attempt(kept))) return false;
    const rest = this.view.presets.filter(({ name }) => name !== preset.name);
    this.view = { ...this.view, presets: [...rest, preset] };
    return true;
  }

  /** Removes a preset. `instead` is one of its name and of another version, which is seen again then. */
  async #dropPreset({ name, of }: PresetView, instead: PresetView | null = null): Promise<boolean> {
    const structure = of ?? this.view.structure;
    if (!(await attempt(commands.preset_remove({ structure, name })))) return false;
    const rest = this.view.presets.filter((one) => one.name !== name);
    this.view = { ...this.view, presets: instead === null ? rest : [...rest, instead] };
    return true;
  }

  #did(deed: { undo: () => unknown; redo: () => unknown }): void {
    this.#history.did(deed);
    this.#learn();
  }

  /** What is known of the file that a knob holds: asked for once. */
  heldAs(json: string): Held | null {
    if (!this.#asked.has(json)) {
      this.#asked.add(json);
      void commands.input_get({ json }).then(
        (picture) => {
          if (!this.held.has(json)) this.#hold(json, picture === null ? null : asIs(picture));
        },
        () => this.#hold(json, null),
      );
    }
    return this.held.get(json) ?? null;
  }

  #hold(json: string, held: Held | null): void {
    this.held = new Map(this.held).set(json, held);
  }

  /** Puts a file into a knob. */
  take(knob: KnobView, picture: PictureIn, before: Omit<Held, "picture"> = asIs(picture)): void {
    this.#asked.add(picture.json);
    this.#hold(picture.json, { ...before, picture });
    this.setValue(knob, picture.json);
  }

  /** The picture that a mask is painted over: without the mask that is on it already. */
  unmasked(held: Held): PictureIn {
    return this.#masks.get(held.picture.json)?.picture ?? held.picture;
  }

  /** What was painted on it in this session. */
  painted(held: Held): readonly Act[] {
    return this.#masks.get(held.picture.json)?.acts ?? [];
  }

  /** Puts a picture with a painted mask into a knob. */
  takeMasked(knob: KnobView, before: Held, masked: PictureIn, acts: readonly Act[]): void {
    this.#masks.set(masked.json, { picture: this.unmasked(before), acts });
    this.take(knob, masked, before);
  }

  /** Queues it, or its middle cell alone. Gives what was queued; a refusal is told. */
  async queue(test: boolean): Promise<(QueuedView & { sweep: boolean }) | null> {
    await this.saver.flush();
    const { state, draft } = this;
    const batch_id = test ? crypto.randomUUID() : this.#batch;
    let queued: QueuedView | null = null;
    await attempt(
      commands.compose_queue({ draft, batch_id, state, test }).then((done) => (queued = done)),
    );
    if (queued === null) return null;
    const { jobs, reused } = queued as QueuedView;
    const sweep = state.many.kind === "sweep";
    if (!test) this.#batch = crypto.randomUUID();
    this.planner.changed(this.state);
    // All cells of a sweep have the same seed. What was tried is queued again with the rest.
    if (!test && jobs > 0) await this.#goOn(state, sweep ? 1 : jobs + reused);
    // Without an axis it has no sheet.
    const sheet = !test && state.many.kind === "sweep" && state.many.axes.length > 0;
    return { ...(queued as QueuedView), sweep: sheet };
  }

  /** Moves the seeds that count behind those that were queued. Undo does not bring those back. */
  async #goOn(queued: ComposeState, runs: number): Promise<void> {
    const on = seedsAfter(queued, this.knobs, BigInt(runs));
    const next = on(this.state);
    if (next === this.state) return;
    const untouched = this.state === queued;
    this.#history.carry(on);
    this.#show(next);
    await this.saver.flush();
    // What is kept anew is among the drafts again, where nothing is that was queued as it stands.
    if (untouched && this.state === next) await attempt(commands.draft_discard({ id: this.draft }));
  }
}
