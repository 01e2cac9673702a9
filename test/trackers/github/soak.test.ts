import { expect, test } from "vitest";
import { soak } from "../../helpers/github/soak.ts";

/** With AYO_LONG 200 runs; AYO_SEED begins elsewhere. */
const RUNS = Number(process.env.AYO_RUNS ?? (process.env.AYO_LONG === "1" ? 200 : 4));
const SEED = Number(process.env.AYO_SEED ?? 1);

test("random edits on both sides, lost answers and crashes: nothing twice, nothing lost, and it comes to rest", async () => {
  const sum = { edits: 0, faults: 0 };
  const bad: string[] = [];
  for (let n = 0; n < RUNS; n++) {
    try {
      const { edits, faults } = await soak(SEED + n, 12);
      sum.edits += edits;
      sum.faults += faults;
    } catch (error) {
      bad.push(`seed ${SEED + n}: ${(error as Error).message}`);
    }
  }
  expect(bad).toEqual([]);
  expect(sum.edits).toBeGreaterThan(RUNS * 20);
  expect(sum.faults).toBeGreaterThan(RUNS);
  if (RUNS > 4) console.info(JSON.stringify(sum));
}, 600_000);
