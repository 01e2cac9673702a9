import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LinearServer, linearServer } from "../../helpers/linear/server.ts";
import { STEPS, soak } from "../../helpers/linear/soak.ts";

let server: LinearServer;
beforeAll(async () => {
  server = await linearServer();
});
afterAll(() => server.close());

/** With AYO_LONG 20,000 edits; AYO_SEED begins elsewhere. */
const IS_LONG = process.env.AYO_LONG === "1";
const RUNS = Number(process.env.AYO_RUNS ?? (IS_LONG ? 400 : 5));
const SEED = Number(process.env.AYO_SEED ?? 1);

test("random edits on both sides, faults and crashes: both sides end alike, nothing is lost, doubled, or without end", async () => {
  const sum = { edits: 0, faults: 0, crashes: 0, requests: 0 };
  const alike = fc.asyncProperty(STEPS(150), async (steps) => {
    const { edits, faults, crashes, requests, ...bad } = await soak(server, steps, steps.length % 2 === 1);
    sum.edits += edits;
    sum.faults += faults;
    sum.crashes += crashes;
    sum.requests += requests;
    expect(bad).toEqual({ duplicates: [], differences: [], endless: [], lost: [] });
    expect(server.offences).toEqual([]);
  });
  const limit = IS_LONG ? 3_000_000 : 60_000;
  await fc.assert(alike, { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: limit, markInterruptAsFailure: true });
  expect(sum.edits).toBeGreaterThan(RUNS * 20);
  expect(sum.faults).toBeGreaterThan(RUNS);
  if (IS_LONG) {
    expect(sum).toMatchObject({ edits: expect.toSatisfy((edits) => edits > RUNS * 38) });
    console.info(JSON.stringify(sum));
  }
}, 3_100_000);
