import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FSWatcher } from "chokidar";

/** Something that calls back when a folder's content may have changed. */
export interface FolderWatcher {
  close(): Promise<void>;
}

/** What a watcher of folders reports. */
export interface FolderWatchHandlers {
  /** Something happened to the entry `name` of `folder`; the truth is on the disk. */
  readonly onChange: (folder: string, name: string) => void;
  /** Watching failed, e.g. at the system's limit of watches: look yourself from now on. */
  readonly onFailure: (reason: string) => void;
}

/**
 * Watches folders, not files: what changed is read from the disk anyway, and a watch for each of 10,000 tickets costs
 * a second to set up and 40 MB. So files are ignored, and chokidar's raw events of the folders tell when to look.
 * A folder that is removed and made again is deaf, in chokidar 5: whoever asks for it must ask again. One that is not
 * `persistent` keeps no process alive.
 */
export async function watchFolders(
  folders: readonly string[],
  { onChange, onFailure }: FolderWatchHandlers,
  { persistent = true }: { readonly persistent?: boolean } = {},
): Promise<FolderWatcher> {
  const { watch } = await import("chokidar");
  const wanted = new Set(folders.filter((folder) => existsSync(folder)));
  const watcher = watch([], {
    depth: 0,
    persistent,
    ignoreInitial: true,
    ignored: (path, stats) => !wanted.has(path) && stats !== undefined,
  });
  watcher.on("raw", (_, name, details) => {
    const { watchedPath = "" } = (details ?? {}) as { readonly watchedPath?: string };
    onChange(watchedPath, typeof name === "string" ? name : "");
  });
  watcher.on("error", (error) => onFailure(describe(error)));
  const letRead = holdReads(watcher, wanted);
  if (wanted.size > 0) {
    watcher.add([...wanted]);
    await new Promise<void>((resolve) => {
      watcher.once("ready", () => resolve());
      watcher.once("error", () => resolve());
    });
  }
  const close = async (): Promise<void> => {
    letRead();
    await watcher.close();
  };
  return { close };
}

/** As long as a timer can be. In milliseconds. */
const FOR_EVER = 2 ** 31 - 1;

/**
 * Keeps chokidar from reading a folder, and asking for the stamp of each file in it, when it begins and up to once a
 * second while something changes there: 70 ms for 10,000 tickets, to learn what nobody here asks for. It is told by its
 * own throttle that a reading is under way. Returns what ends that.
 */
function holdReads(watcher: FSWatcher, folders: Iterable<string>): () => void {
  const timers: NodeJS.Timeout[] = [];
  for (const folder of folders) {
    const reading = watcher._throttle("readdir", join(folder, ""), FOR_EVER);
    if (reading) timers.push(reading.timeoutObject.unref());
  }
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC") return "the limit of file watches is reached (fs.inotify.max_user_watches)";
  if (code === "EMFILE") return "the limit of watchers or open files is reached (fs.inotify.max_user_instances)";
  return message;
}
