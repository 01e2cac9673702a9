import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { addNote, createTicket, listTickets } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { lockHolder } from "../helpers/lockHolder.ts";
import { CLI, runCli, UNPRIVILEGED } from "../helpers/runCli.ts";
import { runScript } from "../helpers/runScript.ts";
import { dirElsewhere, tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";

/** Every file below a folder with its bytes. */
function snapshotOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return files.map((file) => `${file}\n${readFileSync(file, "utf8")}`).join("\n");
}

/** The tickets' bytes, and the commit that git has. */
function snapshot({ tickets, repo, files }: TempStore): string {
  const texts = files().map((name) => `${name}\n${readFileSync(path.join(tickets, name), "utf8")}`);
  return [git(repo, "rev-parse", "HEAD"), ...texts].join("\n");
}

function makeReadOnly(folder: string): () => void {
  const folders = [
    folder,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  ];
  for (const one of folders) chmodSync(one, 0o555);
  const restore = () => {
    for (const one of folders) chmodSync(one, 0o755);
  };
  onTestFinished(restore);
  return restore;
}

describe("a directory that this process may not write", () => {
  test.each([
    ["the store's .git", ".git", ".git"],
    ["only its objects", ".git/objects", ".git/objects"],
    ["only its refs", ".git/refs/heads", ".git/refs/heads"],
    ["all of the store", ".", "."],
  ])("%s: the change is refused, nothing is changed, reading goes on", async (_, folder, named) => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const before = snapshot(store);
    const restore = makeReadOnly(path.join(store.tickets, folder));
    const through = UNPRIVILEGED;
    const refused = await store.run(["ticket", "close", id, "--json"], { through });
    const { code, data, message } = JSON.parse(refused.stderr).error;
    expect([refused.code, refused.stdout, code]).toEqual([1, "", "store_not_writable"]);
    expect(`${data.dir}/`).toContain(`${path.resolve(store.tickets, named)}/`);
    if (named === ".") expect(data.dir).toBe(store.tickets);
    expect(message).toContain(data.dir);
    expect(await store.run(["ticket", "list", "-q"], { through })).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
    expect((await store.run(["ticket", "show", id], { through })).code).toBe(0);
    expect(snapshot(store)).toBe(before);
    restore();
    expect(await store.run(["ticket", "close", id], { through })).toMatchObject({ code: 0, stderr: "" });
    store.judge();
  });

  test("the tickets' folder alone: refused before the branch moves", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const before = snapshot(store);
    chmodSync(store.tickets, 0o555);
    onTestFinished(() => chmodSync(store.tickets, 0o755));
    const refused = await store.run(["ticket", "close", id], { through: UNPRIVILEGED });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`${store.tickets} is closed to this process`),
    ]);
    expect(snapshot(store)).toBe(before);
    chmodSync(store.tickets, 0o755);
    await store.ayo("ticket", "close", id);
    expect(store.subjects().slice(0, 2)).toEqual([`close ${id}: Build login`, `create ${id}: Build login`]);
    store.judge();
  });

  test("the whole store: the folder is named, not only what was tried first", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const script =
      'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1/.." && ayo ticket close "$2" --json';
    const { stderr } = runScript(script, [store.tickets, id]);
    expect(JSON.parse(stderr).error).toMatchObject({ code: "store_not_writable", data: { dir: store.tickets } });
    store.judge();
  });

  test("the project's .git: a store of its own does not need it", async () => {
    const dir = gitRepo();
    const restore = makeReadOnly(path.join(dir, ".git"));
    const made = await runCli(dir, ["ticket", "create", "In a sandbox"], { through: UNPRIVILEGED });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    restore();
    storeIn(dir).judge();
    expect(git(dir, "log", "--format=%s")).toBe("start");
  });

  test("where there is no store yet and none can be made", async () => {
    const dir = tempDir();
    makeReadOnly(dir);
    const refused = await runCli(dir, ["ticket", "create", "Nowhere"], { through: UNPRIVILEGED });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`${dir} is closed to this process`)]);
    expect(readdirSync(dir)).toEqual([]);
  });
});

/** A bash script in a mount namespace of its own, where the kernel lets us have one. */
const IN_OWN_MOUNTS = ["unshare", ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]), "--mount"];
const canMount =
  spawnSync(IN_OWN_MOUNTS[0] as string, [...IN_OWN_MOUNTS.slice(1), "sh", "-c", "mount -t tmpfs none /mnt"]).status ===
  0;

