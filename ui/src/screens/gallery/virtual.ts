/**
 * Between the browser's scroll position and the content's: browsers cap the height of an element at
 * about 33 million pixels, and a million pictures are taller than that. Below the cap both are equal.
 */

/** The tallest element we make. */
export const SCROLL_MAX = 32_000_000;

/** The height of the element that scrolls. */
export function scrollHeight(contentHeight: number): number {
  return Math.min(contentHeight, SCROLL_MAX);
}

/** Where the window begins in the content when the browser is at `scrollTop`. */
export function toContent(scrollTop: number, contentHeight: number, viewHeight: number): number {
  const scrollRange = scrollHeight(contentHeight) - viewHeight;
  const contentRange = contentHeight - viewHeight;
  if (scrollRange <= 0 || contentRange <= scrollRange) return scrollTop;
  return (scrollTop / scrollRange) * contentRange;
}

/** The inverse of [`toContent`], within the range that can be scrolled. */
export function toScroll(y: number, contentHeight: number, viewHeight: number): number {
  const scrollRange = Math.max(0, scrollHeight(contentHeight) - viewHeight);
  const contentRange = contentHeight - viewHeight;
  const scrollTop = contentRange <= scrollRange ? y : (y / contentRange) * scrollRange;
  return Math.min(scrollRange, Math.max(0, scrollTop));
}
