import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import type { Pruned } from "../../../src/actions/prune/prune.ts";
import { cancelTickets, closeTickets, createTicket, failTickets, pruneStore } from "../../../src/index.ts";
import { logRun } from "../../../src/store/hooks/runLog.ts";
import { allRuns, newRunFolder, type RunRecord, runFolder, writeRun } from "../../../src/store/runs/record.ts";
import { readSeen, writeSeen } from "../../../src/store/sync/claims/seenClaims.ts";
import { git } from "../../helpers/git.ts";
import { sharingTeam } from "../../helpers/team.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { commitAll, workScene } from "../../helpers/work/workScene.ts";

vi.setConfig({ testTimeout: 60_000 });

const DAY = 24 * 60 * 60_000;
const NOW = Date.parse("2026-11-30T12:00:00Z");
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString();

/** A store with runs, logs and what was set aside, some of it old. */
async function grown(config = "") {
  const project = await tempStore({ project: true });
  if (config !== "") writeFileSync(path.join(project.tickets, "config.yml"), config);
  const store = project.open({ now: () => NOW });
  const make = async (title: string) => (await createTicket(store, { title })).ticket.id;
  const [over, open] = [await make("Over"), await make("Open")];
  await closeTickets(store, { ids: [over] });
  const run = (ticket: string, days: number, more: Partial<RunRecord> = {}): RunRecord => {
    const n = newRunFolder(store, ticket);
    const record = writeRun(store, {
      schema: 1,
      run: `${ticket}-${n}`,
      ticket,
      n,
      store: store.dir,
      inode: "1:1",
      agent: "@coder",
      adapter: "command",
      state: "ended",
      tries: 1,
      token: "t",
      isResumed: false,
      isReview: false,
      at: daysAgo(days),
      ended: daysAgo(days),
      outcome: "ok",
      ...more,
    });
    writeFileSync(path.join(runFolder(store, record), "out"), "said");
    return record;
  };
  const { stateDir } = store.journal as never as { stateDir: string };
  const aside = (days: number, file: string): string => {
    const dir = path.join(stateDir, "set-aside", String(NOW - days * DAY));
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), "x");
    return path.basename(dir);
  };
  const log = (days: number): void => {
    const at = daysAgo(days);
    const rest = {
      hook: "h",
      event: "e",
      eventId: "1",
      ticket: over,
      code: 0,
      signal: null,
      timedOut: false,
      error: null,
    };
    const folder = path.join(stateDir, "hooks/log");
    logRun(store.journal as never, { at, ...rest, ms: 1, output: "" });
    for (const name of readdirSync(folder))
      utimesSync(path.join(folder, name), (NOW - days * DAY) / 1000, (NOW - days * DAY) / 1000);
  };
  return { project, store, over, open, run, aside, log };
}

