import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { doctor } from "../../../src/actions/doctor/doctor.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { hashObject } from "../../../src/git/objects/objects.ts";
import { createTicket } from "../../../src/index.ts";
import { forgeIndex } from "../../helpers/forgeIndex.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../../helpers/tempStore.ts";

const BRANCH = "refs/heads/ayo/tickets";

/** A store with five tickets, one of them archived, and more than one commit for most files; copied for every test. */
let template: TempStore;
const cleanUp = laterCleanUp();
beforeAll(async () => {
  template = await tempStore({ at: gitRepo(cleanUp), project: true });
  const lines = ["a", "b", "c", "d", "old"].map((name) => JSON.stringify({ id: `t-${name}`, title: `Ticket ${name}` }));
  await template.here(["import", "-", "--from", "jsonl"], { input: lines.join("\n") });
  for (const name of ["a", "b", "c"]) await template.ayo("--as", "@coder", "ticket", "note", `t-${name}`, "seen");
  await template.ayo("ticket", "close", "t-old");
  template.write("t-old", template.text("t-old").replace(/^closed: .*$/m, "closed: 2020-01-05T00:00:00Z"));
  await template.ayo("ticket", "archive", "--before", "30d");
  await template.ayo("ticket", "dep", "add", "t-b", "t-a");
});

function copy(): TempStore & Handles {
  const dir = path.join(tempDir(), "p");
  cpSync(template.dir, dir, { recursive: true, preserveTimestamps: true });
  const store = storeIn(dir);
  const gitDir = path.join(store.tickets, ".git");
  return {
    ...store,
    gitDir,
    inGit: (name) => path.join(gitDir, name),
    object: (name) => {
      const oid = git(store.tickets, "rev-parse", name);
      return path.join(gitDir, "objects", oid.slice(0, 2), oid.slice(2));
    },
    change: (id, from, to) => {
      const text = store.text(id);
      expect(text).toMatch(from);
      store.write(id, text.replace(from, to));
    },
    put: (file, text) => {
      mkdirSync(path.dirname(path.join(store.tickets, file)), { recursive: true });
      writeFileSync(path.join(store.tickets, file), text);
    },
  };
}

interface Handles {
  readonly gitDir: string;
  inGit(name: string): string;
  /** The loose object's file of a revision. */
  object(name: string): string;
  change(id: string, from: string | RegExp, to: string): void;
  put(file: string, text: string): void;
}
type Examination = TempStore & Handles;

const examine = async (store: TempStore, fix = false) => invoke(doctor, store.open(), { fix });
const codesOf = (findings: readonly { readonly code: string }[]) =>
  [...new Set(findings.map(({ code }) => code))].sort();

/** The bytes of every ticket, wherever in the store or among what was set aside it lies. */
function allTexts({ tickets }: TempStore): Set<string> {
  const folders = [tickets, path.join(tickets, ".git", "ayo", "set-aside")].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return new Set(files.map((file) => readFileSync(file, "utf8")));
}

function damageBytes(file: string): void {
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff;
  rmSync(file);
  writeFileSync(file, bytes);
}

function makeOld(file: string): void {
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(file, hourAgo, hourAgo);
}

test("a healthy store: nothing is wrong, and --fix changes nothing", async () => {
  const store = copy();
  const head = git(store.repo, "rev-parse", "HEAD");
  expect(await examine(store)).toMatchObject({ findings: [], fixed: [], ok: true, notices: [] });
  expect(await examine(store, true)).toMatchObject({ findings: [], fixed: [], ok: true });
  expect(git(store.repo, "rev-parse", "HEAD")).toBe(head);
});

type Damage = readonly [code: string, what: string, damage: (store: Examination) => void | Promise<void>];

