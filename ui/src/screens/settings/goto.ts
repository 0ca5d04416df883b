/** Going to one of the settings. */
import type { Setting } from "../../state/looking.svelte";

/** Brings a setting into sight and gives its first control the focus. */
export function goTo(setting: Setting): void {
  const line = document.getElementById(setting);
  line?.scrollIntoView({ block: "center" });
  // Of several to choose from, the one that Tab leads to.
  line?.querySelector<HTMLElement>(":is(button, input):not([disabled], [tabindex='-1'])")?.focus();
}