interface Step {
  readonly free: number;
  readonly code: number;
  readonly files: number;
  readonly status: string;
  readonly fsck: string;
  readonly error: string;
}

/**
 * A store on a full disk, with a little more space at every step. Where no file system can be mounted (a container),
 * a limit on the size of files refuses writes as late.
 */
const FULL_DISK = `
dir=$1; node=$2; cli=$3; words=$4; limited=$5
[ -n "$limited" ] || mount -t tmpfs -o size=2m none "$dir"
cd "$dir" && first=$("$node" "$cli" ticket create First -q) || exit 1
write() {
  case $words in
    create) "$node" "$cli" ticket create Next "$@";;
    delegate) "$node" "$cli" ticket delegate "$first" Next --to @coder "$@";;
    project) "$node" "$cli" project create "Next $RANDOM" "$@";;
  esac
}
limited() (
  ulimit -f $1; shift
  write "$@"
)
try() {
  free=$1; shift
  said=$("$@" 2>&1 >/dev/null); code=$?
  error=$(printf '%s' "$said" | grep '^error')
  rm -f filler
  files=$(ls .tickets/*.md .tickets/projects/*.md 2>/dev/null | wc -l)
  status=$(git -C .tickets status --porcelain | tr '\\n' ' ')
  fsck=$(git -C .tickets fsck --strict --no-dangling --no-progress 2>&1 | tr '\\n' ' ')
  printf '%s\\0%s\\0%s\\0%s\\0%s\\0%s\\n' "$free" "$code" "$files" "$status" "$fsck" "$error"
}
if [ -n "$limited" ]; then
  for free in 0 1 2 4; do try $free limited $free -d "$(printf 'x%.0s' $(seq 3000))"; done
else
  for free in 0 4 8 12 16 20 24 28 32 36 40 44 48 60; do
    dd if=/dev/zero of=filler bs=4k 2>/dev/null
    truncate -s -\${free}k filler
    try $free write
  done
fi
try 1000 write
`;

const WRITES = process.env.AYO_LONG === "1" ? ["create", "delegate", "project"] : ["create"];

