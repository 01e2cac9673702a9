/** The tools whose tickets can be read, as `--from` names them, and as people do. */
export const NAMES = {
  tk: "tk",
  ayo: "ayo",
  jsonl: "JSON lines",
  beads: "beads",
  minibeads: "minibeads",
  backlog: "Backlog.md",
  tkt: "tkt",
  beans: "beans",
  tbd: "tbd",
  ank: "ank",
  github: "GitHub",
  linear: "Linear",
  "task-master": "task-master",
  "vibe-kanban": "vibe-kanban",
  "claude-tasks": "Claude Code",
} as const;

/** One of the tools. */
export type Kind = keyof typeof NAMES;

/** All of them, in the order of the help. */
export const KINDS = Object.keys(NAMES) as [Kind, ...Kind[]];

/** Those that keep each ticket as a file of its own: a single file is none of them. */
export const FOLDERS: readonly Kind[] = [
  "tk",
  "ayo",
  "minibeads",
  "backlog",
  "tkt",
  "beans",
  "tbd",
  "ank",
  "claude-tasks",
];