test("old runs, logs and what was set aside go; what is young, at work, unfinished or not yet judged stays", async () => {
  const { project, store, over, open, run, aside, log } = await grown();
  for (const days of [90, 40, 3]) run(over, days);
  run(open, 90);
  run(over, 90, { state: "running" });
  const [old, judged, young] = [aside(40, "a.md"), aside(40.5, "redo/1.json"), aside(3, "a.md")];
  log(40);
  const head = git(project.repo, "rev-parse", "HEAD");
  const dry = await pruneStore(store, { dryRun: true });
  const expected = [
    { kind: "run", name: `${over}/1`, at: daysAgo(90) },
    { kind: "run", name: `${over}/2`, at: daysAgo(40) },
    { kind: "hook_log", name: expect.stringMatching(/^\d+\.jsonl$/), at: null },
    { kind: "set_aside", name: old, at: daysAgo(40) },
  ];
  expect(dry).toEqual({ removed: expected, kept: [], packed: { objects: 0, merged: 0 }, notices: [], dryRun: true });
  expect(allRuns(store)).toHaveLength(5);
  const { packed, ...pruned } = await pruneStore(store, {});
  expect(pruned).toEqual({ removed: expected, kept: [], notices: [] });
  expect(packed.objects).toBeGreaterThan(3);
  expect(
    allRuns(store)
      .map(({ ticket, n }) => `${ticket}/${n}`)
      .sort(),
  ).toEqual([`${over}/3`, `${over}/4`, `${open}/1`].sort());
  expect(readdirSync(path.join(store.journal?.stateDir ?? "", "set-aside")).sort()).toEqual([judged, young].sort());
  // Tickets and their history are as they were, and a second time there is nothing.
  expect([git(project.repo, "rev-parse", "HEAD"), project.files().length]).toEqual([head, 2]);
  expect((await pruneStore(store, {})).removed).toEqual([]);
  expect((await pruneStore(store, { before: "2d" })).removed).toMatchObject([{ name: `${over}/3` }, { name: young }]);
  // A number is never given twice.
  const next = await grown();
  next.run(next.over, 90);
  await pruneStore(next.store, {});
  expect([allRuns(next.store), newRunFolder(next.store, next.over)]).toEqual([[], 2]);
  project.judge();
});

test("the run that the inbox tells of stays until its ticket is over", async () => {
  const { store, over, open, run } = await grown();
  for (const id of [over, open]) for (const days of [90, 60]) run(id, days, { outcome: "failed", why: "exit 1" });
  await failTickets(store, { ids: [open], message: "exit 1" });
  const removed = async () => (await pruneStore(store, { before: "0s" })).removed.map(({ name }) => name).sort();
  expect(await removed()).toEqual([`${over}/1`, `${over}/2`, `${open}/1`].sort());
  await cancelTickets(store, { ids: [open] });
  expect(await removed()).toEqual([`${open}/2`]);
});

test("where the end cannot be written nothing is removed, and what is removed before a failure is told", async () => {
  const { store, over, run, aside } = await grown();
  run(over, 90);
  const old = aside(40, "a.md");
  const stateDir = store.journal?.stateDir ?? "";
  const tmp = path.join(stateDir, "tmp");
  rmSync(tmp, { recursive: true, force: true });
  writeFileSync(tmp, "");
  await expect(pruneStore(store, {})).rejects.toMatchObject({
    code: "store_not_writable",
    message: expect.stringMatching(/^nothing was removed: .*tmp is a file/),
  });
  expect([allRuns(store).length, existsSync(path.join(stateDir, "set-aside", old))]).toEqual([1, true]);
  rmSync(tmp);
  // A packer's lock that is a folder, which nobody can take over.
  const lock = path.join(stateDir, "packing.lock");
  mkdirSync(lock);
  utimesSync(lock, 0, 0);
  await expect(pruneStore(store, {})).rejects.toThrow(`; removed before that: ${over}/1, ${old}`);
});

test("nothing behind a link is removed", async () => {
  const { project, store, over, run, aside, log } = await grown();
  const record = run(over, 90);
  aside(40, "a.md");
  log(40);
  const stateDir = store.journal?.stateDir ?? "";
  const places = [
    path.join(stateDir, "set-aside"),
    path.join(stateDir, "hooks"),
    path.dirname(runFolder(store, record)),
  ];
  const precious = [0, 1, 2].map((at) => path.join(project.repo, "..", `precious-${at}`));
  for (const [at, place] of places.entries()) {
    renameSync(place, precious[at] ?? "");
    symlinkSync(precious[at] ?? "", place);
  }
  const before = precious.map((folder) => readdirSync(folder, { recursive: true }));
  expect((await pruneStore(store, { before: "0s" })).removed).toEqual([]);
  expect(precious.map((folder) => readdirSync(folder, { recursive: true }))).toEqual(before);
});