test.for(WRITES)(
  "a full disk (%s): the change is made or refused as a whole, and works again when there is space",
  async (words) => {
    const dir = tempDir();
    const args = ["bash", "-c", FULL_DISK, "bash", dir, process.execPath, CLI, words, canMount ? "" : "limited"];
    const [command = "", ...rest] = canMount ? [...IN_OWN_MOUNTS, ...args] : args;
    const run = spawnSync(command, rest, { env: hermeticEnv(sharedHome()) as NodeJS.ProcessEnv, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const steps = run.stdout
      .trim()
      .split("\n")
      .map((line): Step => {
        const [free, code, files, status = "", found = "", error = ""] = line.split("\0");
        return { free: Number(free), code: Number(code), files: Number(files), status, fsck: found, error };
      });
    let files = 1;
    for (const { code, error, fsck: found, status, ...step } of steps) {
      const context = JSON.stringify({ ...step, error });
      if (code === 0) files++;
      // The limit on files comes as a signal, which may end the process before it can say why.
      else if (canMount) expect([code, error], context).toEqual([1, expect.stringMatching(FULL)]);
      expect([found, status, step.files], context).toEqual(["", "", files]);
    }
    expect(steps[0]?.code).toBeGreaterThan(0);
    expect(steps.at(-1)?.code).toBe(0);
  },
);

const FULL = /^error: no space left to write .*; nothing was changed/;

describe("git is in somebody else's hands", () => {
  test("a foreign index.lock: the commit is deferred, in JSON too, and made by the next command", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const lock = path.join(store.repo, ".git", "index.lock");
    writeFileSync(lock, "another git command's");
    const closed = await store.run(["--as", "@coder", "ticket", "close", id, "--json"]);
    expect(JSON.parse(closed.stdout)).toMatchObject({
      deferred: "git is locked by another process",
      tickets: [{ status: "closed" }],
    });
    expect(closed.stderr).toMatch(/^commit deferred: .*; the change is saved, the next command commits it\n$/);
    const noted = await store.run(["ticket", "note", id, "one more"]);
    expect([noted.code, noted.stderr]).toEqual([0, expect.stringContaining("commit deferred")]);
    expect(readFileSync(lock, "utf8")).toBe("another git command's");
    expect(store.subjects()[0]).toBe(`create ${id}: Build login`);
    rmSync(lock);
    const next = await store.run(["ticket", "create", "Next"]);
    expect([next.code, next.stderr]).toEqual([0, ""]);
    expect(git(store.repo, "log", "-3", "--reverse", "--format=%an %s")).toBe(
      [
        `coder close ${id}: Build login`,
        `Test User note ${id}: one more`,
        `Test User create ${next.stdout.trim()}: Next`,
      ].join("\n"),
    );
    store.judge();
  });

  test("a foreign lock on the branch: deferred too, and left alone", async () => {
    const store = await tempStore();
    const lock = path.join(store.repo, ".git", `${git(store.repo, "symbolic-ref", "HEAD")}.lock`);
    writeFileSync(lock, "");
    const made = await store.run(["ticket", "create", "Waits"]);
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining("commit deferred")]);
    expect([existsSync(lock), existsSync(path.join(store.repo, ".git", "index.lock"))]).toEqual([true, false]);
    rmSync(lock);
    await store.ayo("ticket", "create", "Next");
    expect(store.subjects().filter((subject) => subject.startsWith("create "))).toHaveLength(2);
    store.judge();
  });

  /** An inline store in a project where `topic` and `main` changed the same line. */
  async function divided(): Promise<TempStore & { readonly id: string }> {
    const store = await tempStore({ inline: true });
    const id = await store.ayo("ticket", "create", "Build login");
    const commit = (text: string) => {
      writeFileSync(path.join(store.dir, "README.md"), text);
      git(store.dir, "commit", "--quiet", "-am", text);
    };
    git(store.dir, "checkout", "--quiet", "-b", "topic");
    commit("theirs");
    git(store.dir, "checkout", "--quiet", "main");
    commit("ours");
    return { ...store, id };
  }

  const fails = (dir: string, ...args: string[]): void => {
    expect(() => git(dir, ...args)).toThrow();
  };
  test.each([
    ["merge", (dir: string) => fails(dir, "merge", "topic"), ["merge", "--abort"]],
    ["rebase", (dir: string) => fails(dir, "rebase", "topic"), ["rebase", "--abort"]],
    ["cherry-pick", (dir: string) => fails(dir, "cherry-pick", "topic"), ["cherry-pick", "--abort"]],
    ["revert", (dir: string) => fails(dir, "revert", "--no-edit", "topic"), ["revert", "--abort"]],
    ["bisect", (dir: string) => git(dir, "bisect", "start"), ["bisect", "reset"]],
    ["detached HEAD", (dir: string) => git(dir, "checkout", "--quiet", "--detach"), ["checkout", "--quiet", "main"]],
  ] as const)("inline, %s: deferred, and committed when it is over", async (name, begin, end) => {
    const store = await divided();
    begin(store.dir);
    const [head, index] = [git(store.dir, "rev-parse", "HEAD"), git(store.dir, "ls-files", "--stage")];
    const closed = await store.run(["--as", "@coder", "ticket", "close", store.id]);
    const reason = name === "detached HEAD" ? "HEAD is detached" : `a ${name} is in progress`;
    expect([closed.code, closed.stderr]).toEqual([0, expect.stringContaining(reason)]);
    expect([git(store.dir, "rev-parse", "HEAD"), git(store.dir, "ls-files", "--stage")]).toEqual([head, index]);
    expect(store.text(store.id)).toMatch(/^status: closed$/m);
    git(store.dir, ...end);
    expect(await store.run(["ticket", "note", store.id, "after it"])).toMatchObject({ code: 0, stderr: "" });
    expect(git(store.dir, "log", "-2", "--format=%an %s", "main")).toBe(
      `Test User note ${store.id}: after it\ncoder close ${store.id}: Build login`,
    );
    store.judge();
  });
});

