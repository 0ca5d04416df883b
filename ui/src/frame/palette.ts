/** What the search field of the title bar finds. Pure. */
import type { AssetId } from "../bindings/AssetId";
import type { JobView } from "../bindings/JobView";
import type { LibraryCell } from "../bindings/LibraryCell";
import type { ServerView } from "../bindings/ServerView";
import type { WorkflowView } from "../bindings/WorkflowView";
import type { IconName } from "../lib/icons";

export type Hit = {
  key: string;
  icon: IconName;
  text: string;
  hint: string;
  /** An output whose picture is shown in place of the icon. */
  asset?: Pick<LibraryCell, "id" | "kind" | "away">;
  run: () => void;
};
export type Command = {
  icon: IconName;
  text: string;
  /** Further words it is found by. */
  words?: string;
  hint?: string | undefined;
  run: () => void;
};

/** What is searched. Pictures and workflows are what the library answered to the same words. */
export type Sources = {
  pictures: readonly (Pick<LibraryCell, "id" | "kind" | "away" | "title"> & { hint: string })[];
  jobs: readonly JobView[];
  workflows: readonly WorkflowView[];
  servers: readonly ServerView[];
  commands: readonly Command[];
};

/** Where hits lead. */
export type Ways = {
  pictures: (words: string) => void;
  picture: (id: AssetId) => void;
  job: (id: string) => void;
  workflow: (workflow: WorkflowView) => void;
  server: (server: ServerView) => void;
};

export const nothing: Sources = {
  pictures: [],
  jobs: [],
  workflows: [],
  servers: [],
  commands: [],
};

/** More of one kind are not listed. */
const MOST = 6;
export const MOST_PICTURES = 4;

const has = (text: string, words: readonly string[]): boolean => {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
};

/** Pictures first, because that is what is looked for most; then jobs, workflows, servers, commands. */
export function hits(typed: string, sources: Sources, open: Ways): Hit[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const commands = sources.commands
    .filter((command) => has(`${command.text} ${command.words ?? ""}`, words))
    .map(({ icon, text, hint = "", run }): Hit => ({ key: `do ${text}`, icon, text, hint, run }));
  if (words.length === 0) return commands;
  return [
    {
      key: "pictures",
      icon: "images",
      text: `Search pictures for "${typed.trim()}"`,
      hint: "Gallery",
      run: () => open.pictures(typed.trim()),
    },
    ...sources.pictures.slice(0, MOST_PICTURES).map((picture): Hit => ({
      key: `picture ${picture.id}`,
      icon: "image",
      text: picture.title,
      hint: picture.hint,
      asset: picture,
      run: () => open.picture(picture.id),
    })),
    ...sources.jobs
      .filter((job) => has(`${job.title} ${job.facts.prompt ?? ""} ${job.id}`, words))
      .slice(0, MOST)
      .map((job): Hit => ({
        key: `job ${job.id}`,
        icon: "layers-2",
        text: job.title,
        hint: "Job",
        run: () => open.job(job.id),
      })),
    ...sources.workflows.slice(0, MOST).map((workflow): Hit => ({
      key: `workflow ${workflow.structure}`,
      icon: "workflow",
      text: workflow.title,
      hint: "Turn its knobs",
      run: () => open.workflow(workflow),
    })),
    ...sources.servers
      .filter(({ name, address }) => has(`${name} ${address} server`, words))
      .slice(0, MOST)
      .map((server): Hit => ({
        key: `server ${server.id}`,
        icon: "server",
        text: server.name,
        hint: `Server, ${server.link}`,
        run: () => open.server(server),
      })),
    ...commands,
  ];
}
