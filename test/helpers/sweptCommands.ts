import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "./git.ts";
import { gitRepo } from "./gitRepo.ts";
import { ROUND } from "./runCli.ts";
import { storeIn, type TempStore, tempStore } from "./tempStore.ts";

/** A command that a sweep stops, or cuts the power of, at every call of the disk. */
export interface SweptCommand {
  readonly name: string;
  readonly args: (store: TempStore) => readonly string[];
  readonly input?: string;
  /** The author and the subject of its commit. */
  readonly commit: RegExp;
  /** The ticket that others change at the same time. */
  readonly ticket: string;
  /** What it changes, piece by piece: whether each is in the files. All or none may be. */
  readonly parts: (texts: Texts) => readonly boolean[];
  /** What it prints once it has made the change. */
  readonly says: RegExp;
}

/** Every ticket's text by its path in the store, archived ones too. */
export type Texts = Readonly<Record<string, string>>;

/** The tickets of the template. */
const TICKETS = [
  { id: "t-1", title: "First", description: "Text" },
  { id: "t-2", title: "Second", description: "Text" },
  { id: "t-3", title: "Third", description: "Text", project: "Web Shop" },
  { id: "t-4", title: "Waits for the first", deps: ["t-1"] },
  { id: "t-7", title: "Taken" },
];
const OLD = [5, 6].map((n) => ({ id: `t-${n}`, title: "Old", status: "closed", closed: `2020-0${n}-01T00:00:00Z` }));

/** A store with what the commands of a sweep need; copies of it are what is swept. */
export async function sweptStore(inline: boolean, cleanUp: (remove: () => void) => void): Promise<TempStore> {
  const store = await tempStore({ inline, at: gitRepo(cleanUp) });
  // Git's examples of hooks would be copied with every copy.
  rmSync(path.join(store.dir, ".git/hooks"), { recursive: true });
  // The first change archives what is old, at most once a day.
  await store.ayo("ticket", "create", "Another");
  for (const tickets of [TICKETS, OLD]) await importInto(store, tickets);
  await store.ayo("ticket", "claim", "t-7", "--as", "@other", "--lease", "24h");
  await store.ayo("ticket", "update", "t-2", "t-3", "--priority", "4");
  if (inline) {
    // What somebody has staged is nobody's business.
    writeFileSync(path.join(store.dir, "staged.txt"), "half done\n");
    git(store.dir, "add", "staged.txt");
  }
  return store;
}

async function importInto(store: TempStore, tickets: readonly object[]): Promise<void> {
  const input = tickets.map((ticket) => JSON.stringify(ticket)).join("\n");
  const { code, stderr } = await store.here(["import", "-", "--from", "jsonl"], { input });
  if (code !== 0) throw new Error(stderr);
}

/** A copy of a store with all its times, in a folder that does not exist yet. */
export function copyOf({ dir: from, repo }: TempStore, to: string): TempStore {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  return storeIn(to, repo === from);
}

/** Every ticket's text, archived ones too. */
export function textsOf({ tickets }: TempStore): Texts {
  const names = readdirSync(tickets, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".md") && !name.startsWith(".git"));
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(tickets, name), "utf8")]));
}

/** How many tickets have a title. */
export function titled(texts: Texts, title: string): number {
  return Object.values(texts).filter((text) => text.includes(`# ${title}\n`)).length;
}

const has = (texts: Texts, file: string, line: string): boolean => `\n${texts[file]}`.includes(`\n${line}\n`);
const lines = (...values: readonly object[]): string => values.map((value) => JSON.stringify(value)).join("\n");

/**
 * The commands that crashes, stops and obstacles are tried on at every step: of one file and of several, that add,
 * change, move and take back.
 */
