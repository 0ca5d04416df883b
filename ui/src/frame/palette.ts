/** What the search field of the title bar finds. Pure. */
import type { JobView } from "../bindings/JobView";
import type { IconName } from "../lib/icons";

export type Hit = { key: string; icon: IconName; text: string; hint: string; run: () => void };
export type Command = { icon: IconName; text: string; hint?: string | undefined; run: () => void };

/** More jobs than this are not listed. */
const MOST_JOBS = 6;

const has = (text: string, words: readonly string[]): boolean => {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
};

/** Pictures first, because that is what is looked for most; then jobs, then commands. */
export function hits(
  typed: string,
  jobs: readonly JobView[],
  commands: readonly Command[],
  open: { pictures: (words: string) => void; job: (id: string) => void },
): Hit[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found: Hit[] = [];
  if (words.length > 0)
    found.push({
      key: "pictures",
      icon: "images",
      text: `Search pictures for "${typed.trim()}"`,
      hint: "Gallery",
      run: () => open.pictures(typed.trim()),
    });
  if (words.length > 0)
    found.push(
      ...jobs
        .filter((job) => has(`${job.title} ${job.facts.prompt ?? ""} ${job.id}`, words))
        .slice(0, MOST_JOBS)
        .map((job) => ({
          key: job.id,
          icon: "workflow" as const,
          text: job.title,
          hint: "Job",
          run: () => open.job(job.id),
        })),
    );
  found.push(
    ...commands
      .filter(({ text }) => has(text, words))
      .map((command) => ({ key: command.text, hint: "", ...command })),
  );
  return found;
}
