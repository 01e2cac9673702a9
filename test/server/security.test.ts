import { hostname } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import { guessesOf } from "../../src/server/access/guesses.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { type ServeProcess, startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

const TOKEN = "correct-horse-battery";

describe("without a token only this machine's own pages and programs get in", () => {
  let server: ServeProcess;
  const cleanUp = laterCleanUp();
  const dir = tempDir(cleanUp);
  beforeAll(async () => {
    await tempStore({ at: dir });
    server = await startServe(dir, [], { cleanUp });
  });

  test.for([
    ["another host", { host: "evil.example" }, 403],
    ["a host that begins like ours", { host: "localhost.evil.example:3000" }, 403],
    ["an address of the network", { host: "192.168.1.7" }, 403],
    ["localhost by any port", { host: "localhost:1" }, 200],
    ["IPv6", { host: "[::1]:3000" }, 200],
    ["another site's script", { origin: "https://evil.example" }, 403],
    ["a page of a sandbox", { origin: "null" }, 403],
    ["another program's page on this machine", { origin: "http://localhost:9999" }, 403],
    ["another site's picture", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    ["another site's form", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 403],
    ["a page of ours", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, 200],
  ] as const)("%s", async ([, headers, status]) => {
    expect((await server.ask("/api/tickets", { headers })).status).toBe(status);
  });

  test("a refused request changes nothing, and every answer forbids what it can", async () => {
    const { ask, url } = server;
    const forged = { origin: "https://evil.example", "content-type": "text/plain" };
    for (const method of ["POST", "PATCH", "PUT", "DELETE"]) {
      expect((await ask("/api/tickets", { method, body: '{"title":"x"}', headers: forged })).status).toBe(403);
    }
    expect(await storeIn(dir).ayo("ticket", "list", "-q")).toBe("");
    for (const path of ["/api", "/api/nope", "/api/docs", "/x.map"]) {
      const { headers } = await ask(path, { headers: { origin: url } });
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*script-src 'self'/);
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});

describe("on another address everyone needs the token", () => {
  test("one is made, printed once, and becomes a cookie at the first visit", async () => {
    const { dir, tickets } = await tempStore();
    const { ask, printed, stderr } = await startServe(dir, ["--host", "0.0.0.0"]);
    expect(stderr()).toContain(tickets);
    const { port, search, searchParams } = new URL(printed);
    expect(searchParams.get("token")?.length).toBeGreaterThanOrEqual(32);
    const local = { host: `127.0.0.1:${port}` };
    const at = (path: string, headers = {}) => ask(path, { headers: { ...local, ...headers } });
    const lost = await at("/api/tickets");
    expect([lost.status, lost.json.code]).toEqual([401, "unauthorized"]);
    expect((await at("/")).status).toBe(401);
    expect((await at(`/api/tickets${search}`)).status).toBe(401);
    const visit = await at(`/board${search}&group=type`);
    expect([visit.status, visit.headers.location]).toEqual([303, "/board?group=type"]);
    for (const [path, location] of [
      ["//evil.example/", "/evil.example/"],
      ["///evil.example//x", "/evil.example//x"],
      ["/\\evil.example", "/evil.example"],
      ["/", "/"],
    ] as const) {
      expect([path, (await at(`${path}${search}`)).headers.location]).toEqual([path, location]);
    }
    const cookie = String(visit.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await at("/api/tickets", { cookie: `a=b; ${cookie.split(";")[0]}` })).status).toBe(200);
    expect((await at("/api/tickets", { cookie: `${cookie.split("=")[0]}=%zz` })).status).toBe(401);
    expect((await at("/api/tickets", { authorization: `Bearer ${searchParams.get("token")}` })).status).toBe(200);
    expect((await at("/api/tickets", { authorization: `Bearer ${searchParams.get("token")}x` })).status).toBe(401);
  });

  test("the cookie is not the token, and good at one port alone", async () => {
    const { dir } = await tempStore();
    const env = { AYO_TOKEN: TOKEN };
    const servers = [
      await startServe(dir, ["--host", "0.0.0.0"], { env }),
      await startServe(dir, [], { env }),
    ] as const;
    const cookies: string[] = [];
    for (const { ask } of servers) {
      const { headers } = await ask(`/?token=${TOKEN}`, { headers: { host: "127.0.0.1" } });
      cookies.push(String(headers["set-cookie"]).split(";")[0] as string);
    }
    const [one = "", two = ""] = cookies;
    expect(one).toMatch(/^ayo_\d+=[\w-]{43}$/);
    expect(cookies.join()).not.toContain(TOKEN);
    const status = async (headers: Record<string, string>) =>
      (await servers[0].ask("/api/tickets", { headers: { host: "127.0.0.1", ...headers } })).status;
    const [name, value] = one.split("=");
    expect(await status({ cookie: one })).toBe(200);
    expect(await status({ cookie: `${name}=${two.split("=")[1]}` })).toBe(401);
    expect(await status({ cookie: `${name}=${TOKEN}` })).toBe(401);
    expect(await status({ authorization: `Bearer ${value}` })).toBe(401);
    expect(await status({ cookie: one })).toBe(200);
  });

  test("AYO_TOKEN is the token, and names of other machines are refused still", async () => {
    const { dir } = await tempStore();
    const { ask } = await startServe(dir, ["--host", "0.0.0.0"], { env: { AYO_TOKEN: TOKEN } });
    const as = (host: string) => ask("/api/tickets", { headers: { host, authorization: `Bearer ${TOKEN}` } });
    expect((await as("192.168.1.7:3000")).status).toBe(200);
    expect((await as(`${hostname()}:3000`)).status).toBe(200);
    expect((await as("evil.example")).status).toBe(403);
  });

  test("--token asks for one on this machine too, AYO_TOKEN or one that is made", async () => {
    const { dir, run } = await tempStore();
    for (const env of [{}, { AYO_TOKEN: TOKEN }]) {
      const { ask, printed } = await startServe(dir, ["--token"], { env });
      const token = new URL(printed).searchParams.get("token") ?? "";
      expect(token).toMatch("AYO_TOKEN" in env ? TOKEN : /^[\w-]{32}$/);
      expect((await ask("/api/tickets")).json.code).toBe("unauthorized");
      expect((await ask("/api/tickets", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
      expect((await ask(`/?token=${token}`)).status).toBe(303);
    }
    for (const command of ["serve", "mcp"]) {
      expect((await run([command, "--help"])).stdout).toMatch(/--token .*\n?.*AYO_TOKEN/);
    }
  });

  test("guessing is slowed down: the same wrong token is no new guess, and the right one waits too", async () => {
    const { dir } = await tempStore();
    const { ask } = await startServe(dir, [], { env: { AYO_TOKEN: TOKEN } });
    const attempt = (token: string) => ask("/api/tickets", { headers: { authorization: `Bearer ${token}` } });
    const same = await Promise.all(Array.from({ length: 30 }, () => attempt("an-old-token-of-a-tab")));
    expect(same.map(({ status }) => status)).toEqual(Array(30).fill(401));
    const guesses = await Promise.all(Array.from({ length: 60 }, (_, n) => attempt(`guess-${n}-of-sixteen`)));
    const refused = guesses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]?.json.code).toBe("too_many_guesses");
    expect(Number(refused[0]?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask("/api/tickets")).status).toBe(401);
    let status = 0;
    while (status !== 200) status = (await attempt(TOKEN)).status;
  });

  test("each address has guesses of its own, which come back with time", () => {
    let now = 0;
    const guesses = guessesOf(() => now);
    for (let n = 0; n < 10; n++) {
      expect(guesses.wait("10.0.0.1")).toBe(0);
      guesses.wrong("10.0.0.1", `t${n}`);
    }
    expect([guesses.wait("10.0.0.1"), guesses.wait("10.0.0.2")]).toEqual([1, 0]);
    expect([guesses.isKnown("10.0.0.1", "t3"), guesses.isKnown("10.0.0.2", "t3")]).toEqual([true, false]);
    now = 1000;
    expect(guesses.wait("::ffff:10.0.0.1")).toBe(0);
    for (let n = 0; n < 11; n++) guesses.wrong(`2001:db8:1:2::${n}`, `t${n}`);
    expect([guesses.wait("2001:db8:1:2:9::9"), guesses.wait("2001:db8:1:3::1")]).toEqual([2, 0]);
  });

  test("a token that could be guessed is refused", async () => {
    const { run } = await tempStore();
    const { code, stderr } = await run(["serve", "--host", "0.0.0.0"], { env: { AYO_TOKEN: "secret" } });
    expect([code, stderr]).toEqual([2, expect.stringContaining("16 characters")]);
  });
});

describe("a browser without the token", () => {
  test("gets a page that asks for it, is led where it wanted, and nowhere else", async () => {
    const { dir } = await tempStore();
    const { ask } = await startServe(dir, ["--token"], { env: { AYO_TOKEN: TOKEN } });
    const html = { accept: "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-site": "none" };
    const first = await ask("/ticket/a.1?token=wrong-one-of-yesterday&x=%22%3E%3Cb%3E", { headers: html });
    expect([first.status, first.headers["content-type"]]).toEqual([401, "text/html; charset=utf-8"]);
    expect(first.headers["content-security-policy"]).toMatch(/form-action 'self'.*/);
    expect(first.text).toContain('name="next" value="/ticket/a.1?x=%22%3E%3Cb%3E"');
    expect((await ask("/ticket/a.1")).json.code).toBe("unauthorized");
    const sent = (token: string, next: string, headers = {}) => {
      const body = new URLSearchParams({ token, next }).toString();
      const type = { "content-type": "application/x-www-form-urlencoded", "content-length": `${body.length}` };
      return ask("/sign-in", { method: "POST", body, headers: { ...type, ...headers } });
    };
    const wrong = await sent("not-the-token", "/board");
    expect([wrong.status, wrong.text.includes("That is not the token")]).toEqual([401, true]);
    const right = await sent(`${TOKEN} `, "/ticket/a.1?x=1");
    expect([right.status, right.headers.location]).toEqual([303, "/ticket/a.1?x=1"]);
    const cookie = String(right.headers["set-cookie"]).split(";")[0] as string;
    expect((await ask("/api/tickets", { headers: { cookie } })).status).toBe(200);
    for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example/", "javascript:alert(1)"]) {
      expect((await sent(TOKEN, next)).headers.location).toMatch(/^\/(?!\/|\\)[^:]*$/);
    }
    expect((await sent(TOKEN, "/", { origin: "https://evil.example" })).status).toBe(403);
    expect((await sent(TOKEN, `/${"x".repeat(9000)}`)).status).toBe(413);
    for (let n = 0; n < 12; n++) await sent(`guess-${n}`, "/");
    const late = await sent(TOKEN, "/");
    expect([late.status, late.text.includes("too many wrong tokens")]).toEqual([429, true]);
  });
});