const ALL: readonly SweptCommand[] = [
  {
    name: "create",
    args: () => ["ticket", "create", "New one"],
    commit: /: create .*: New one$/,
    ticket: "t-1",
    parts: (texts) => [titled(texts, "New one") === 1],
    says: /^\S+$/m,
  },
  {
    name: "update",
    args: () => ["ticket", "update", "t-1", "t-2", "--priority", "0"],
    commit: /: update 2 tickets: priority$/,
    ticket: "t-2",
    parts: (texts) => ["t-1.md", "t-2.md"].map((file) => has(texts, file, "priority: 0")),
    says: /^Updated t-1, t-2$/m,
  },
  {
    name: "close",
    args: () => ["ticket", "close", "t-1", "-m", "done so far"],
    commit: /: close t-1: /,
    ticket: "t-1",
    parts: (texts) => ["status: closed", "done so far"].map((line) => has(texts, "t-1.md", line)),
    says: /^Updated t-1 -> closed\nready: t-4/m,
  },
  {
    name: "link",
    args: () => ["ticket", "link", "t-1", "t-2", "t-3"],
    commit: /: link t-1, t-2, t-3$/,
    ticket: "t-3",
    parts: (texts) =>
      (
        [
          ["t-1", "t-2, t-3"],
          ["t-2", "t-1, t-3"],
          ["t-3", "t-1, t-2"],
        ] as const
      ).map(([id, others]) => has(texts, `${id}.md`, `links: [${others}]`)),
    says: /^Linked t-1/m,
  },
  {
    name: "batch",
    args: () => ["ticket", "batch"],
    input: lines(
      { op: "create", title: "By batch" },
      { op: "close", id: "t-3" },
      { op: "note", id: "t-2", text: "noted by batch" },
    ),
    commit: /: batch: 1 create/,
    ticket: "t-2",
    parts: (texts) => [
      titled(texts, "By batch") === 1,
      has(texts, "t-3.md", "status: closed"),
      has(texts, "t-2.md", "noted by batch"),
    ],
    says: /By batch/,
  },
  {
    name: "archive",
    args: () => ["ticket", "archive"],
    commit: /: archive 2 tickets$/,
    ticket: "t-1",
    parts: (texts) => [
      "t-5.md" in texts === false,
      "t-6.md" in texts === false,
      "archive/2020-05/t-5.md" in texts,
      "archive/2020-06/t-6.md" in texts,
    ],
    says: /^2 tickets archived$/m,
  },
  {
    name: "import",
    args: () => ["import", "-", "--from", "jsonl"],
    input: lines(...[1, 2, 3].map((n) => ({ id: `imp-${n}`, title: `Imported ${n}` }))),
    commit: /: import 3 tickets/,
    ticket: "t-1",
    parts: (texts) => [1, 2, 3].map((n) => titled(texts, `Imported ${n}`) === 1),
    says: /^3 imported/m,
  },
  {
    name: "undo",
    args: ({ repo }) => ["undo", git(repo, "rev-parse", "HEAD")],
    commit: /: undo update 2 tickets: priority$/,
    ticket: "t-3",
    parts: (texts) => ["t-2.md", "t-3.md"].map((file) => !has(texts, file, "priority: 4")),
    says: /^Undid /m,
  },
  {
    name: "round",
    args: () => [ROUND],
    commit: /^coder: note t-1: third of a round$/,
    ticket: "t-2",
    parts: (texts) => [
      has(texts, "t-1.md", "first of a round"),
      has(texts, "t-2.md", "priority: 0"),
      has(texts, "t-1.md", "third of a round"),
    ],
    says: /^a round is made$/m,
  },
  {
    name: "claim",
    args: () => ["--as", "@coder", "ticket", "claim", "t-2", "--lease", "24h"],
    commit: /^coder: claim t-2: /,
    ticket: "t-2",
    parts: (texts) => [has(texts, "t-2.md", "claimed-by: '@coder'")],
    says: /^Claimed t-2/m,
  },
];

/** More of the same: for the long sweeps. */
const MORE: readonly SweptCommand[] = [
  {
    name: "delegate",
    args: () => ["--as", "@coder", "ticket", "delegate", "t-1", "A part", "--to", "@tester"],
    commit: /^coder: delegate .*: A part$/,
    ticket: "t-1",
    parts: (texts) => [
      Object.values(texts).some((text) => text.includes("parent: t-1\ndelegated-by: '@coder'")),
      titled(texts, "A part") === 1,
    ],
    says: /^\S+$/m,
  },
  {
    name: "project",
    args: () => ["project", "create", "Web Shop"],
    commit: /: create project web-shop: Web Shop$/,
    ticket: "t-2",
    parts: (texts) => [has(texts, "projects/web-shop.md", "name: Web Shop"), has(texts, "t-3.md", "project: web-shop")],
    says: /^web-shop$/m,
  },
];

/** Only these, by their names: AYO_SWEPT=delegate,project. */
const ONLY = process.env.AYO_SWEPT?.split(",");

/** The commands of a sweep. */
export const SWEPT: readonly SweptCommand[] =
  ONLY === undefined
    ? [...ALL, ...(process.env.AYO_LONG === "1" ? MORE : [])]
    : [...ALL, ...MORE].filter(({ name }) => ONLY.includes(name));
