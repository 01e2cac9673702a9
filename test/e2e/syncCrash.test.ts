import { cpSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { fsck, git } from "../helpers/git.ts";
import { carry, sandbox } from "../helpers/syncing/outboxes.ts";
import { sharingTeam, tipAt, tipOf } from "../helpers/team.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore } from "../helpers/tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");
const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 3_600_000 : 300_000 });
/** Every so-manieth call of the disk; all of them with AYO_LONG. */
const STRIDE = LONG ? 1 : 37;

/** Clones that have changed one ticket, and the bare repository between them. */
interface Template {
  readonly top: string;
  readonly id: string;
}

let template: Template;
/** The same, with what a third clone has done in an outbox of a branch that the second has fetched. */
let withOutbox: Template;
beforeAll(async () => {
  const removals: (() => void)[] = [];
  const { ann, bob, hub, clone } = await sharingTeam(["First"], (remove) => removals.push(remove));
  const id = ann.files()[0]?.slice(0, -".md".length) as string;
  await ann.ayo("ticket", "note", id, "of Ann");
  await ann.ayo("ticket", "create", "Second");
  await ann.ayo("sync");
  await bob.ayo("ticket", "note", id, "of Bob");
  await bob.ayo("ticket", "close", id);
  for (const { dir } of [ann, bob]) git(dir, "remote", "set-url", "origin", "../hub.git");
  const top = path.join(
    tempDir((remove) => removals.push(remove)),
    "template",
  );
  cpSync(path.dirname(hub), top, { recursive: true, preserveTimestamps: true });
  template = { top, id };
  const agent = await sandbox({ hub, clone }, "agent");
  await agent.ayo("ticket", "note", id, "of an agent", "--as", "@coder");
  await carry(agent);
  git(bob.dir, "fetch", "--quiet", hub, "+refs/heads/*:refs/remotes/origin/*");
  const other = `${top}-2`;
  cpSync(path.dirname(hub), other, { recursive: true, preserveTimestamps: true });
  withOutbox = { top: other, id };
  return () => {
    for (const remove of removals) remove();
  };
});

/** Kills a sync at a call of the disk, and has the next one go on. Returns whether there was such a call. */
async function killedAt(at: number, template: Template, ...more: string[]): Promise<boolean> {
  const top = path.join(tempDir(), "t");
  cpSync(template.top, top, { recursive: true, preserveTimestamps: true });
  const [ann, bob] = ["ann", "bob"].map((name) => storeIn(path.join(top, name))) as [TempStore, TempStore];
  const hub = path.join(top, "hub.git");
  const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
  const { code, stderr } = await bob.run(["sync", "--yes"], { env });
  if (code !== null && code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  fsck(bob.tickets);
  fsck(hub);
  // A plain command goes on, and then the sync.
  await bob.ayo("ticket", "note", template.id, "after it");
  await bob.ayo("sync", "--yes");
  await ann.ayo("sync", "--yes");
  for (const store of [ann, bob]) {
    expect(tipOf(store)).toBe(tipAt(hub));
    for (const words of ["of Ann", "of Bob", "after it", "status: closed", ...more])
      expect(store.text(template.id).split(words)).toHaveLength(2);
    expect(store.files()).toHaveLength(2);
    store.judge();
  }
  return code === null;
}

/** Kills syncs at call after call, until there are no more. */
async function killAll(killed: (at: number) => Promise<boolean>): Promise<void> {
  let next = 1 + Math.floor(Math.random() * STRIDE);
  let last = Number.POSITIVE_INFINITY;
  const run = async (): Promise<void> => {
    while (next < last) {
      const at = next;
      next += STRIDE;
      const isKilled = await killed(at).catch((cause) => {
        throw new Error(`killed at call ${at}: ${cause.message}`, { cause });
      });
      if (!isKilled) last = Math.min(last, at);
    }
  };
  await Promise.all([run(), run(), run()]);
  expect(last).toBeGreaterThan(40);
  if (LONG) process.stderr.write(`${last} calls\n`);
}

test("kill -9 at any call of the disk of a sync that merges: the next one goes on, nothing is lost or twice", () =>
  killAll((at) => killedAt(at, template)));

test("the same where it takes in an outbox", () => killAll((at) => killedAt(at, withOutbox, "of an agent")));
