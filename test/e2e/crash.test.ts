import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { doctor } from "../../src/actions/doctor/doctor.ts";
import { invoke } from "../../src/actions/input/action.ts";
import { createTicket, makeStore } from "../../src/index.ts";
import { fsck, git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { ROUND } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, testHost } from "../helpers/tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");

/** Hundreds of processes take their time where others work too. */
vi.setConfig({ testTimeout: 300_000 });

/** The four tickets that the commands below change. */
const IDS = ["t-1", "t-2", "t-3", "t-4"];
const NEXT = "The next command";

/** Runs a command that is killed at its `at`-th change of the disk; true if it was, false if it had fewer. */
async function crash(store: TempStore, at: number, args: readonly string[], input = ""): Promise<boolean> {
  const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
  const { code, stderr } = await store.run(args, { env, input });
  if (code !== null && code !== 0) throw new Error(`${args.join(" ")} at ${at}: exit ${code}\n${stderr}`);
  return code === null;
}

/** Every ticket's text by file name. */
function texts({ tickets, files }: TempStore): Record<string, string> {
  return Object.fromEntries(files().map((name) => [name, readFileSync(path.join(tickets, name), "utf8")]));
}

/** What a command leads to, whatever ids and times it writes. */
function outline(all: Readonly<Record<string, string>>): string {
  const known = Object.entries(all).map(([name, text]) => [/^(?:t|imp)-\d/.test(name) ? name : "new", text] as const);
  const timeless = (text: string) =>
    text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "T").replaceAll(/^id: .*$/gm, "");
  return JSON.stringify(known.map(([name, text]) => [name, timeless(text)]).sort());
}

const LONG = process.env.AYO_LONG === "1";

/**
 * Runs `work` for every `apart`th of 1, 2, 3 …, from one that is left to chance (with AYO_LONG for all of them), until it
 * says that there is no more, four at a time. What fails tells at which.
 */
async function sweep(apart: number, work: (at: number) => Promise<boolean>): Promise<number> {
  const stride = LONG ? 1 : apart;
  let next = 1 + Math.floor(Math.random() * stride);
  let last = Number.POSITIVE_INFINITY;
  const runner = async () => {
    while (next < last) {
      const at = next;
      next += stride;
      const isKilled = await work(at).catch((cause) => {
        throw new Error(`killed at change ${at} of the disk: ${cause.message}`, { cause });
      });
      if (!isKilled) last = Math.min(last, at);
    }
  };
  await Promise.all([runner(), runner(), runner(), runner()]);
  return last;
}

let template: TempStore;
beforeAll(async () => {
  const removals: (() => void)[] = [];
  template = await tempStore({ at: tempDir((remove) => removals.push(remove)) });
  const lines = IDS.map((id) => JSON.stringify({ id, title: `Ticket ${id}`, description: "Text" }));
  await template.run(["import", "-", "--from", "jsonl"], { input: lines.join("\n") });
  return () => {
    for (const remove of removals) remove();
  };
});

function copyOf(from: TempStore): TempStore {
  const dir = path.join(tempDir(), "p");
  cpSync(from.dir, dir, { recursive: true, preserveTimestamps: true });
  return storeIn(dir);
}

const imported = [1, 2, 3].map((n) => JSON.stringify({ id: `imp-${n}`, title: `Imported ${n}` })).join("\n");
interface Case {
  readonly name: string;
  /** Every so-manieth point is tried. */
  readonly stride: number;
  readonly subject: string;
  readonly args: readonly string[];
  readonly input?: string;
}
const COMMANDS: readonly Case[] = [
  { name: "create", stride: 9, subject: "create ", args: ["ticket", "create", "New one"] },
  { name: "close", stride: 15, subject: "close t-1", args: ["ticket", "close", "t-1", "-m", "done"] },
  { name: "link, three files", stride: 15, subject: "link ", args: ["ticket", "link", "t-1", "t-2", "t-3"] },
  {
    name: "import, three files",
    stride: 15,
    subject: "import 3",
    args: ["import", "-", "--from", "jsonl"],
    input: imported,
  },
  { name: "a round of three changes", stride: 21, subject: "note t-1: third of a round", args: [ROUND] },
  { name: "delete, with its record", stride: 21, subject: "delete t-4", args: ["ticket", "delete", "t-4", "--yes"] },
];