/** What doctor finds and mends: afterwards nothing is wrong, git agrees, and no ticket's text is gone. */
const MENDED: readonly Damage[] = [
  [
    "dangling_link",
    "a link to a ticket that is nowhere",
    ({ change }) => change("t-c", "links: []", "links: [t-gone, t-b]"),
  ],
  ["duplicate_id", "two files with one id", ({ put, text }) => put("t-copy.md", text("t-a"))],
  [
    "duplicate_id",
    "ids that differ in case only",
    ({ put, text }) => put("T-x.md", text("t-a").replace("id: t-a", "id: T-A")),
  ],
  ["id_mismatch", "a file with another name than its id", ({ change }) => change("t-d", "id: t-d", "id: t-z")],
  [
    "archived_twice",
    "an archived copy of an active ticket",
    ({ put, text }) => put("archive/2020-01/t-a.md", text("t-a")),
  ],
  ["torn_file", "an empty file, as a power cut leaves it", ({ put }) => put("t-a.md", "")],
  ["torn_file", "a file full of NUL bytes", ({ put, text }) => put("t-a.md", "\0".repeat(text("t-a").length))],
  ["cache_drift", "a cache that lies", (store) => lie(store, "index")],
  ["cache_drift", "an archive table that lies", (store) => lie(store, "archive.table")],
  ["stale_lock", "the lock of a process that is gone", leaveLock],
  ["stale_git_lock", "an old index.lock", ({ inGit }) => leave(inGit("index.lock"))],
  ["stale_git_lock", "an old lock of the branch", ({ inGit }) => leave(inGit(`${BRANCH}.lock`))],
  ["stale_temporary", "a temporary object", ({ inGit }) => leave(inGit("objects/tmp_obj_abc"))],
  ["stale_temporary", "a staged ticket", ({ inGit }) => leave(inGit("ayo/tmp/1-0"))],
  ["bad_record", "a redo record that cannot be read", ({ inGit }) => writeFileSync(inGit("ayo/redo/0-0-1.json"), "{")],
  ["git_index", "a missing index", ({ inGit }) => rmSync(inGit("index"))],
  ["git_index", "a damaged index", ({ inGit }) => damageBytes(inGit("index"))],
  ["git_index", "an index that differs from HEAD", ({ repo }) => git(repo, "rm", "--quiet", "--cached", "t-a.md")],
  ["git_head", "a missing HEAD", ({ inGit }) => rmSync(inGit("HEAD"))],
  ["git_head", "a HEAD of NUL bytes", ({ inGit }) => writeFileSync(inGit("HEAD"), "\0".repeat(30))],
  [
    "git_head",
    "a HEAD that names a branch that is not",
    ({ inGit }) => writeFileSync(inGit("HEAD"), "ref: refs/heads/main\n"),
  ],
  ["git_ref", "a branch of NUL bytes", ({ inGit }) => writeFileSync(inGit(BRANCH), "\0".repeat(41))],
  ["git_ref", "a branch that is gone", ({ inGit }) => rmSync(inGit(BRANCH))],
  ["git_ref", "a branch that is gone with its log", lostBranch],
  [
    "git_ref",
    "packed-refs with a torn line",
    ({ inGit }) => writeFileSync(inGit("packed-refs"), "# pack-refs with: peeled\nabc\n"),
  ],
  ["git_ref", "a branch behind its log, packed before", behindLog],
  ["git_log", "a log with a torn line", ({ inGit }) => appendFileSync(inGit(`logs/${BRANCH}`), "0123 456")],
  ["git_object", "a damaged text of the last commit", ({ object }) => damageBytes(object("HEAD:t-b.md"))],
  ["git_object", "a missing text of the last commit", ({ object }) => rmSync(object("HEAD:t-b.md"))],
  ["git_object", "a missing folder of the last commit", ({ object }) => rmSync(object("HEAD^{tree}"))],
  ["git_object", "a missing folder of an earlier commit", ({ object }) => rmSync(object("HEAD~1^{tree}"))],
  ["git_object", "a missing commit in the middle", ({ object }) => rmSync(object("HEAD~2"))],
  ["git_object", "the last commit, empty", ({ object }) => empty(object("HEAD"))],
  ["git_object", "damaged, and needed by nobody", litter],
  ["git_head_lost", "the last commit with its log and folder", headLost],
  ["git_pack", "a pack without its index", (store) => rmSync(packOf(store, "idx"))],
  ["git_pack", "a damaged index of a pack", (store) => damageBytes(packOf(store, "idx"))],
  [
    "git_incomplete",
    "no refs/, so that git sees no repository",
    ({ inGit }) => rmSync(inGit("refs"), { recursive: true }),
  ],
  ["git_config", "an empty configuration", ({ inGit }) => writeFileSync(inGit("config"), "")],
  [
    "git_config",
    "a configuration that git cannot read",
    ({ inGit }) => writeFileSync(inGit("config"), "[core\n\tbare = "),
  ],
  ["not_excluded", "the project sees the store", ({ dir }) => rmSync(path.join(dir, ".git/info/exclude"))],
];

