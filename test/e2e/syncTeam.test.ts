import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { anyStep, findings, openChaos, quiet } from "../helpers/syncing/chaos.ts";
import { type Hub, httpHub, pathHub, sshHub } from "../helpers/syncing/hubs.ts";
import { team } from "../helpers/team.ts";
import { tempDir } from "../helpers/tempDir.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 7_200_000 : 180_000 });

/** `AYO_SYNC_SEED=7` plays that one again. */
const SEED = Number(process.env.AYO_SYNC_SEED ?? Math.floor(Math.random() * 1e9));
const realPath = process.env.PATH;

afterEach(() => {
  process.env.PATH = realPath;
});

const KINDS = LONG ? (["path", "http", "ssh"] as const) : (["path"] as const);

async function hubBy(kind: (typeof KINDS)[number], bare: string): Promise<Hub> {
  const bin = path.join(tempDir(), "bin");
  mkdirSync(bin);
  if (kind === "ssh") return sshHub(bare, bin);
  if (kind === "http") return httpHub(bare, onTestFinished);
  process.env.PATH = `${bin}:${realPath}`;
  return pathHub(bare, bin);
}

describe.for(KINDS)("clones that share by %s", (kind) => {
  test("edit, close, archive, delete, are cut off, killed, put back, beside each other: all are one in the end", async () => {
    const made = team();
    const chaos = await openChaos(made, await hubBy(kind, made.hub), LONG ? 8 : 4, SEED);
    const edits = LONG ? 10_000 : 80;
    while (chaos.edits < edits) {
      await anyStep(chaos);
      if (LONG && chaos.edits % 1000 === 0) process.stderr.write(`${kind}: ${chaos.edits} edits\n`);
    }
    await quiet(chaos);
    if (process.env.AYO_SYNC_KEEP !== undefined)
      cpSync(path.dirname(made.hub), process.env.AYO_SYNC_KEEP, { recursive: true });
    expect([`AYO_SYNC_SEED=${SEED}`, ...findings(chaos)]).toEqual([`AYO_SYNC_SEED=${SEED}`]);
    if (LONG) process.stderr.write(`${kind}: ${chaos.edits} edits, ${chaos.syncs} syncs\n`);
  });
});
