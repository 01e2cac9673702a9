import { markLive, takeOver } from "../../src/store/runs/liveRuns.ts";
import { logEvents } from "../../src/store/runs/runEvents.ts";
import { aRun } from "./aRun.ts";
import type { TempStore } from "./tempStore.ts";

const MINUTE = 60_000;

/** What the example's agents do: one is at work, and looked after by this process, one has handed in, one has failed. */
export function exampleRuns(project: TempStore, now: number): void {
  const at = (before: number): string => new Date(now - before * MINUTE).toISOString();
  const place = project.open();
  aRun(project, "sho-n1hs", {
    at: at(180),
    started: at(180),
    ended: at(152),
    said: "Links to our own hosts are refused with 422; the list of hosts is in the settings.",
    tokens: 48_210,
    cost: 0.61,
  });
  aRun(project, "sho-l6qe", {
    agent: "@migrator",
    outcome: "failed",
    at: at(300),
    started: at(300),
    ended: at(281),
    why: "stood still for 5m",
    tokens: 9_400,
    cost: 0.12,
  });
  const run = aRun(project, "sho-w5xa", {
    adapter: "claude",
    state: "running",
    at: at(9),
    started: at(9),
    branch: "ayo/work/sho-w5xa",
    worktree: "/home/mara/shorty.work/sho-w5xa",
    said: "The proxy ends TLS, so `req.secure` is false.\nTest first, then the mend.",
    tokens: 21_380,
    cost: 0.34,
  });
  const told: readonly (readonly [number, Readonly<Record<string, unknown>> & { readonly type: string }])[] = [
    [9, { type: "ayo", text: "started claude on branch ayo/work/sho-w5xa" }],
    [8.8, { type: "thought", text: "The cookie is set in src/cookie.ts; what does the proxy send?" }],
    [8.5, { type: "tool", phase: "begin", name: "Bash", detail: "npm test -- cookie" }],
    [7.2, { type: "tool", phase: "end", name: "Bash", ok: false, detail: OUTPUT }],
    [6, { type: "text", text: "The proxy ends TLS, so `req.secure` is false.\nTest first, then the mend." }],
    [4, { type: "tool", phase: "begin", name: "Edit", detail: "src/cookie.ts" }],
    [3.9, { type: "tool", phase: "end", name: "Edit", ok: true }],
    [3.5, { type: "tool", phase: "begin", name: "Bash", detail: "npm test" }],
    [3, { type: "raw", line: "\u001b[7m RUN \u001b[0m \u001b[36mvitest\u001b[39m \u001b[2m(42 files)\u001b[22m" }],
  ];
  logEvents(
    place,
    run,
    told.map(([before, event]) => ({ at: at(before), ...event })),
  );
  markLive(place, run);
  takeOver(place, run);
}

const OUTPUT = [
  "\u001b[31m✗\u001b[39m sets \u001b[1mSecure\u001b[22m behind a proxy",
  "  \u001b[32mexpected\u001b[39m Secure  \u001b[31mreceived\u001b[39m none",
  "\u001b[41;97m FAIL \u001b[0m \u001b[1m1 of 12\u001b[22m \u001b[33m(1.2 s)\u001b[39m",
].join("\n");