describe("what doctor mends", () => {
  test.each(MENDED)("%s: %s", async (code, _, damage) => {
    const store = copy();
    const texts = allTexts(store);
    await damage(store);
    const found = await examine(store);
    expect(codesOf(found.findings)).toContain(code);
    expect(found.ok).toBe(false);
    const mended = await examine(store, true);
    expect(mended.findings).toEqual([]);
    expect(codesOf(mended.fixed)).toContain(code);
    for (const finding of mended.fixed) expect(finding.fix).toEqual(expect.any(String));
    fsck(store.repo);
    const after = allTexts(store);
    for (const text of texts) expect(isThere(text, after), text).toBe(true);
    // The store works on, with all its history that can be.
    const { notices } = await createTicket(store.open(), { title: "After it" });
    expect(notices).toEqual([]);
    store.judge();
    expect((await examine(store)).findings).toEqual([]);
  });

  test("much at once: all of it in one go", async () => {
    const store = copy();
    const some = [
      "dangling_link",
      "torn_file",
      "cache_drift",
      "stale_git_lock",
      "git_index",
      "git_object",
      "not_excluded",
    ];
    for (const code of some) await MENDED.find((one) => one[0] === code)?.[2](store);
    const mended = await examine(store, true);
    expect(mended.findings).toEqual([]);
    expect(codesOf(mended.fixed).filter((code) => some.includes(code))).toEqual(some.sort());
    expect(readdirSync(mended.setAside ?? "").length).toBeGreaterThan(0);
    store.judge();
  });
});

/** What only a person can settle: found, said what to do, and left byte for byte by --fix. */
const LEFT: readonly (readonly [
  code: string,
  says: string | RegExp,
  damage: (store: Examination) => void | Promise<void>,
])[] = [
  ["bad_ticket", "not valid YAML", ({ change }) => change("t-a", "status: open", "status: [open")],
  ["bad_ticket", "a symbolic link", ({ tickets }) => symlinkSync("/etc/hostname", path.join(tickets, "t-link.md"))],
  [
    "bad_ticket",
    "conflict markers",
    ({ change }) => change("t-a", "status: open", "<<<<<<< a\nstatus: open\n=======\n>>>>>>> b"),
  ],
  ["bad_config", "", ({ put }) => put("config.yml", "board: {columns: [1]}\n")],
  ["bad_id", "is no id", ({ put }) => put("with blank.md", "---\nstatus: open\n---\n# Blank\n")],
  [
    "id_mismatch",
    "that name is taken",
    ({ put, text }) => {
      put("t-x.md", text("t-a").replace("id: t-a", "id: t-z"));
      put("t-z.md", "---\nstatus: [open\n---\n# Not to be read\n");
    },
  ],
  [
    "archived_twice",
    "has the id of archive/",
    ({ put, text }) => put("t-x.md", text("t-a").replace("id: t-a", "id: t-old")),
  ],
  [
    "archived_twice",
    "the texts differ",
    ({ put, text }) => put("archive/2020-01/t-a.md", text("t-a").replace("seen", "other")),
  ],
  ["dangling_dep", "ayo ticket undep t-a t-gone", ({ change }) => change("t-a", "deps: []", "deps: [t-gone]")],
  [
    "dangling_parent",
    'ayo ticket update t-a --parent ""',
    ({ change }) => change("t-a", "links: []", "links: []\nparent: t-gone"),
  ],
  [
    "dangling_duplicate",
    "is a duplicate of",
    ({ change }) => change("t-a", "links: []", "links: []\nduplicate-of: t-gone"),
  ],
  ["cycle", "wait for each other: t-a -> t-b -> t-a", ({ change }) => change("t-a", "deps: []", "deps: [t-b]")],
  ["parent_cycle", "are parts of each other", ({ change }) => change("t-a", "links: []", "links: []\nparent: t-a")],
  ["unknown_status", "is no column of the board", ({ change }) => change("t-a", "status: open", "status: dreaming")],
  ["misplaced", "is never read", ({ put }) => put("archive/t-lost.md", "---\nid: t-lost\n---\n# Lost\n")],
  ["tracked_by_branch", "branch main", trackedByProject],
  [
    "git_operation",
    "a merge is in progress",
    ({ repo, inGit }) => writeFileSync(inGit("MERGE_HEAD"), `${git(repo, "rev-parse", "HEAD")}\n`),
  ],
  ["git_head", "HEAD is detached", ({ repo }) => git(repo, "checkout", "--quiet", "--detach")],
  ["git_object", "found nowhere else", ({ object }) => rmSync(object("HEAD^{/import}:t-a.md"))],
];