describe("the store's lock", () => {
  /** A process that takes the store's lock and keeps it. */
  const holderOf = (store: TempStore) => lockHolder(path.join(store.repo, ".git", "ayo"));

  test("of a living process: waited for", async () => {
    const store = await tempStore();
    const holder = await holderOf(store);
    let isDone = false;
    const next = store.run(["ticket", "create", "Waits"]).finally(() => (isDone = true));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([isDone, store.files()]).toEqual([false, []]);
    expect(await holder.end()).toBe("kept");
    expect(await next).toMatchObject({ code: 0, stderr: "" });
    store.judge();
  });

  test("of a dead one, or of one before the last boot: replaced at once", async () => {
    const store = await tempStore();
    const holder = await holderOf(store);
    const state = path.join(store.repo, ".git", "ayo");
    const card = readFileSync(path.join(state, "lock.json"), "utf8");
    holder.child.kill("SIGKILL");
    await holder.gone;
    expect(existsSync(path.join(state, "lock"))).toBe(true);
    // Sooner than after the ten seconds that a lock needs to grow stale.
    expect(await store.run(["ticket", "create", "Next"], { timeoutMs: 5_000 })).toMatchObject({ code: 0, stderr: "" });
    mkdirSync(path.join(state, "lock"));
    const living = { ...JSON.parse(card), pid: process.pid, bootId: "another boot" };
    writeFileSync(path.join(state, "lock.json"), JSON.stringify(living));
    expect(await store.run(["ticket", "create", "Later"], { timeoutMs: 5_000 })).toMatchObject({ code: 0, stderr: "" });
    store.judge();
  });
});

describe("the clock was set back", () => {
  const DAY = 24 * 60 * 60 * 1000;

  test("hand edits are seen, changes are made, caches hold", async () => {
    const store = await tempStore();
    const late = store.open({ now: () => Date.now() + 2 * DAY });
    const { ticket } = await createTicket(late, { title: "Made in the future" });
    const early = store.open({ now: () => Date.now() - 2 * DAY });
    store.write(ticket.id, store.text(ticket.id).replace("priority: 2", "priority: 1"));
    await createTicket(early, { title: "Made in the past" });
    expect(store.subjects()[1]).toBe(`edit ${ticket.id} by hand: priority 2 → 1`);
    expect((await listTickets(store.open(), {})).tickets.map(({ priority }) => priority)).toEqual([1, 2]);
    expect((await store.run(["doctor"])).stdout).toBe("Nothing is wrong\n");
    store.judge();
  });

  test("between two deferred changes of one ticket: committed in the order they were made", async () => {
    const store = await tempStore();
    const { ticket } = await createTicket(store.open(), { title: "Build login" });
    const lock = path.join(store.repo, ".git", "index.lock");
    writeFileSync(lock, "");
    for (const [days, text] of [
      [0, "first"],
      [-1, "second"],
      [-2, "third"],
    ] as const) {
      const { deferred } = await addNote(store.open({ now: () => Date.now() + days * DAY }), { id: ticket.id, text });
      expect(deferred).toEqual(expect.any(String));
    }
    rmSync(lock);
    await createTicket(store.open(), { title: "Next" });
    expect(store.subjects().slice(1, 4)).toEqual(
      ["third", "second", "first"].map((text) => `note ${ticket.id}: ${text}`),
    );
    expect(store.text(ticket.id).match(/first|second|third/g)).toEqual(["first", "second", "third"]);
    store.judge();
  });
});

