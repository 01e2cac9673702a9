import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../helpers/git.ts";
import { runCli } from "../helpers/runCli.ts";
import { runScript } from "../helpers/runScript.ts";
import { removeTree, tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";
import { describe as lines, startWatch } from "../helpers/watchProcess.ts";

/** Tickets that one checkout changes. */
const MANY = process.env.AYO_LONG === "1" ? 5_000 : 500;

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How a program puts `text` into a file. */
type Save = (file: string, text: string) => void;

/** What editors do when they save (strace of each). */
const SAVES: Readonly<Record<string, Save>> = {
  "in place": (file, text) => writeFileSync(file, text),
  "vim: the old file becomes a backup, the new one takes its name": (file, text) => {
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
    unlinkSync(`${file}~`);
  },
  "sed -i and JetBrains: a new file is renamed over the old": (file, text) => {
    writeFileSync(path.join(path.dirname(file), ".sedX1"), text);
    renameSync(path.join(path.dirname(file), ".sedX1"), file);
  },
  "VS Code: truncated, then written": (file, text) => {
    writeFileSync(file, "");
    writeFileSync(file, text);
  },
};

async function twoTickets(store: TempStore): Promise<readonly [string, string]> {
  const first = await store.ayo("ticket", "create", "First");
  return [first, await store.ayo("ticket", "create", "Second", "--deps", first)];
}

describe("ayo watch and editors", () => {
  it.each(Object.entries(SAVES))("commits a save and makes dependents ready (%s)", async (_, save) => {
    const store = await tempStore();
    const [first, second] = await twoTickets(store);
    const watch = await startWatch(store.dir);
    save(path.join(store.tickets, `${first}.md`), store.text(first).replace("status: open", "status: closed"));
    const ready = await watch.until("ready", second);
    expect(lines(watch.events)).toBe(`closed ${first}\nready ${second}`);
    expect(ready).toMatchObject({
      schema: 1,
      actor: "Test User",
      store: store.tickets,
      cause: { tickets: [first], byHand: true },
    });
    expect(watch.events[0]?.changes).toEqual({ status: { from: "open", to: "closed" } });
    expect(store.subjects()[0]).toBe(`edit ${first} by hand: status open → closed`);
    expect(await watch.end()).toBe(0);
    store.judge();
  });

  it("gives a save in two halves time to become valid", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const watch = await startWatch(store.dir);
    const text = store.text(first).replace("priority: 2", "priority: 0");
    store.write(first, text.slice(0, 20));
    await sleep(900);
    store.write(first, text);
    await watch.until("updated", first);
    await sleep(2_500);
    expect(lines(watch.events)).toBe(`updated ${first}`);
    await watch.end();
  });

  it("publishes a file that stays broken, leaves it as it is, and publishes it again when it is mended", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const watch = await startWatch(store.dir);
    const whole = store.text(first);
    const broken = whole.replace("status: open", "status: [open");
    store.write(first, broken);
    const event = await watch.until("invalid", first);
    expect(event.cause.commit).toBeNull();
    expect(event.changes.problem).toMatchObject({ from: null, to: expect.stringContaining(`${first}.md:`) });
    expect(store.text(first)).toBe(broken);
    expect(store.subjects()[0]).toMatch(/^create /);
    store.write(first, whole.replace("status: open", "status: closed"));
    await watch.until("closed", first);
    await sleep(300);
    expect(lines(watch.events)).toBe(
      `invalid ${first}\nclosed ${first}\nready ${await second(store)}\ninvalid ${first}`,
    );
    expect(watch.events.at(-1)?.changes.problem?.to).toBeNull();
    await watch.end();
  });

  it("takes a deletion by hand as one, a moment later", async () => {
    const store = await tempStore();
    const [, last] = await twoTickets(store);
    const watch = await startWatch(store.dir);
    rmSync(path.join(store.tickets, `${last}.md`));
    await watch.until("deleted", last);
    expect(store.subjects()[0]).toBe(`edit ${last} by hand: deleted`);
    await watch.end();
    store.judge();
  });
});

async function second(store: TempStore): Promise<string> {
  return store.ayo("ticket", "list", "-q", "--status", "open");
}