describe("what doctor leaves to a person", () => {
  test.each(LEFT)("%s: %s", async (code, says, damage) => {
    const store = copy();
    await damage(store);
    const texts = allTexts(store);
    const found = await examine(store);
    const finding = found.findings.find((one) => one.code === code);
    expect(finding?.message).toMatch(says);
    expect(finding?.fix).toBeUndefined();
    const mended = await examine(store, true);
    expect(mended.findings).toEqual(found.findings);
    expect(mended.fixed).toEqual([]);
    expect([...allTexts(store)].sort()).toEqual([...texts].sort());
  });
});

describe("in the project's repository", () => {
  test("what a person staged is not thrown away, git's own things are not touched", async () => {
    const store = await tempStore({ inline: true });
    await store.ayo("ticket", "create", "One");
    writeFileSync(path.join(store.dir, "staged.txt"), "x\n");
    git(store.dir, "add", "staged.txt");
    writeFileSync(path.join(store.dir, ".git", "objects", "tmp_obj_abc"), "");
    makeOld(path.join(store.dir, ".git", "objects", "tmp_obj_abc"));
    expect((await examine(store, true)).findings).toEqual([]);
    expect(git(store.dir, "status", "--porcelain")).toBe("A  staged.txt");
    damageBytes(path.join(store.dir, ".git", "index"));
    const bytes = readFileSync(path.join(store.dir, ".git", "index"));
    const { findings, fixed } = await examine(store, true);
    expect([codesOf(findings), fixed]).toEqual([["git_index"], []]);
    expect(findings[0]?.message).toContain("git reset");
    expect(readFileSync(path.join(store.dir, ".git", "index")).equals(bytes)).toBe(true);
  });
});

test("the command line: findings with what --fix would do, exit 1; fixed ones with where the copies are", async () => {
  const store = copy();
  store.change("t-a", "links: []", "links: [t-gone]");
  store.put("t-b.md", "");
  const found = await store.here(["doctor"]);
  expect([found.code, found.stderr]).toEqual([1, ""]);
  expect(found.stdout).toBe(
    "error torn_file t-b.md: the file is empty or full of NUL bytes, as a crash leaves it\n" +
      "  --fix: restored from the last commit\n" +
      "warning dangling_link t-a.md: is linked to t-gone, which does not exist\n" +
      "  --fix: the link is removed\n" +
      "2 findings; 'ayo doctor --fix' mends 2\n",
  );
  const fixed = await store.here(["doctor", "--fix"]);
  expect([fixed.code, fixed.stdout]).toEqual([0, expect.stringContaining("2 fixed, nothing else is wrong")]);
  expect(fixed.stdout).toMatch(/^What was replaced is kept in \S+set-aside\S+$/m);
  store.judge();
});