test("config.yml says how long runs are kept; null is for ever; no agent prunes, and a wrong time is refused", async () => {
  const { store, over, run } = await grown("keep: {runs: 60d}\n");
  for (const days of [90, 40]) run(over, days);
  expect((await pruneStore(store, { dryRun: true })).removed).toMatchObject([{ name: `${over}/1` }]);
  expect((await pruneStore(store, { before: "30d", dryRun: true })).removed).toHaveLength(2);
  writeFileSync(path.join(store.dir, "config.yml"), "keep: {runs: null}\n");
  expect((await pruneStore(store, { before: "1d" })).removed).toEqual([]);
  await expect(pruneStore(store, { as: "@coder" })).rejects.toMatchObject({ code: "needs_person" });
  await expect(pruneStore(store, { before: "soon" })).rejects.toMatchObject({ code: "bad_input" });
  writeFileSync(path.join(store.dir, "config.yml"), "keep: {runs: soon}\n");
  await expect(pruneStore(store, {})).rejects.toThrow("keep.runs must be a duration such as 30d, or null for ever");
});

test("worktrees of finished tickets go where their work is in the base, and stay where it is nowhere else", async () => {
  const scene = await workScene();
  const { store } = scene;
  const make = async (title: string) => (await createTicket(store, { title })).ticket.id;
  const [merged, own, dirty, open] = [await make("Merged"), await make("Own"), await make("Dirty"), await make("Open")];
  for (const id of [merged, own, dirty, open]) await scene.open({ id });
  const dirOf = (id: string): string => path.join(scene.folder, id);
  commitAll(dirOf(merged));
  git(scene.dir, "merge", "--quiet", "--ff-only", `ayo/work/${merged}`);
  commitAll(dirOf(own), "another");
  writeFileSync(path.join(dirOf(dirty), "new.txt"), "x");
  await closeTickets(store, { ids: [merged, own, dirty] });
  const dry = await pruneStore(store, { dryRun: true });
  expect([dry.removed, existsSync(dirOf(merged))]).toEqual([[{ kind: "worktree", name: merged, at: null }], true]);
  const { removed, kept } = await pruneStore(store, {});
  expect(removed).toEqual(dry.removed);
  expect(kept).toEqual(dry.kept);
  expect([...kept].sort((one) => (one.name === own ? -1 : 1))).toEqual([
    { name: own, why: expect.stringContaining("has commits that are neither in main nor on a remote") },
    { name: dirty, why: expect.stringContaining("has files that are not committed: new.txt") },
  ]);
  expect([merged, own, dirty, open].map((id) => existsSync(dirOf(id)))).toEqual([false, true, true, true]);
});

test("the ref of a claim that has been over for long goes as it was seen, and never one that is young", async () => {
  const { ann, ids } = await sharingTeam(["First"]);
  const [id = ""] = ids;
  await ann.ayo("ticket", "claim", id, "--as", "@a");
  await ann.ayo("ticket", "close", id, "--as", "@a");
  await ann.ayo("sync");
  const refs = () => git(ann.dir, "ls-remote", "origin", "refs/ayo/claims/*");
  expect(refs()).toContain(id);
  expect((await ann.json<Pruned>("prune", "--before", "1m")).removed).toEqual([]);
  const store = ann.open();
  const seen = readSeen(store);
  writeSeen(store, new Map([...seen].map(([key, one]) => [key, { ...one, first: { ...one.first, up: -2 * 86_400 } }])));
  expect((await ann.json<Pruned>("prune", "--before", "1d", "--dry-run")).removed).toMatchObject([
    { kind: "claim", name: id },
  ]);
  expect(refs()).toContain(id);
  expect(await ann.ayo("prune", "--before", "1d")).toContain(`Removed 1 thing:\n  ended claim ${id}`);
  expect(refs()).toBe("");
  git(ann.dir, "remote", "set-url", "origin", "/nowhere");
  expect((await ann.json<Pruned>("prune")).notices).toEqual([expect.stringMatching(/^claims that are over stay/)]);
});