describe("ayo watch and a writer that keeps its file open", () => {
  it("merges what is written after a command replaced the file", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Log");
    const handle = openSync(path.join(store.tickets, `${id}.md`), "a");
    const watch = await startWatch(store.dir);
    await store.ayo("ticket", "note", id, "First");
    await watch.until("noted", id);
    writeSync(handle, "After the note\n");
    closeSync(handle);
    await expect.poll(() => store.subjects()[0], { timeout: 60_000 }).toBe(`edit ${id} by hand: text`);
    expect(store.text(id)).toMatch(/First\nAfter the note\n$/);
    expect(await watch.end()).toBe(0);
    store.judge();
  });
});

describe("ayo watch and other processes", () => {
  it("shows commands of others exactly once and in commit order, and replays the same stream", async () => {
    const store = await tempStore();
    const start = git(store.tickets, "rev-parse", "HEAD");
    const watch = await startWatch(store.dir);
    const writers = Array.from({ length: 3 }, async (_, n) => {
      const id = await store.ayo("ticket", "create", `Of writer ${n}`);
      await store.ayo("ticket", "start", id, "--as", `@w${n}`);
      await store.ayo("ticket", "note", id, "half way", "--as", `@w${n}`);
      await store.ayo("ticket", "close", id, "--as", `@w${n}`);
      return id;
    });
    const ids = await Promise.all(writers);
    for (const id of ids) await watch.until("closed", id);
    expect(await watch.end("SIGINT")).toBe(0);
    const commits = git(store.tickets, "log", "--reverse", "--format=%H", `${start}..`).split("\n");
    const order = watch.events.map(({ cause }) => commits.indexOf(String(cause.commit)));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(watch.events.map(({ id }) => id)).size).toBe(watch.events.length);
    expect(await replay(store, start)).toEqual(watch.events);
    const middle = watch.events[5];
    expect(await replay(store, String(middle?.id))).toEqual(watch.events.slice(6));
    expect(await replay(store, "1h")).toEqual(watch.events);
  });

  it("tells of commits of the project that name a ticket, once, also after an amend", async () => {
    const store = await tempStore({ project: true });
    const [first] = await twoTickets(store);
    const watch = await startWatch(store.dir);
    const commit = (...args: string[]): string => {
      git(store.dir, "commit", "--quiet", "--allow-empty", ...args);
      return git(store.dir, "rev-parse", "HEAD");
    };
    const oid = commit("-m", `Phase 1: begin - TICKET: ${first}. More text`);
    const linked = await watch.until("commit_linked", first);
    expect(linked).toMatchObject({ id: `commit_linked@${oid}:${first}`, cause: { commit: null } });
    commit("-m", "nothing to link");
    git(store.dir, "checkout", "--quiet", "-b", "feature/deep", oid);
    const amended = commit("--amend", "-m", `Phase 1: begin again - ticket: ${first}`);
    await expect.poll(() => watch.events.length, { timeout: 60_000 }).toBe(2);
    expect(watch.events[1]?.changes.commits?.to).toMatchObject({ oid: amended });
    commit("-m", "TICKET: nosuch-1234");
    await watch.untilWarned("names nosuch-1234");
    expect(watch.events.length).toBe(2);
    expect(await watch.end()).toBe(0);
  });

  it("does the same work once when two watch one store", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const before = store.subjects().length;
    const watches = [await startWatch(store.dir), await startWatch(store.dir)];
    for (let n = 0; n < 5; n++) {
      store.write(first, store.text(first).replace(/^priority: .*/m, `priority: ${(n % 2) * 4}`));
      for (const watch of watches) await expect.poll(() => watch.events.length, { timeout: 60_000 }).toBe(n + 1);
    }
    for (const watch of watches) expect(await watch.end()).toBe(0);
    expect(store.subjects().length - before).toBe(5);
    expect(watches[0]?.events).toEqual(watches[1]?.events);
    store.judge();
  });

  it(`answers a git checkout of ${MANY} tickets with one burst, and no event for those that stay`, async () => {
    const store = await tempStore({ inline: true });
    const text = (n: number, status: string) => `---\nid: t-${n}\nstatus: ${status}\n---\n# Ticket ${n}\n`;
    for (let n = 0; n < MANY + 100; n++) writeFileSync(path.join(store.tickets, `t-${n}.md`), text(n, "open"));
    await store.ayo("ticket", "create", "Commits them");
    git(store.dir, "checkout", "--quiet", "-b", "other");
    for (let n = 0; n < MANY; n++) writeFileSync(path.join(store.tickets, `t-${n}.md`), text(n, "closed"));
    git(store.dir, "commit", "--quiet", "--all", "--message=close many");
    git(store.dir, "checkout", "--quiet", "main");
    const watch = await startWatch(store.dir);
    git(store.dir, "checkout", "--quiet", "other");
    await expect.poll(() => watch.events.length, { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(MANY);
    await sleep(1_000);
    expect(await watch.end()).toBe(0);
    expect(watch.events.length).toBe(MANY);
    expect(new Set(watch.events.map(({ event, id }) => `${event} ${id.split(":")[0]}`)).size).toBe(1);
    expect(store.subjects()[0]).toBe("close many");
    expect(git(store.dir, "status", "--porcelain")).toBe("");
  }, 120_000);

  it("commits nothing while git holds its index, however slow the checkout is", async () => {
    const store = await tempStore({ inline: true });
    const [first, second] = await twoTickets(store);
    const head = git(store.dir, "rev-parse", "HEAD");
    const lock = path.join(store.dir, ".git", "index.lock");
    const watch = await startWatch(store.dir);
    writeFileSync(lock, "");
    const text = store.text(first);
    unlinkSync(path.join(store.tickets, `${first}.md`));
    store.write(second, store.text(second).replace("priority: 2", "priority: 1"));
    await sleep(4_000);
    expect(git(store.dir, "rev-parse", "HEAD")).toBe(head);
    store.write(first, text);
    unlinkSync(lock);
    await watch.until("updated", second);
    expect(await watch.end()).toBe(0);
    expect(lines(watch.events)).toBe(`updated ${second}`);
    store.judge();
  });
});