/** Whether a text is there, as it was or with what a mended id or link changes in it. */
function isThere(text: string, texts: ReadonlySet<string>): boolean {
  const plain = (one: string) => one.replaceAll(/^(id|links|deps): .*$/gm, "").trim();
  return [...texts].some((one) => plain(one) === plain(text));
}

/** Has a cache say that tickets have other titles. */
async function lie({ inGit, ayo }: Examination, cache: string): Promise<void> {
  // Written anew once the files are old enough to be trusted by their stamps.
  for (const name of readdirSync(inGit("ayo"))) if (/^(index|archive)/.test(name)) rmSync(inGit(`ayo/${name}`));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await ayo("init");
  await ayo("ticket", "show", "t-old");
  const file = inGit(`ayo/${cache}`);
  const change = (text: string): string => text.replaceAll("Ticket ", "Tricky ");
  if (cache === "index") return forgeIndex(file, change);
  const bytes = readFileSync(file, "latin1");
  expect(bytes).toMatch("Ticket ");
  writeFileSync(file, Buffer.from(change(bytes), "latin1"));
}

function leave(file: string): void {
  writeFileSync(file, "");
  makeOld(file);
}

function leaveLock({ inGit }: Examination): void {
  mkdirSync(inGit("ayo/lock"));
  const card = { pid: 1, startTime: "0", bootId: "another boot", pidNamespace: "" };
  writeFileSync(inGit("ayo/lock.json"), JSON.stringify(card));
}

function empty(file: string): void {
  rmSync(file);
  writeFileSync(file, "");
}

function lostBranch({ inGit }: Examination): void {
  rmSync(inGit(BRANCH));
  rmSync(inGit("logs"), { recursive: true });
}

function behindLog({ repo, inGit }: Examination): void {
  const head = git(repo, "rev-parse", "HEAD");
  git(repo, "update-ref", BRANCH, "HEAD~2");
  git(repo, "pack-refs", "--all");
  git(repo, "update-ref", BRANCH, head);
  rmSync(inGit(BRANCH));
}

function litter({ inGit }: Examination): void {
  const oid = hashObject("blob", Buffer.from("nobody's"));
  mkdirSync(inGit(`objects/${oid.slice(0, 2)}`), { recursive: true });
  writeFileSync(inGit(`objects/${oid.slice(0, 2)}/${oid.slice(2)}`), "no zlib");
}

/** A commit that nothing tells of any more. */
function headLost({ inGit, object }: Examination): void {
  const files = [object("HEAD^{tree}"), object("HEAD")];
  for (const log of [`logs/${BRANCH}`, "logs/HEAD"]) {
    const lines = readFileSync(inGit(log), "utf8").trimEnd().split("\n");
    writeFileSync(inGit(log), `${lines.slice(0, -1).join("\n")}\n`);
  }
  rmSync(inGit("index"));
  for (const file of files) rmSync(file);
}

function packOf({ repo, inGit }: Examination, extension: string): string {
  git(repo, "repack", "-a", "-d", "--quiet");
  const [name = ""] = readdirSync(inGit("objects/pack")).filter((one) => one.endsWith(extension));
  expect(statSync(inGit(`objects/pack/${name}`)).size).toBeGreaterThan(100);
  return inGit(`objects/pack/${name}`);
}

function trackedByProject({ dir }: Examination): void {
  const blob = git(dir, "hash-object", "-w", "README.md");
  git(dir, "update-index", "--add", "--cacheinfo", `100644,${blob},.tickets/x.md`);
  git(dir, "commit", "--quiet", "-m", "tracks");
  git(dir, "rm", "--quiet", "--cached", ".tickets/x.md");
}
