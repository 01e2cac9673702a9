import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { markLive, markOver } from "../../src/store/runs/liveRuns.ts";
import { newRunFolder, type RunRecord, writeRun } from "../../src/store/runs/record.ts";
import { logEvents } from "../../src/store/runs/runEvents.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { openEvents, type Sent, startServe } from "../helpers/serveProcess.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A run that is at work, as `ayo work` keeps it, with a way to have its agent say something. */
function liveRun(project: TempStore, ticket: string) {
  const store = project.open();
  const n = newRunFolder(store, ticket);
  const known = { run: randomUUID(), ticket, n, store: store.dir, inode: "0:0", agent: "@coder", token: "t" } as const;
  const how = { adapter: "command", tries: 1, isResumed: false, isReview: false } as const;
  const at = "2026-01-02T03:04:05Z";
  const record: RunRecord = { schema: 1, ...known, ...how, state: "running", at };
  writeRun(store, record);
  markLive(store, record);
  const log = (event: Readonly<Record<string, unknown>> & { readonly type: string }): void =>
    logEvents(store, record, [{ at, ...event }]);
  return { store, record, log, say: (text: string): void => log({ type: "text", text }) };
}

test("what a run's agent does is told to who follows its ticket, by watch and as a stream, and to no other", async () => {
  const project = await tempStore({ project: true });
  const id = await project.ayo("ticket", "create", "Work", "-q");
  const other = await project.ayo("ticket", "create", "Other", "-q");
  const { log, say, store, record } = liveRun(project, id);
  say("before anybody looked");
  const { url } = await startServe(project.dir);
  const stream = await openEvents(`${url}/api/tickets/${id}/channel`);
  const silent = await openEvents(`${url}/api/tickets/${other}/channel`);
  const watching = spawn(process.execPath, [CLI, "watch", id], {
    cwd: project.dir,
    env: hermeticEnv(sharedHome()),
  });
  onTestFinished(() => void watching.kill("SIGKILL"));
  let text = "";
  for (const output of [watching.stdout, watching.stderr])
    output.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  await expect.poll(() => text, { timeout: 60_000 }).toContain("watching");
  // What was logged before its first look is not told again.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  say("one\n\u001b[2Jtwo");
  log({ type: "tool", phase: "begin", name: "sh", detail: "npm test" });
  log({ type: "usage", tokens: 7 });
  const progress = (sent: readonly Sent[]) =>
    sent.flatMap(({ event, data }) => (event === "ticket.run_progress" ? [data] : []));
  await expect.poll(() => progress(stream.sent), { timeout: 60_000 }).toHaveLength(1);
  expect(progress(stream.sent)).toMatchObject([
    {
      actor: "@coder",
      ticket: { id },
      cause: { commit: null },
      progress: { run: `${id}/1`, lines: ["one", "\u001b[2Jtwo", "[sh] npm test …"] },
    },
  ]);
  await expect.poll(() => text, { timeout: 60_000 }).toContain("npm test");
  const lines = text.split("\n").filter((line) => line.includes(`${id}/1`));
  expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    `${id}/1 @coder  one`,
    `${id}/1 @coder  \\x1b[2Jtwo`,
    `${id}/1 @coder  [sh] npm test …`,
  ]);
  await project.ayo("ticket", "note", other, "elsewhere");
  await silent.until("ticket.noted");
  expect(progress(silent.sent)).toEqual([]);
  // An answer is refused when its run is all but over: its last words are heard all the same.
  const errors = [{ pointer: "/n", message: "is missing" }];
  log({ type: "ayo", text: "refused the answer: no n", notice: "output_rejected", errors });
  writeRun(store, { ...record, state: "ended", outcome: "failed" });
  markOver(store, record);
  const told = await stream.until("ticket.output_rejected");
  expect(told.data).toMatchObject({ actor: "@coder", cause: { commit: null }, rejected: { run: `${id}/1`, errors } });
  await expect.poll(() => text, { timeout: 60_000 }).toContain(`@coder  ${id}/1: refused the answer: no n`);
});

test("the log of a run as a stream: its last events, then what comes, and its end; after a break what was missed", async () => {
  const project = await tempStore({ project: true });
  const id = await project.ayo("ticket", "create", "Work", "-q");
  const { store, record, say } = liveRun(project, id);
  say("before");
  const { url, ask } = await startServe(project.dir);
  const address = `${url}/api/runs/${id}/log`;
  const texts = (sent: readonly Sent[]) => sent.flatMap(({ event, data }) => (event === "text" ? [data.text] : []));
  const stream = await openEvents(address);
  await expect.poll(() => texts(stream.sent)).toEqual(["before"]);
  const { id: seen = "" } = stream.sent.at(-1) ?? {};
  say("live\u001b[31m");
  say("more");
  await expect.poll(() => texts(stream.sent), { timeout: 60_000 }).toEqual(["before", "live\u001b[31m", "more"]);
  stream.close();
  const back = await openEvents(address, { "last-event-id": seen });
  await expect.poll(() => texts(back.sent), { timeout: 60_000 }).toEqual(["live\u001b[31m", "more"]);
  writeRun(store, { ...record, state: "ended", outcome: "ok" });
  markOver(store, record);
  const end = await back.until("ended");
  expect(end.data).toMatchObject({ run: `${id}/1`, state: "ended", outcome: "ok" });
  expect((await ask(`/api/runs/${id}%2F1/log`)).json).toMatchObject({ events: [{}, {}, {}], run: { outcome: "ok" } });
  expect((await ask(`/api/runs/${id}%2F7/log`, { headers: { accept: "text/event-stream" } })).status).toBe(404);
});