describe("kill -9 at every change of the disk that a command makes", () => {
  test.each(COMMANDS.map((one) => [one.name, one] as const))("%s", async (_, { stride, subject, args, input = "" }) => {
    const before = texts(template);
    const done = copyOf(template);
    expect((await done.run(args, { input })).code).toBe(0);
    const [old, fresh] = [outline(before), outline(texts(done))];
    const outcomes = new Set<string>();
    const points = await sweep(stride, async (at) => {
      const store = copyOf(template);
      const isKilled = await crash(store, at, args, input);
      for (const [name, text] of Object.entries(texts(store))) expectWhole(text, before[name] ?? "", texts(done)[name]);
      await expectRecovery(store);
      const state = outline(withoutNext(texts(store)));
      expect([old, fresh], `killed at ${at}`).toContain(state);
      const isCommitted = store.subjects().some((one) => one.startsWith(subject) && !one.endsWith(NEXT));
      expect(isCommitted, `killed at ${at}`).toBe(state === fresh);
      if (!isKilled) expect(state).toBe(fresh);
      outcomes.add(state === fresh ? "made" : "not made");
      return isKilled;
    });
    expect(points).toBeGreaterThan(15);
    expect([...outcomes].sort()).toEqual(["made", "not made"]);
  });

  test("again and again, also while the crash before is being mended", async () => {
    const store = copyOf(template);
    let kills = 0;
    for (const [round, at] of [33, 9, 28, 17, 36, 22, 30, 25].entries()) {
      if (await crash(store, at, ["ticket", "note", IDS[round % 4] as string, `note ${round}`])) kills++;
      else expect(store.text(IDS[round % 4] as string)).toContain(`note ${round}`);
    }
    expect(kills).toBeGreaterThan(4);
    await expectRecovery(store);
    for (const id of IDS) {
      const notes = store.text(id).match(/note \d+/g) ?? [];
      expect(new Set(notes).size).toBe(notes.length);
    }
  });
});

test("kill -9 leaves no hand edit past a gate without its mark, and no mark without its edit", async () => {
  const rules = "review: required\n";
  const file = (store: TempStore, name: string) => path.join(store.tickets, name);
  const edited = copyOf(template);
  writeFileSync(file(edited, "config.yml"), rules);
  await edited.run(["ticket", "note", "t-4", "before"]);
  // Nothing but the caller tells that an agent is at work: after the kill it is a person's turn.
  writeFileSync(file(edited, "config.yml"), "review: none\n");
  for (const id of ["t-1", "t-2"]) edited.write(id, edited.text(id).replace(/^status: .*$/m, "status: closed"));
  edited.write("t-3", edited.text("t-3").replace("Text", "Other text"));
  const outcomes = new Set<string>();
  await sweep(37, async (at) => {
    const store = copyOf(edited);
    const isKilled = await crash(store, at, ["ticket", "note", "t-4", "mine", "--as", "@coder"]);
    await store.ayo("ticket", "create", NEXT);
    store.judge();
    const isUnknown = git(store.tickets, "log", "--format=%an").includes("unknown (by hand)");
    const marked = ["t-1", "t-2"].map((id) => (store.text(id).match(/^unconfirmed: \[status\]$/gm) ?? []).length);
    const kept =
      readFileSync(file(store, "config.yml"), "utf8").match(/^unconfirmed:.*\n {2}review: "required"$/gm) ?? [];
    expect([...marked, kept.length], `killed at ${at}`).toEqual(isUnknown ? [1, 1, 1] : [0, 0, 0]);
    expect(store.text("t-3")).not.toContain("unconfirmed");
    outcomes.add(isUnknown ? "waits" : "a person's");
    return isKilled;
  });
  expect([...outcomes].sort()).toEqual(["a person's", "waits"]);
});

/** Never a part of a text: the old one, or one that begins and ends as the new one does. */
function expectWhole(text: string, old: string, fresh: string | undefined): void {
  if (text === old) return;
  expect(text.startsWith("---\n") && text.endsWith("\n")).toBe(true);
  if (fresh !== undefined) expect(text.length).toBe(fresh.length);
}

/** The next command needs no help and little time, and neither git nor doctor finds anything to complain about. */
async function expectRecovery(store: TempStore, said: readonly string[] = []): Promise<void> {
  const begin = performance.now();
  const { notices, deferred } = await createTicket(store.open(), { title: NEXT });
  const seconds = (performance.now() - begin) / 1000;
  // Waiting for the lock to grow stale would take ten.
  expect(seconds).toBeLessThan(5);
  expect([notices, deferred]).toEqual([said, undefined]);
  store.judge();
  expect((await invoke(doctor, store.open(), {})).findings).toEqual([]);
}

function withoutNext(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([, text]) => !text.includes(`# ${NEXT}`)));
}

