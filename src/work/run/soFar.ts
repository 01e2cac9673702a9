import type { Store } from "../../store/open/store.ts";
import { writeRun } from "../../store/runs/record.ts";
import { masked } from "./environment.ts";
import type { LiveRun } from "./liveRun.ts";

/** It is written down so often at most, in milliseconds. */
const EVERY_MS = 2_000;
/** So much of what an agent said last stands in the record of its run. In characters. */
const MAX_SAID = 2_000;

/** Writes down what a run that goes on has used up and said last, for who looks at it. @throws store_not_writable, disk_full */
export function noteSoFar(store: Store, run: LiveRun): void {
  const { record, read, noted, tokens, cost, words, secrets } = run;
  const now = performance.now();
  if (record.state !== "running" || noted?.read === read || now - (noted?.at ?? 0) < EVERY_MS) return;
  run.noted = { read, at: now };
  const said = words.text === undefined ? record.said : masked(words.text, secrets).slice(-MAX_SAID);
  const used = { ...(tokens > 0 ? { tokens } : {}), ...(cost > 0 ? { cost } : {}) };
  const news = { ...used, ...(said === undefined ? {} : { said }) };
  const isNews = Object.entries(news).some(([key, value]) => record[key as keyof typeof news] !== value);
  if (isNews) run.record = writeRun(store, { ...record, ...news });
}
