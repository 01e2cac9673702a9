import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { githubAsk } from "../../../src/trackers/github/ask.ts";
import { findRepo, findViewer } from "../../../src/trackers/github/describe.ts";
import { githubProvider } from "../../../src/trackers/github/github.ts";
import { openGitHub } from "../../../src/trackers/github/open.ts";
import { httpClient } from "../../../src/trackers/http.ts";
import { providerAt } from "../../helpers/github/scene.ts";
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
  server.seen.length = 0;
});

type Fault = { fault?: string; until?: number; message?: string } | undefined;
const faultOf = async (doing: Promise<unknown>): Promise<Fault> => {
  const error: unknown = await doing.then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(JSON.stringify(error) + String(error)).not.toContain(GITHUB_KEY);
  return error as Fault;
};
const patch = { fields: { title: "a" }, addLabels: [], removeLabels: [] };
const create = { kind: "create", key: "0b7c5e6a-1f52-4c1e-9a55-000000000001", patch } as const;

describe("what goes wrong", () => {
  test("what reads is tried again, what writes is sent once and nobody knows", async () => {
    const provider = providerAt(server);
    let count = 0;
    server.onRequest = () => (count++ === 0 ? "dropBefore" : undefined);
    expect(await provider.items(undefined)).toEqual([]);
    expect(server.seen.map(({ operation }) => operation)).toEqual(["GET /issues", "GET /issues"]);
    for (const mishap of ["dropBefore", "500before"] as const) {
      server.seen.length = 0;
      server.onRequest = ({ isWrite }) => (isWrite ? mishap : undefined);
      expect((await faultOf(provider.write(create)))?.fault).toBe("ambiguous");
      expect(server.seen.filter(({ isWrite }) => isWrite)).toHaveLength(1);
    }
    provider.close();
  });

  test.each<readonly [Mishap, string, string]>([
    ["401", "auth", "the token is wrong, or has run out. Put a new one into GITHUB_TOKEN"],
    ["forbidden", "auth", "the token may not do that. A fine-grained one needs 'Issues: read and write'"],
    ["refused", "refused", "Validation Failed"],
    ["limit", "limit", "it may be asked again from"],
    ["secondary", "limit", "it may be asked again from"],
  ])("%s is %s, and says what helps", async (mishap, fault, words) => {
    const provider = providerAt(server);
    server.onRequest = () => mishap;
    if (mishap !== "refused") expect((await faultOf(provider.items(undefined)))?.fault).toBe(fault);
    const said = await faultOf(provider.write(create));
    expect([said?.fault, said?.message]).toEqual([fault, expect.stringContaining(words)]);
    provider.close();
  });

  test("limits say until when by our clock; a short one is waited for; what is left is left for others", async () => {
    const now = (): number => 1_000_000;
    const asks = [0, 1, 2].map(() => providerAt(server, { now }));
    const theirs = Math.trunc(server.world.time / 1000);
    server.onRequest = () => "limit";
    const until = async (n: number): Promise<number> =>
      ((await faultOf(asks[n]?.items(undefined) as never))?.until ?? 0) - now();
    // The mishap has a reset of long ago: over at once.
    expect(await until(0)).toBe(0);
    server.onRequest = () => "secondary";
    server.headers = {};
    expect(await until(1)).toBe(60_000);
    let count = 0;
    server.onRequest = () => (count++ === 0 ? "429" : undefined);
    expect(await asks[2]?.items(undefined)).toEqual([]);
    server.headers = { "X-RateLimit-Remaining": "3", "X-RateLimit-Reset": String(theirs + 60) };
    await asks[2]?.items(undefined);
    server.seen.length = 0;
    expect(await until(2)).toBe(60_000);
    expect(server.seen).toEqual([]);
    for (const one of asks) one.close();
  });

  test("a key goes nowhere where it could be read, and to nobody else", async () => {
    const http = httpClient({ env: {}, timeout: 300, limit: 1000 });
    const options = { key: GITHUB_KEY, http, waits: [], patience: 0, pause: 0, now: Date.now };
    expect(() => githubAsk({ ...options, url: "http://github.example" })).toThrow("is not https");
    expect(() => githubAsk({ ...options, key: "a b", url: server.url })).toThrow("GITHUB_TOKEN has spaces");
    const ask = githubAsk({ ...options, url: server.url });
    const elsewhere = ask({ method: "GET", path: "https://other.example/issues?page=2" });
    expect((await faultOf(elsewhere))?.message).toContain("not followed");
    http.close();
  });

  test("a repository that is not there, or not for this key, is no issue that is gone", async () => {
    const { ask, close } = openGitHub({ url: server.url, key: GITHUB_KEY, env: {}, waits: [] });
    expect(await findRepo(ask, "acme/web")).toMatchObject({ id: 1001, name: "acme/web", hasIssues: true });
    expect(await findViewer(ask)).toEqual({ name: "ayo-bot", isPerson: true });
    expect((await faultOf(findRepo(ask, "acme")))?.message).toContain("owner/name");
    close();
    const provider = providerAt(server, { key: "github_pat_other" });
    expect((await faultOf(provider.items(undefined)))?.fault).toBe("auth");
    provider.close();
  });
});

test("an issue is found by all that people call it", async () => {
  const provider = providerAt(server);
  const { number } = server.world.create({ title: "a" }, "mara");
  const pull = server.world.create({ title: "b" }, "mara", true).number;
  const names = [`${number}`, `#${number}`, `acme/web#${number}`, `https://github.com/acme/web/issues/${number}#c`];
  for (const name of names) expect((await provider.find(name))?.key).toBe(String(number));
  for (const name of ["x", `${pull}`, "999"]) expect(await provider.find(name)).toBeUndefined();
  const theirs = await faultOf(provider.find("other/web#1"));
  expect(theirs?.message).toBe(
    "that is an issue of the repository other/web, which this token does not see; ours is acme/web",
  );
  expect((await faultOf(provider.find("acme/..#1")))?.message).toContain("ours is acme/web");
  provider.close();
});

test("a repository that was renamed is known by its number, whichever name is said", async () => {
  const { number } = server.world.create({ title: "a" }, "mara");
  const { ask, close } = openGitHub({ url: server.url, key: GITHUB_KEY, env: {}, waits: [] });
  const known = { repo: "acme/old", columns: DEFAULT_BOARD.columns, map: { states: {}, people: {} } };
  server.world.former.add("acme/old");
  const name = `https://github.com/acme/web/issues/${number}`;
  expect((await githubProvider(ask, { ...known, repoId: 1001 }).find(name))?.key).toBe(String(number));
  const other = await faultOf(githubProvider(ask, { ...known, repoId: 1002 }).find(name));
  expect(other?.message).toBe("that is an issue of the repository acme/web; ours is acme/old");
  server.world.former.clear();
  close();
});
