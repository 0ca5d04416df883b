/** What can be done in the viewer, by keys and in its menu. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import type { MenuItem } from "../../lib/Menu.svelte";
import { attempt } from "../../state/attempt";
import { closeViewer } from "../../state/places";
import { sheets } from "../../state/sheets.svelte";
import { copyOutput, copyWorkflow, remix, reveal, viewNodes } from "../gallery/actions";
import { actionsFor } from "../gallery/menu";
import { KeySet } from "../gallery/key-set";
import { mark, toggleOf } from "../gallery/marks";
import { rerun } from "../gallery/rerun";
import { isComparable } from "./compare";
import { full } from "./full.svelte";
import type { Act } from "./keys";
import { looking } from "./looking.svelte";
import { playing } from "./playing.svelte";
import type { Slideshow } from "./slideshow.svelte";

/** What the screen offers to the acts. */
type Screen = {
  cell(): LibraryCell | null;
  /** Whether two are compared. */
  compared(): boolean;
  walk(to: "next" | "previous" | "first" | "last"): void;
  /** Goes on to the next one, or back if there is none. */
  leave(): void;
  /** What is looked at becomes A. */
  hold(): void;
  swap(): void;
  /** Ends comparing. */
  single(): void;
  show(): {
    zoomBy(factor: number): void;
    toggleFit(): void;
    pan(x: number, y: number): void;
    play(): boolean;
    step(by: 1 | -1): boolean;
  } | null;
  slideshow: Slideshow;
  menu(): void;
};

/** How far a key moves the picture, as a part of the stage. */
const PAN = 0.15;

type Acts = {
  /** Does it; gives whether there was something to do. */
  run(act: Act): boolean;
  menu(): MenuItem[];
};

export function acts(screen: Screen): Acts {
  const { slideshow } = screen;
  /** Acts on what is looked at. */
  const on = (use: (cell: LibraryCell) => unknown) => (): boolean => {
    const cell = screen.cell();
    if (cell !== null) void use(cell);
    return cell !== null;
  };
  const always = (use: () => unknown) => (): boolean => {
    void use();
    return true;
  };

  const leave = (): void => {
    if (slideshow.on) slideshow.stop();
    else if (full.on) void full.set(false);
    else closeViewer();
  };
  /** What goes to the bin leaves the stage: the next one is shown, or the one before. */
  const bin = on(({ key, binned }) => {
    if (binned) return;
    screen.leave();
    return mark([key], { mark: "bin" });
  });

  const plain: Readonly<Record<Exclude<Act, object>, () => boolean>> = {
    close: always(leave),
    next: always(() => screen.walk("next")),
    previous: always(() => screen.walk("previous")),
    first: always(() => screen.walk("first")),
    last: always(() => screen.walk("last")),
    fit: always(() => screen.show()?.toggleFit()),
    in: always(() => screen.show()?.zoomBy(1.25)),
    out: always(() => screen.show()?.zoomBy(1 / 1.25)),
    // The picture moves against the arrow: the arrow says which part is looked at.
    left: always(() => screen.show()?.pan(PAN, 0)),
    right: always(() => screen.show()?.pan(-PAN, 0)),
    up: always(() => screen.show()?.pan(0, PAN)),
    down: always(() => screen.show()?.pan(0, -PAN)),
    well: always(() => looking.nextWell()),
    info: always(() => (looking.info = !looking.info)),
    rerun: on(({ id }) => rerun([id])),
    reseed: on(({ id }) => rerun([id], true)),
    remix: on(({ id }) => remix(id)),
    nodes: on(({ key }) => viewNodes(key)),
    compare: always(() => (screen.compared() ? screen.single() : screen.hold())),
    other: () => {
      if (screen.compared()) return always(screen.swap)();
      return on((cell) => mark([cell.key], toggleOf("reject", cell)))();
    },
    gain: always(() => looking.nextGain()),
    favourite: on((cell) => mark([cell.key], toggleOf("favourite", cell))),
    pick: on((cell) => mark([cell.key], toggleOf("pick", cell))),
    tags: on(({ key }) => (sheets.current = { kind: "tags", keys: [key] })),
    bin,
    copy: on((cell) => copyOutput(cell)),
    reveal: on(({ id }) => reveal(id)),
    export: on(({ key }) => (sheets.current = { kind: "export", keys: [key] })),
    slideshow: always(() => (slideshow.on ? slideshow.stop() : slideshow.start())),
    full: always(() => full.toggle()),
    second: always(() => attempt(commands.window_second({}))),
    play: () => {
      if (slideshow.on) return always(() => slideshow.pause(!slideshow.paused))();
      return screen.show()?.play() ?? false;
    },
    frame: () => screen.show()?.step(1) ?? false,
    "frame-before": () => screen.show()?.step(-1) ?? false,
    loop: always(() => (playing.loop = !playing.loop)),
    sound: always(() => (playing.muted = !playing.muted)),
    menu: always(() => screen.menu()),
  };

  const run = (act: Act): boolean =>
    typeof act === "object"
      ? on(({ key }) => mark([key], { mark: "rating", stars: act.stars }))()
      : plain[act]();

  const menu = (): MenuItem[] => {
    const cell = screen.cell();
    if (cell === null) return [];
    const compared = screen.compared();
    const looks: MenuItem[] = [
      compared
        ? { icon: "image", text: "End comparing", keys: "C", run: screen.single }
        : {
            icon: "columns-2",
            text: "Compare others with it",
            keys: "C",
            off: !isComparable(cell.kind),
            run: screen.hold,
          },
      {
        icon: "presentation",
        text: slideshow.on ? "End the slideshow" : "Slideshow",
        keys: "S",
        run: () => run("slideshow"),
      },
      {
        icon: "maximize",
        text: full.on ? "Leave full screen" : "Full screen",
        keys: "F11",
        run: () => run("full"),
      },
      { icon: "monitor", text: "Second window", keys: "O", run: () => run("second") },
      { icon: "contrast", text: "Next background", keys: "B", run: () => run("well") },
      { icon: "workflow", text: "Copy workflow", run: () => void copyWorkflow(cell.id) },
      "line",
    ];
    // It is open already, to the bin it goes as with the key, and X swaps what is compared.
    const rest = actionsFor(cell, KeySet.EMPTY, true).flatMap((item): MenuItem[] => {
      if (item === "line") return [item];
      if (item.text === "Open") return [];
      if (item.keys === "Del") return [{ ...item, run: () => void bin() }];
      return [compared && item.keys === "X" ? { ...item, keys: undefined } : item];
    });
    return [...looks, ...(rest[0] === "line" ? rest.slice(1) : rest)];
  };

  return { run, menu };
}