describe("ayo watch and its store", () => {
  it("waits for a store that is made later, and tells what happens in it from its beginning", async () => {
    const dir = tempDir();
    git(dir, "init", "--quiet");
    const watch = await startWatch(dir, ["--dir", ".tickets"]);
    await watch.untilWarned("no ticket store");
    const { stdout } = await runCli(dir, ["ticket", "create", "Early bird"]);
    await watch.until("created", stdout.trim());
    expect(await watch.end()).toBe(0);
  });

  it("goes on when the store is moved away and back, and when it is removed and made again", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const watch = await startWatch(store.dir, ["--dir", store.tickets]);
    renameSync(store.tickets, `${store.tickets}.away`);
    await watch.untilWarned("no ticket store");
    renameSync(`${store.tickets}.away`, store.tickets);
    await sleep(500);
    await store.ayo("ticket", "note", first, "back again");
    await watch.until("noted", first);
    expect(lines(watch.events)).toBe(`noted ${first}`);
    // The watcher may be writing into it.
    removeTree(store.tickets);
    await store.ayo("init");
    const other = await store.ayo("ticket", "create", "A new life");
    await watch.until("created", other);
    store.write(other, store.text(other).replace("status: open", "status: closed"));
    await watch.until("closed", other);
    expect(await watch.end()).toBe(0);
  });

  it("goes on when what lies in the store's place cannot be opened for a while", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const watch = await startWatch(store.dir, ["--dir", store.tickets]);
    const away = `${store.tickets}.away`;
    renameSync(store.tickets, away);
    await watch.untilWarned("no ticket store");
    // As a copy or a removal that is half done leaves it.
    const half = `${store.tickets}.half`;
    cpSync(away, half, { recursive: true });
    removeTree(path.join(half, ".git", "objects"));
    renameSync(half, store.tickets);
    await watch.untilWarned("missing or damaged");
    renameSync(store.tickets, half);
    renameSync(away, store.tickets);
    await store.ayo("ticket", "note", first, "whole again");
    await watch.until("noted", first);
    expect(await watch.end()).toBe(0);
  });

  it("looks every second where the system gives no more watches", async () => {
    const store = await tempStore();
    const [first] = await twoTickets(store);
    const limit = 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"';
    const watch = await startWatch(store.dir, [], { through: ["unshare", "-Ur", "sh", "-c", limit, "sh"] });
    await watch.untilWarned("looking for changes every second");
    store.write(first, store.text(first).replace("status: open", "status: closed"));
    await watch.until("closed", first);
    expect(await watch.end()).toBe(0);
  });

  it("watches several stores, and keeps to the events asked for", async () => {
    const one = await tempStore();
    const two = await tempStore();
    const args = ["--dir", one.tickets, "--dir", two.tickets, "--event", "closed,ticket.ready"];
    const watch = await startWatch(one.dir, args);
    const [first, next] = await twoTickets(one);
    const [other] = await twoTickets(two);
    await one.ayo("ticket", "close", first);
    await two.ayo("ticket", "close", other);
    await watch.until("closed", other);
    await watch.until("ready", next);
    expect(new Set(watch.events.map(({ store }) => store))).toEqual(new Set([one.tickets, two.tickets]));
    expect(new Set(watch.events.map(({ event }) => event))).toEqual(new Set(["ticket.closed", "ticket.ready"]));
    await watch.end();
  });

  it("watches a store that is named in several ways once", async () => {
    const store = await tempStore();
    const watch = await startWatch(store.dir, ["--dir", ".", "--dir", ".tickets/", "--dir", store.tickets]);
    const [first, next] = await twoTickets(store);
    await store.ayo("ticket", "close", first);
    await store.ayo("ticket", "close", next);
    await watch.until("closed", next);
    expect(watch.events.filter(({ event }) => event === "ticket.closed").map(({ ticket }) => ticket.id)).toEqual([
      first,
      next,
    ]);
    await watch.end();
  });

  it("tells when a due date passes, once", async () => {
    const store = await tempStore();
    const due = new Date(Date.now() + 3_000).toISOString();
    const id = await store.ayo("ticket", "create", "Soon", "--due", due);
    const watch = await startWatch(store.dir);
    await watch.until("due", id);
    await sleep(1_500);
    expect(lines(watch.events)).toBe(`due ${id}`);
    await watch.end();
  });

  it("warns of a full disk, commits nothing by halves, and goes on when there is room", async () => {
    const disk = tempDir();
    const script = `
      mount -t tmpfs -o size=3m tmpfs "$1" && mkdir "$1/p" && cd "$1/p" &&
      ayo init > /dev/null && id=$(ayo ticket create "On a small disk") &&
      { ayo watch --json > "$2" 2> "$2.err" & W=$!; } &&
      for n in $(seq 100); do grep -q watching "$2.err" && break; sleep 0.1; done
      head -c 8m /dev/zero > "$1/fill" 2> /dev/null
      printf '%s' "$(sed 's/^status: open/status: closed/' .tickets/$id.md)" 1<> .tickets/$id.md
      for n in $(seq 100); do grep -q 'warning' "$2.err" && break; sleep 0.1; done
      rm "$1/fill"
      for n in $(seq 100); do grep -q 'ticket.closed' "$2" && break; sleep 0.1; done
      kill $W; wait $W; echo "exit $?"; git -C .tickets fsck --strict && git -C .tickets log -1 --format=%s
    `;
    mkdirSync(path.join(disk, "mnt"));
    const { stdout } = runScript(script, [path.join(disk, "mnt"), path.join(disk, "out")]);
    expect(readFileSync(path.join(disk, "out.err"), "utf8")).toMatch(/warning: .*(?:disk|space)/);
    expect(stdout).toMatch(/exit 0\nedit .* by hand: /);
  });
});

it.each([
  [["--event", "exploded"], "there is no event 'exploded'"],
  [["--since", "someday"], "--since 'someday'"],
  [["--since", "deadbeef"], "no commit 'deadbeef'"],
  [["--since", "nonsense", "--until-now"], "--since 'nonsense'"],
  [["--since", "2026-13-45", "--until-now"], "--since '2026-13-45'"],
  [["--since", "0000000", "--until-now"], "no commit '0000000'"],
  [["--dir", ""], "--dir needs a value"],
])("refuses %j", async (args, message) => {
  const store = await tempStore();
  const { code, stderr } = await store.run(["watch", ...args]);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain(message);
});

/** Everything that happened since, in the words of `ayo watch --json`. */
async function replay(store: TempStore, since: string): Promise<unknown[]> {
  const text = await store.ayo("watch", "--json", "--since", since, "--until-now");
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
}