describe("other file systems and repositories", () => {
  test("a store elsewhere than the temporary files, and one whose .git lies on another file system", async () => {
    const elsewhere = dirElsewhere() as string;
    expect(statSync(elsewhere).dev).not.toBe(statSync(tempDir()).dev);
    const store = await tempStore({ at: path.join(elsewhere, "project") });
    await store.ayo("ticket", "close", await store.ayo("ticket", "create", "In memory"));
    store.judge();
    const split = storeIn(tempDir());
    mkdirSync(split.tickets);
    git(split.tickets, "init", "--quiet", "--initial-branch=ayo/tickets", `--separate-git-dir=${elsewhere}/apart`);
    await split.ayo("ticket", "close", await split.ayo("ticket", "create", "Apart"));
    expect(readdirSync(split.tickets).sort()).toEqual([".git", ...split.files()].sort());
    split.judge();
  });

  test.each([
    ["SHA-256 objects", (dir: string) => git(dir, "init", "--quiet", "--object-format=sha256"), "sha256 objects"],
    ["reftable", (dir: string) => reftable(dir), "reftable references"],
  ] as const)("%s: refused clearly, and no harm done", async (_, init, what) => {
    const store = storeIn(tempDir());
    mkdirSync(store.tickets);
    init(store.tickets);
    const refused = await store.run(["ticket", "create", "Never"]);
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain(`uses ${what}, which ayo cannot write; nothing was changed`);
    expect(readdirSync(store.tickets)).toEqual([".git"]);
    const project = storeIn(tempDir());
    init(project.dir);
    const before = snapshotOf(project.dir);
    const inline = await project.run(["init", "--inline"]);
    expect([inline.code, inline.stderr]).toEqual([1, expect.stringContaining(what)]);
    expect(snapshotOf(project.dir)).toBe(before);
    // A store of its own has nothing to do with the project's objects.
    await project.ayo("ticket", "create", "In its own repository");
    project.judge();
  });

  test.each([
    ["split index", (dir: string) => git(dir, "update-index", "--split-index"), "a split index"],
    [
      "sparse index",
      (dir: string) => git(dir, "sparse-checkout", "set", "--cone", "--sparse-index", ".tickets"),
      "a sparse index",
    ],
  ] as const)("inline, %s: refused with the command that helps, which does", async (_, prepare, what) => {
    const store = await tempStore({ inline: true });
    for (const file of ["src/a/x.txt", "src/b/y.txt"]) {
      mkdirSync(path.join(store.dir, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(store.dir, file), "x\n");
    }
    git(store.dir, "add", ".");
    git(store.dir, "commit", "--quiet", "-m", "sources");
    prepare(store.dir);
    const before = git(store.dir, "ls-files", "--stage");
    const refused = await store.run(["ticket", "create", "Not yet", "--json"]);
    const { code, message, try: help } = JSON.parse(refused.stderr).error;
    expect([refused.code, code, message]).toEqual([1, "git_unsupported", expect.stringContaining(what)]);
    expect([store.files(), git(store.dir, "ls-files", "--stage")]).toEqual([[], before]);
    const [command, ...args] = help as string[];
    expect(command).toBe("git");
    git(store.dir, ...args);
    await store.ayo("ticket", "create", "Now");
    store.judge();
  });
});

test("an inline store in a project whose index is of version 4: written and healthy, and it stays of version 4", async () => {
  const store = await tempStore({ inline: true });
  writeFileSync(path.join(store.dir, "work.ts"), "staged\n");
  git(store.dir, "add", "work.ts");
  git(store.dir, "update-index", "--index-version", "4");
  expect(await store.ayo("doctor")).toContain("Nothing is wrong");
  const id = await store.ayo("ticket", "create", "Build login");
  await store.ayo("ticket", "note", id, "begun");
  expect(git(store.dir, "status", "--porcelain")).toBe("A  work.ts");
  expect(readFileSync(path.join(store.dir, ".git", "index")).readUInt32BE(4)).toBe(4);
  expect(await store.ayo("doctor")).toContain("Nothing is wrong");
  git(store.dir, "commit", "--quiet", "-m", "work");
  store.judge();
});

test.each([
  ["a split index", ["update-index", "--split-index"]],
  ["a sparse index", ["sparse-checkout", "set", "--cone", "--sparse-index", ".tickets"]],
])("inline, %s: doctor does not call it damaged, and says what helps", async (what, make) => {
  const store = await tempStore({ inline: true });
  for (const folder of ["src/a", "src/b"]) mkdirSync(path.join(store.dir, folder), { recursive: true });
  for (const file of ["src/a/x.txt", "src/b/y.txt"]) writeFileSync(path.join(store.dir, file), "x\n");
  git(store.dir, "add", ".");
  git(store.dir, "commit", "--quiet", "-m", "sources");
  git(store.dir, ...make);
  const { code, stdout } = await store.run(["doctor", "--json"]);
  const { findings } = JSON.parse(stdout);
  expect([code, findings]).toEqual([1, [expect.objectContaining({ code: "git_index", severity: "error" })]]);
  const help = /'git ([^']+)'/.exec(findings[0].message)?.[1] ?? "";
  expect(findings[0].message).toContain(what);
  expect(findings[0].message).not.toContain("damaged");
  git(store.dir, ...help.split(" "));
  expect(await store.ayo("doctor")).toContain("Nothing is wrong");
  await store.ayo("ticket", "create", "Build login");
  store.judge();
});

/** As git 2.45 makes one; older ones do not know how. */
function reftable(dir: string): void {
  git(dir, "init", "--quiet");
  git(dir, "config", "core.repositoryformatversion", "1");
  git(dir, "config", "extensions.refstorage", "reftable");
}