describe("kill -9 where more than a change is made", () => {
  test("the first command in a project: the store is made by the next one", async () => {
    const project = gitRepo();
    const points = await sweep(31, async (at) => {
      const dir = path.join(tempDir(), "p");
      cpSync(project, dir, { recursive: true, preserveTimestamps: true });
      const store = storeIn(dir);
      const isKilled = await crash(store, at, ["ticket", "create", "The first"]);
      const made = await makeStore({ dir: store.tickets }, {}, testHost(dir));
      expect((await createTicket(made, { title: NEXT })).deferred, `killed at ${at}`).toBeUndefined();
      const created = store.subjects().filter((subject) => subject.startsWith("create "));
      expect(created, `killed at ${at}`).toHaveLength(store.files().length);
      expect(store.subjects().at(-1)).toBe("ayo store");
      await expectRecovery(store);
      expect(git(store.dir, "status", "--porcelain")).toBe("");
      return isKilled;
    });
    expect(points).toBeGreaterThan(60);
  });

  test("hand edits on the way: each is committed once, as what it is", async () => {
    const edited = copyOf(template);
    edited.write("t-1", edited.text("t-1").replace("Text", "Another text"));
    edited.write("t-new", "---\nid: t-new\nstatus: open\n---\n# By hand\n");
    rmSync(path.join(edited.tickets, "t-2.md"));
    const texts = { first: edited.text("t-1"), fresh: edited.text("t-new") };
    await sweep(31, async (at) => {
      const store = copyOf(edited);
      const isKilled = await crash(store, at, ["ticket", "note", "t-3", "seen"]);
      await createTicket(store.open(), { title: NEXT });
      await expectRecovery(store);
      expect([store.text("t-1"), store.text("t-new")]).toEqual([texts.first, texts.fresh]);
      expect(readFileSync(path.join(store.tickets, "archive/deleted"), "utf8")).toBe("t-2\n");
      const byHand = git(store.repo, "log", "--format=%(trailers:key=By-hand,valueonly)", "--", "t-1.md", "t-2.md");
      expect(
        byHand.split("\n").filter((value) => value === "yes"),
        `killed at ${at}`,
      ).toHaveLength(1);
      return isKilled;
    });
  });

  test("inline: what is staged stays staged, and the branch has each change once", async () => {
    const inline = await tempStore({ inline: true });
    const id = await inline.ayo("ticket", "create", "Build login");
    writeFileSync(path.join(inline.dir, "staged.txt"), "half done\n");
    git(inline.dir, "add", "staged.txt");
    await sweep(31, async (at) => {
      const dir = path.join(tempDir(), "p");
      cpSync(inline.dir, dir, { recursive: true, preserveTimestamps: true });
      const store = storeIn(dir, true);
      const isKilled = await crash(store, at, ["ticket", "close", id]);
      const { notices } = await createTicket(store.open(), { title: NEXT });
      expect(notices, `killed at ${at}`).toEqual([]);
      expect(git(dir, "status", "--porcelain"), `killed at ${at}`).toBe("A  staged.txt");
      expect(git(dir, "log", "--format=%s", "--", "staged.txt")).toBe("");
      fsck(dir);
      const closed = store.subjects().filter((subject) => subject.startsWith("close "));
      expect(closed).toHaveLength(/^status: closed$/m.test(store.text(id)) ? 1 : 0);
      return isKilled;
    });
  });
});

describe("what a record says is done by the next command", () => {
  /** Has a foreign git command hold its lock while a note is written, and answers with the store. */
  async function withDeferred(): Promise<TempStore> {
    const store = copyOf(template);
    const lock = path.join(store.repo, ".git", "index.lock");
    writeFileSync(lock, "");
    const { code, stderr } = await store.run(["--as", "@coder", "ticket", "note", "t-1", "seen"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("commit deferred")]);
    rmSync(lock);
    return store;
  }

  test("deferred: committed in the name of who made it, and killed at any moment, still once", async () => {
    const deferred = await withDeferred();
    const subjectsOf = (store: TempStore) => git(store.repo, "log", "--format=%an %s").split("\n");
    await sweep(31, async (at) => {
      const store = copyOf(deferred);
      const isKilled = await crash(store, at, ["ticket", "create", "After it"]);
      await expectRecovery(store);
      expect(subjectsOf(store).filter((subject) => subject.includes("t-1"))).toEqual(["coder note t-1: seen"]);
      expect(store.text("t-1").match(/seen/g)).toEqual(["seen"]);
      return isKilled;
    });
  });

  test("settling: files that a power cut emptied are put in place again, what was edited since stays", async () => {
    const store = copyOf(template);
    const lines = Array.from({ length: 80 }, (_, n) => JSON.stringify({ id: `imp-${n}`, title: `Imported ${n}` }));
    await store.run(["import", "-", "--from", "jsonl"], { input: lines.join("\n") });
    const redo = path.join(store.repo, ".git", "ayo", "redo");
    const [name = "", ...others] = readdirSync(redo);
    expect(others).toEqual([]);
    // The machine went down and came up again: another boot.
    const record = JSON.parse(readFileSync(path.join(redo, name), "utf8"));
    expect(record.state).toBe("settling");
    const whole = texts(store);
    await store.ayo("ticket", "delete", "imp-6", "--yes");
    writeFileSync(path.join(redo, name), JSON.stringify({ ...record, boot: "another" }));
    store.write("imp-3", "");
    rmSync(path.join(store.tickets, "imp-4.md"));
    store.write("imp-5", whole["imp-5.md"]?.replace("Imported 5", "Edited since") ?? "");
    await expectRecovery(store, ["edit imp-5 by hand: title Imported 5 → Edited since"]);
    expect(store.text("imp-3")).toBe(whole["imp-3.md"]);
    expect(store.text("imp-4")).toBe(whole["imp-4.md"]);
    expect(store.text("imp-5")).toContain("Edited since");
    expect(store.files()).not.toContain("imp-6.md");
    expect(readdirSync(redo)).toEqual([]);
  });

  test("a record that was never completed says nothing", async () => {
    const store = copyOf(template);
    writeFileSync(path.join(store.repo, ".git", "ayo", "redo", "000000000000001-000000-1.json"), '{"state":"prep');
    await expectRecovery(store);
  });
});
