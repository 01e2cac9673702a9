import { statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { namesIn, readNamed } from "./directory.ts";
import type { Gathered } from "./foreign.ts";
import type { Kind } from "./kinds.ts";
import { readDocument, readText } from "./readText.ts";
import { isAnk, readAnk } from "./sources/ank.ts";
import { isBacklog, readBacklog } from "./sources/backlog.ts";
import { isBeans, readBeans } from "./sources/beans.ts";
import { isClaudeTasks, readClaudeTasks } from "./sources/claudeTasks.ts";
import { isMinibeads, readMinibeads } from "./sources/minibeads.ts";
import { isTaskMaster } from "./sources/taskMaster.ts";
import { readTbd, tbdData } from "./sources/tbd.ts";
import { isTkDirectory, readTkDirectory } from "./sources/tkDirectory.ts";
import { isTkt, readTkt } from "./sources/tkt.ts";
import { isVibeKanbanFolder, readVibeKanbanFolder } from "./sources/vibeKanban.ts";

/** What beads calls its export, the newest name first. */
const BEADS_FILES = ["issues.jsonl", "beads.jsonl"];
/** Where task-master keeps its tasks, seen from `.taskmaster` (once: from the project) and from its `tasks`. */
const TASKS_FILES = ["tasks.json", "tasks/tasks.json"];

type FolderReader = (dir: string, shown: string) => Promise<Gathered>;

/** Sources that are folders: what they look like, those first that others could be taken for, and how they are read. */
const READERS: Readonly<Partial<Record<Kind, { readonly is: (dir: string) => boolean; readonly read: FolderReader }>>> =
  {
    tbd: { is: (dir) => path.basename(dir) === ".tbd" || tbdData(dir) !== undefined, read: readTbd },
    minibeads: { is: isMinibeads, read: readMinibeads },
    beads: { is: isBeadsFolder, read: readBeadsFolder },
    "task-master": { is: isTaskMasterFolder, read: readTasksFile },
    ank: { is: isAnk, read: readAnk },
    backlog: { is: isBacklog, read: readBacklog },
    beans: { is: isBeans, read: readBeans },
    tkt: { is: isTkt, read: readTkt },
    "vibe-kanban": { is: isVibeKanbanFolder, read: readVibeKanbanFolder },
    "claude-tasks": { is: isClaudeTasks, read: readClaudeTasks },
    ayo: { is: (dir) => isTkDirectory(dir) && hasAyoFiles(dir), read: readTkDirectory },
    tk: { is: isTkDirectory, read: readTkDirectory },
  };

/** The tools that keep or export folders. */
export const FOLDER_KINDS = Object.keys(READERS) as readonly Kind[];

/** What a folder holds by its looks, or undefined. */
export function kindOfFolder(dir: string): Kind | undefined {
  return FOLDER_KINDS.find((kind) => READERS[kind]?.is(dir));
}

/** Whether a folder looks like this tool's. */
export function looksLike(kind: Kind, dir: string): boolean {
  return READERS[kind]?.is(dir) ?? false;
}

/** Reads a folder as the tool of this name keeps it. @throws bad_input where that tool keeps files */
export function readFolder(kind: Kind, dir: string, shown: string): Promise<Gathered> {
  const reader = READERS[kind];
  if (reader !== undefined) return reader.read(dir, shown);
  const what = { jsonl: "JSON lines are", github: "issues of gh are", linear: "Linear's export is" }[kind as "jsonl"];
  throw new AyoError("bad_input", `${shown} is a directory; ${what} a file`);
}

function isBeadsFolder(dir: string): boolean {
  return path.basename(dir) === ".beads" || BEADS_FILES.some((name) => namesIn(dir).includes(name));
}

function readBeadsFolder(dir: string, shown: string): Promise<Gathered> {
  const name = BEADS_FILES.find((one) => isFile(path.join(dir, one)));
  if (name !== undefined)
    return readText(readNamed(path.join(dir, name), path.join(shown, name)), path.join(shown, name), {
      from: "beads",
      dir,
    });
  const file = path.join(shown, "issues.jsonl");
  throw new AyoError("bad_input", `${shown} has no issues.jsonl: beads keeps its issues in a database`, {
    try: ["bd", "export", "-o", file],
  });
}

/** Other programs keep a `tasks.json`, too: only in its own folder it is task-master's whatever it says. */
function isTaskMasterFolder(dir: string): boolean {
  const name = tasksFile(dir);
  if (name === undefined || path.basename(dir) === ".taskmaster") return name !== undefined;
  const file = path.join(dir, name);
  return isTaskMaster(readDocument(readNamed(file, file), file));
}

function tasksFile(dir: string): string | undefined {
  return TASKS_FILES.find((name) => isFile(path.join(dir, name)));
}

function readTasksFile(dir: string, shown: string): Promise<Gathered> {
  const name = tasksFile(dir);
  if (name === undefined) throw new AyoError("bad_input", `${shown} has no tasks.json`);
  return readText(readNamed(path.join(dir, name), path.join(shown, name)), path.join(shown, name), {
    from: "task-master",
  });
}

function hasAyoFiles(dir: string): boolean {
  const names = namesIn(dir);
  return names.includes("config.yml") || names.includes("archive");
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
