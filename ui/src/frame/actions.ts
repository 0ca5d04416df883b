/** Every action that works on any screen, for the palette, with its keys. */
import { commands } from "../host";
import { app } from "../state/app.svelte";
import { attempt } from "../state/attempt";
import {
  chooseAndKeep,
  chooseAndSubmit,
  chooseFolderAndKeep,
  chooseFolderAndSubmit,
  pasteText,
} from "../state/intake";
import {
  openGallery,
  openNew,
  openQueue,
  openServers,
  openSetting,
  openSettings,
  openWorkflows,
} from "../state/places";
import { problems } from "../state/problems.svelte";
import { undo } from "../state/undo";
import { clear, failures, retry, save, togglePause } from "../screens/queue/actions";
import { switches } from "../screens/settings/switches";
import { shownPart } from "../screens/workflows/part.svelte";
import type { Command } from "./palette";

function workflows(part: "library" | "servers"): void {
  shownPart.part = part;
  openWorkflows();
}

const setTheme = (theme: "system" | "dark" | "light"): void =>
  void attempt(app.setSettings({ theme }));

/** The actions; `showShortcuts` opens the sheet of all keys. */
export function actions(showShortcuts: () => void): Command[] {
  const failed = failures();
  const practice = app.servers.find(({ kind }) => kind === "practice");
  return [
    { icon: "plus", text: "New job", hint: "Ctrl N", words: "compose starter draft", run: openNew },
    { icon: "layers-2", text: "Go to Queue", hint: "Ctrl 1", run: openQueue },
    { icon: "images", text: "Go to Gallery", hint: "Ctrl 2", run: openGallery },
    { icon: "workflow", text: "Go to Workflows", hint: "Ctrl 3", run: () => workflows("library") },
    {
      icon: "server",
      text: "Go to Servers",
      hint: "Ctrl 4",
      words: "add connect",
      run: openServers,
    },
    { icon: "settings", text: "Settings", hint: "Ctrl ,", run: openSettings },
    {
      icon: "folder-open",
      text: "Queue files…",
      hint: "Ctrl O",
      run: () => void chooseAndSubmit(),
    },
    {
      icon: "folder-open",
      text: "Queue a folder of workflows…",
      hint: "Ctrl Shift O",
      run: () => void chooseFolderAndSubmit(),
    },
    {
      icon: "clipboard-paste",
      text: "Paste a workflow or a link",
      hint: "Ctrl V",
      run: () => void pasteText(),
    },
    {
      icon: "folder-plus",
      text: "Folders in the library…",
      words: "import existing pictures scan watch root A1111",
      run: () => openSetting("setting-folder-add"),
    },
    {
      icon: "hard-drive",
      text: "Folder of the library…",
      words: "setting move new outputs elsewhere disk",
      run: () => openSetting("setting-library"),
    },
    {
      icon: "copy",
      text: "Back up or restore the library…",
      words: "setting backup",
      run: () => openSetting("setting-backup"),
    },
    {
      icon: "trash-2",
      text: "When the bin is emptied…",
      words: "setting days term delete",
      run: () => openSetting("setting-bin"),
    },
    {
      icon: "folder-open",
      text: "Watched folder…",
      words: "setting queue by itself",
      run: () => openSetting("setting-watch"),
    },
    { icon: "library", text: "Add files to the library…", run: () => void chooseAndKeep() },
    {
      icon: "library",
      text: "Add a folder to the library…",
      run: () => void chooseFolderAndKeep(),
    },
    {
      icon: "server",
      text: "Workflows on your servers",
      words: "templates",
      run: () => workflows("servers"),
    },
    {
      icon: app.paused ? "play" : "pause",
      text: app.paused ? "Resume the queue" : "Pause the queue",
      words: "pause or resume",
      hint: "P",
      run: () => void togglePause(),
    },
    ...(failed.length === 0
      ? []
      : [
          {
            icon: "rotate-ccw" as const,
            text: `Retry failed jobs (${failed.length})`,
            run: () => void retry(failed),
          },
          {
            icon: "check" as const,
            text: "Mark all failures as seen",
            run: () => void attempt(commands.job_seen({ ids: failed.map((job) => job.id) })),
          },
        ]),
    ...problems.works.map((work): Command => ({
      icon: "triangle-alert",
      text: `Problems: ${work.title}`,
      words: "what could not be done list export backup move delete",
      run: () => problems.show(work),
    })),
    { icon: "list-x", text: "Clear waiting jobs", run: () => void clear() },
    { icon: "file-json", text: "Save waiting jobs to a file…", run: () => void save() },
    practice === undefined
      ? {
          icon: "flask-conical",
          text: "Start the practice engine",
          run: () => void attempt(commands.practice_start({})),
        }
      : {
          icon: "flask-conical",
          text: "Stop the practice engine",
          run: () => void attempt(commands.practice_stop({})),
        },
    ...app.servers
      .filter(({ link }) => link === "offline" || link === "refused" || link === "reconnecting")
      .map(({ id, name }): Command => ({
        icon: "refresh-cw",
        text: `Connect to ${name} now`,
        run: () => void attempt(commands.server_reconnect({ id })),
      })),
    { icon: "undo-2", text: "Undo the last thing", hint: "Ctrl Z", run: undo },
    ...(["system", "dark", "light"] as const)
      .filter((theme) => theme !== app.settings.theme)
      .map((theme): Command => ({
        icon: "settings",
        text: `Theme: ${theme === "system" ? "as the system" : theme}`,
        words: "setting look darkroom daylight",
        run: () => setTheme(theme),
      })),
    ...switches.map(({ key, name, text }): Command => ({
      icon: "settings",
      text: `${name}: turn ${app.settings[key] ? "off" : "on"}`,
      words: `setting ${text}`,
      run: () => void attempt(app.setSettings({ [key]: !app.settings[key] })),
    })),
    { icon: "keyboard", text: "Shortcuts", hint: "?", words: "keys", run: showShortcuts },
    {
      icon: "app-window",
      text: "Hide the window",
      run: () => void attempt(commands.window_hide({})),
    },
    { icon: "x", text: "Quit", words: "exit", run: () => void attempt(commands.app_quit({})) },
  ];
}
