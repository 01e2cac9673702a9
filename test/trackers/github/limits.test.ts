import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openGitHub } from "../../../src/trackers/github/open.ts";
import { expectSettled, scene } from "../../helpers/github/scene.ts";
import { GITHUB_KEY, type GitHubServer, githubServer, type Mishap } from "../../helpers/github/server.ts";

let server: GitHubServer;
beforeAll(async () => {
  server = await githubServer();
});
afterAll(() => server.close());
afterEach(() => {
  expect(server.offences).toEqual([]);
  server.onRequest = () => undefined;
  server.headers = {};
});

test("a limit ends a run at once, its words say until when, and no limit is believed to last for ever", async () => {
  const now = Date.parse("2026-01-02T03:04:05Z");
  const ends: readonly (readonly [Mishap, Record<string, string>, string])[] = [
    ["secondary", {}, "2026-01-02T03:05:05Z"],
    ["secondary", { "Retry-After": "90" }, "2026-01-02T03:05:35Z"],
    ["forbidden", { "Retry-After": "3600" }, "2026-01-02T04:04:05Z"],
    ["secondary", { "Retry-After": "1e300" }, "2026-01-03T03:04:05Z"],
    ["forbidden", { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999" }, "2026-01-03T03:04:05Z"],
    ["forbidden", { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon" }, "2026-01-02T03:05:05Z"],
  ];
  for (const [mishap, headers, time] of ends) {
    const { ask, close } = openGitHub({ url: server.url, key: GITHUB_KEY, env: {}, now: () => now });
    server.onRequest = () => mishap;
    server.headers = headers;
    server.seen.length = 0;
    await expect(ask({ method: "GET", path: "/user" })).rejects.toMatchObject({
      fault: "limit",
      message: expect.stringContaining(`again from ${time} on`),
    });
    expect(server.seen).toHaveLength(1);
    close();
  }
});

test("what is made goes out slower when it is much: 20 at once, then one in each pause", async () => {
  const pause = 15;
  const { ask, close } = openGitHub({ url: server.url, key: GITHUB_KEY, env: {}, pause });
  const times: number[] = [];
  server.onRequest = ({ isWrite }) => {
    if (isWrite) times.push(performance.now());
    return isWrite ? "refused" : undefined;
  };
  for (let n = 0; n < 64; n++) {
    const [path, body] = n % 2 === 0 ? ["", { title: "a" }] : ["/1/comments", { body: "a" }];
    const made = ask({ method: "POST", path: `/repos/acme/web/issues${path}`, body });
    await expect(made).rejects.toMatchObject({ fault: "refused" });
  }
  const since = (from: number, to: number): number => (times[to] ?? 0) - (times[from] ?? 0);
  for (let n = 20; n < 63; n++) expect(since(n - 2, n)).toBeGreaterThan(pause * 0.9);
  // Also of what went out at once at most so many come in the time of 60 pauses.
  for (let n = 61; n < 64; n++) expect(since(n - 61, n)).toBeGreaterThan(59 * pause);
  close();
});

test.each<Mishap>(["secondary", "429", "limit"])(
  "a limit (%s) stops the run and keeps what is left",
  async (mishap) => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    let count = 0;
    one.server.onRequest = ({ isWrite }) => {
      if (isWrite) count++;
      one.server.headers = count > 1 ? { "Retry-After": "7200" } : {};
      return count > 1 ? mishap : undefined;
    };
    const { stopped, left } = await one.sync();
    expect(stopped).toMatchObject({ fault: "limit", message: expect.stringMatching(/again from \d{4}-\S+Z on$/) });
    expect([left.map(({ id }) => id), one.writes()]).toEqual([
      ["mya-b", "mya-c"],
      ["POST /issues", "POST /issues"],
    ]);
    one.server.onRequest = () => undefined;
    one.server.headers = {};
    await one.sync();
    expect(one.server.world.issues.size).toBe(3);
    await expectSettled(one);
  },
);

test("a limit right after something was made, and no answer: it is there once, on both sides", async () => {
  const one = await scene();
  one.side.add("mya-a", { notes: [{ at: "2026-01-01T00:00:00Z", by: "Jo", text: "said", isPublic: true }] });
  for (const made of ["POST /issues", "POST /issues/1/comments"]) {
    let isMade = false;
    one.server.onRequest = ({ operation }) => {
      if (isMade) return "secondary";
      isMade = operation === made;
      return isMade ? "dropAfter" : undefined;
    };
    await one.sync();
    one.server.onRequest = () => undefined;
  }
  await one.sync();
  const { issues, comments } = one.server.world;
  expect([issues.size, comments.size, [...one.side.tickets.keys()]]).toEqual([1, 1, ["mya-a"]]);
  expect(one.side.tickets.get("mya-a")?.notes).toHaveLength(1);
  await expectSettled(one);
});
