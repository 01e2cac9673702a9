import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { feedOf } from "../../src/server/live/feed.ts";
import { type StreamLimits, streamsOf } from "../../src/server/live/sse.ts";
import { openEvents, startServe } from "../helpers/serveProcess.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const LIMITS: StreamLimits = { streams: 3, waiting: 1_000_000, waitingInAll: 1_000_000 };

/** Streams of a real store in this process, where what waits for a client is exactly what it did not read. */
async function streamsWith(project: TempStore, limits: Partial<StreamLimits>) {
  const feed = feedOf(
    () => project.open(),
    () => {},
  );
  const streams = streamsOf({ ...LIMITS, ...limits });
  onTestFinished(async () => {
    streams.close();
    await feed.close();
  });
  await feed.ready;
  const cut: string[] = [];
  const open = (name: string): ReadableStream<Uint8Array> => {
    const { signal } = new AbortController();
    return streams.open(feed, undefined, { signal, cut: () => void cut.push(name) }).body as ReadableStream<Uint8Array>;
  };
  return { open, cut };
}

describe("streams of events", () => {
  test("are so many and no more, until one is closed", async () => {
    const { open } = await streamsWith(await tempStore(), {});
    const [first] = ["one", "two", "three"].map(open);
    expect(() => open("four")).toThrow(expect.objectContaining({ code: "too_many_streams" }));
    await first?.cancel();
    open("four");
    expect(() => open("five")).toThrow("3 streams of events are open");
  });

  test.for([
    ["a client that does not read", { waiting: 3_000 }, ["slow"]],
    ["the ones that most waits for, where all together hold too much", { waitingInAll: 4_000 }, ["slow", "slower"]],
  ] as const)("let %s go, and go on for who reads", async ([, limits, expected]) => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const { open, cut } = await streamsWith(project, limits);
    const slow = [...expected];
    for (const name of slow) open(name);
    let heard = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const part of open("quick") as unknown as AsyncIterable<Uint8Array>) heard += decoder.decode(part);
    })();
    for (let n = 1; cut.length < slow.length; n++) {
      project.write(id, project.text(id).replace(/^# .*$/m, `# Title ${n}`));
      while (!heard.includes(`"title":"Title ${n}"`)) await new Promise((resolve) => setTimeout(resolve, 5));
      if (n > 40) break;
    }
    expect([...cut].sort()).toEqual(slow);
    void reading;
  });
});

describe("ayo serve ends", () => {
  test.for(["SIGINT", "SIGTERM"] as const)("by %s with open streams, and after a HEAD of one", async (signal) => {
    const project = await tempStore();
    const { ask, url, end } = await startServe(project.dir);
    await openEvents(`${url}/api/events`);
    for (const path of ["/api/events", "/api/events?last_event_id=x", "/api/board", "/"]) {
      const { status, text } = await ask(path, { method: "HEAD" });
      expect([path, status, text]).toEqual([path, 200, ""]);
    }
    expect((await ask("/api/events", { method: "HEAD" })).headers["content-type"]).toContain("text/event-stream");
    expect(await end(signal)).toBe(0);
  });

  test("by the second signal, whatever the first one left running", async () => {
    const project = await tempStore();
    const leak = path.join(project.dir, "leak.cjs");
    writeFileSync(leak, "setInterval(() => {}, 1 << 30);\n");
    const { pid, end } = await startServe(project.dir, [], { env: { NODE_OPTIONS: `--require ${leak}` } });
    process.kill(pid, "SIGINT");
    const again = setInterval(() => process.kill(pid, "SIGINT"), 300);
    onTestFinished(() => clearInterval(again));
    const code = await end("SIGINT");
    clearInterval(again);
    expect(code).toBe(130);
  });
});
