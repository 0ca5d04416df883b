/** The settings that are on or off, in the order of the screen. */

/** `name` and `text` are for people. */
export const switches: readonly {
  key:
    | "notifications"
    | "start_hidden"
    | "close_to_tray"
    | "retry_lost"
    | "retry_memory"
    | "stop_batch"
    | "free_on_pause";
  testid: string;
  name: string;
  text: string;
}[] = [
  {
    key: "notifications",
    testid: "setting-notifications",
    name: "Notifications",
    text: "There is one for each batch, with the picture, while the window is in the background.",
  },
  {
    key: "close_to_tray",
    testid: "setting-close-to-tray",
    name: "Keep running when the window is closed",
    text: "The queue goes on; the lamp stays in the tray.",
  },
  {
    key: "start_hidden",
    testid: "setting-start-hidden",
    name: "Start hidden",
    text: "Start in the tray, without a window.",
  },
  {
    key: "retry_lost",
    testid: "setting-retry-lost",
    name: "Offer lost jobs again",
    text: "A job that a server forgot, for example when it was restarted, goes back to the queue by itself.",
  },
  {
    key: "retry_memory",
    testid: "setting-retry-memory",
    name: "Try again when memory ran out",
    text: "It is tried once more, after ten seconds and with the server's memory freed.",
  },
  {
    key: "stop_batch",
    testid: "setting-stop-batch",
    name: "Hold the rest of a batch when one of its jobs fails",
    text: "What waits of it stays in the queue, on hold, until you release it.",
  },
  {
    key: "free_on_pause",
    testid: "setting-free-on-pause",
    name: "Free the servers' memory when the queue is paused",
    text: "Models are unloaded once the running job is done, and loaded again when you resume.",
  },
];
