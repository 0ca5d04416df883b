/** Toolbars by the keyboard: one stop for Tab, and arrow keys within. */

/** What takes arrow keys for itself, and what lies over the bar, stays a stop of its own. */
const APART = "[role=radiogroup], [role=menu], [role=alertdialog], dialog";

/** Attached to an element of the role `toolbar`: its buttons are reached with arrow keys, Home and End. */
export function toolbar(bar: Element): () => void {
  /** The button that Tab comes back to. */
  let stop: HTMLElement | null = null;
  /** Whether the focus came by a press of the pointer. */
  let pressed = false;

  const buttons = (): HTMLElement[] =>
    [...bar.querySelectorAll<HTMLElement>("button:not(:disabled)")].filter(
      (button) => button.closest(APART) === null,
    );

  function keep(): void {
    const all = buttons();
    if (stop === null || !all.includes(stop)) stop = all[0] ?? null;
    for (const button of all) button.tabIndex = button === stop ? 0 : -1;
  }

  function onfocusin({ target }: Event): void {
    const found = buttons().find((button) => button === target);
    if (found === undefined) return;
    stop = found;
    keep();
  }

  function onfocusout(event: Event): void {
    const { relatedTarget } = event as FocusEvent;
    if (!(relatedTarget instanceof Node && bar.contains(relatedTarget))) pressed = false;
  }

  function onkeydown(event: Event): void {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event as KeyboardEvent;
    // Who pressed a button with the pointer goes on with the arrow keys of what the bar is for.
    if (event.defaultPrevented || pressed || altKey || ctrlKey || metaKey || shiftKey) return;
    const all = buttons();
    const at = all.findIndex((button) => button === event.target);
    if (at < 0) return;
    const to = new Map([
      ["ArrowRight", (at + 1) % all.length],
      ["ArrowLeft", (at - 1 + all.length) % all.length],
      ["Home", 0],
      ["End", all.length - 1],
    ]).get(key);
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  }

  const onpointerdown = (): void => void (pressed = true);
  const heard = {
    focusin: onfocusin,
    focusout: onfocusout,
    keydown: onkeydown,
    pointerdown: onpointerdown,
  };
  for (const [name, hear] of Object.entries(heard)) bar.addEventListener(name, hear);
  // Buttons come and go, and what is disabled cannot have the focus.
  const watch = new MutationObserver(keep);
  watch.observe(bar, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  keep();
  return () => {
    watch.disconnect();
    for (const [name, hear] of Object.entries(heard)) bar.removeEventListener(name, hear);
  };
}
