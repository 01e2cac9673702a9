import { cpSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { anyClaimStep, openClaimChaos, quietClaims } from "../helpers/syncing/claimChaos.ts";
import { claimers, tell } from "../helpers/syncing/claimTeam.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 7_200_000 : 180_000 });

/** `AYO_CLAIM_SEED=7` does the same again, but for what two of them do at one moment. */
const SEED = Number(process.env.AYO_CLAIM_SEED ?? Math.floor(Math.random() * 1e9));
const STEPS = Number(process.env.AYO_CLAIM_STEPS ?? (LONG ? 5_000 : 25));

test("whatever happens to the line, the clocks, the processes and the refs: no ticket is in two hands", async () => {
  const titles = Array.from({ length: LONG ? 6 : 4 }, (_, at) => `Ticket ${at}`);
  const made = await claimers("path", { count: LONG ? 6 : 4, titles, cleanUp: onTestFinished });
  const chaos = await openClaimChaos(made, SEED);
  while (chaos.steps < STEPS && chaos.faults.length === 0) {
    await anyClaimStep(chaos);
    if (chaos.steps % 200 === 0) await quietClaims(chaos);
  }
  if (chaos.faults.length === 0) await quietClaims(chaos);
  if (process.env.AYO_SYNC_KEEP !== undefined)
    cpSync(path.dirname(made.hub), process.env.AYO_SYNC_KEEP, { recursive: true });
  const story = chaos.faults.length === 0 ? [] : chaos.story.slice(-60);
  expect([`AYO_CLAIM_SEED=${SEED}`, ...chaos.faults, ...story]).toEqual([`AYO_CLAIM_SEED=${SEED}`]);
  if (LONG) tell(`claims: ${chaos.steps} steps: ${JSON.stringify(Object.fromEntries(chaos.counts))}`);
});
