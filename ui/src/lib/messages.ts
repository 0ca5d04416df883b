/** Where messages may not lie. */

/** How far messages go up, to be above a bar of buttons at the bottom. */
const BAR = "60px";
let bars = 0;

/** Attached to a bar of buttons at the bottom: as long as it is there, messages lie above it. */
export function underMessages(): () => void {
  const { style } = document.documentElement;
  bars += 1;
  style.setProperty("--under", BAR);
  return () => {
    bars -= 1;
    if (bars === 0) style.removeProperty("--under");
  };
}
