/** Work that takes a while, in words. Pure. */
import type { WorkView } from "../bindings/WorkView";
import { count } from "./format";

/** How the library names work by its first word while it goes on, and how it is called when it is done. */
const DONE: ReadonlyMap<string, string> = new Map([
  ["Exporting", "Exported"],
  ["Deleting", "Deleted"],
  ["Moving", "Moved"],
  ["Backing", "Backed"],
  ["Reading", "Read"],
]);

/** How many problems it had, those that are not listed too. */
export const problemCount = ({ problems, more_problems }: WorkView): number =>
  problems.length + more_problems;

/**
 * The title of work that is over: "Exported 12 files to prints". Where something could not be done, the
 * number in the title may be too large, so it only says that it ended.
 */
export function endedTitle(work: WorkView): string {
  const { title, state } = work;
  switch (state) {
    case "running":
      return title;
    case "cancelled":
      return `${title} was stopped`;
    case "failed":
      return `${title} failed`;
    case "done": {
      const problems = problemCount(work);
      if (problems > 0) return `${title} ended with ${count(problems, "problem")}`;
      return title.replace(/^\S+/, (first) => DONE.get(first) ?? first);
    }
  }
}

/** What the way to all problems is called, where there are more than the one that is said. */
export function showAllLabel(work: WorkView): string | null {
  const problems = problemCount(work);
  return problems > 1 ? `Show all ${problems.toLocaleString("en")}` : null;
}

/** What the list ends with where not every problem is in it. */
export const moreText = ({ more_problems }: WorkView): string | null =>
  more_problems > 0 ? `and ${more_problems.toLocaleString("en")} more` : null;

/** The list as text, a problem a line. */
export function problemText(work: WorkView): string {
  const more = moreText(work);
  return [...work.problems, ...(more === null ? [] : [more])].join("\n");
}
