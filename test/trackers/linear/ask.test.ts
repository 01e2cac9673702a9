import http from "node:http";
import type { AddressInfo } from "node:net";
import { LinearClient } from "@linear/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { httpClient } from "../../../src/trackers/http.ts";
import { linearAsk } from "../../../src/trackers/linear/ask.ts";
import { openLinear } from "../../../src/trackers/linear/open.ts";
import { CHANGED, CREATE_COMMENT, CREATE_ISSUE, ONE } from "../../../src/trackers/linear/operations.ts";
import { proxyFor } from "../../../src/trackers/proxy.ts";
import { providerAt } from "../../helpers/linear/loopback.ts";
import { LINEAR_KEY, type LinearServer, linearServer } from "../../helpers/linear/server.ts";

const ID = "0b7c5e6a-1f52-4c1e-9a55-000000000001";
let server: LinearServer;
beforeAll(async () => {
  server = await linearServer();
});
afterAll(() => server.close());
afterEach(() => {
  server.onRequest = () => undefined;
  server.headers = {};
  server.seen.length = 0;
});

const faultOf = async (doing: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await doing.then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(JSON.stringify(error) + String(error)).not.toContain(LINEAR_KEY);
  return (error as { fault?: string } | undefined)?.fault;
};
const patch = { fields: { title: "a" }, addLabels: [], removeLabels: [] };
const create = (key: string) => ({ kind: "create" as const, key, patch });

describe("what goes wrong", () => {
  test("what reads is tried again, what writes is sent once and nobody knows", async () => {
    const provider = providerAt(server);
    let count = 0;
    server.onRequest = () => (count++ === 0 ? "dropBefore" : undefined);
    expect(await provider.items(undefined)).toEqual([]);
    expect(server.seen.map(({ operation }) => operation)).toEqual(["Changed", "Changed"]);
    for (const mishap of ["dropBefore", "dropAfter", "500before", "500after", "errors"] as const) {
      server.seen.length = 0;
      server.onRequest = () => mishap;
      expect(await faultOf(provider.write(create(`0b7c5e6a-1f52-4c1e-9a55-0000000000${mishap.length}0`)))).toBe(
        "ambiguous",
      );
      expect(server.seen).toHaveLength(1);
    }
    provider.close();
  });

  test("limits end a run, and say until when by our clock", async () => {
    const provider = providerAt(server, { now: () => 1_000_000 });
    server.onRequest = () => "ratelimited";
    const theirs = Date.now() + 7_200_000;
    server.headers = { "X-RateLimit-Requests-Reset": String(theirs), Date: new Date(theirs - 60_000).toUTCString() };
    const error = (await provider.items(undefined).catch((one: unknown) => one)) as { fault: string; until: number };
    expect(error.fault).toBe("limit");
    expect(error.until - 1_000_000).toBeGreaterThan(55_000);
    expect(error.until - 1_000_000).toBeLessThan(65_000);
    expect(server.seen).toHaveLength(1);
    provider.close();
  });

  test("a limit without a time ends a run at once, and its words say until when; short ones are waited for in all as long", async () => {
    const now = Date.parse("2026-01-02T03:04:05Z");
    const { ask, close } = openLinear({ url: server.url, key: LINEAR_KEY, env: {}, now: () => now });
    server.onRequest = () => "ratelimited";
    const error = (await ask(CHANGED, { filter: {}, first: 1 }).catch((one: unknown) => one)) as Error;
    expect(error.message).toBe("Linear: Rate limit exceeded; it may be asked again from 2026-01-02T03:05:05Z on");
    expect(server.seen).toHaveLength(1);
    close();
    const http = httpClient({ env: {}, timeout: 2000, limit: 10_000 });
    const short = linearAsk({ url: server.url, key: LINEAR_KEY, http, waits: [1, 1, 1], patience: 50, now: () => now });
    server.headers = { "Retry-After": "0.03" };
    await expect(short(CHANGED, { filter: {}, first: 1 })).rejects.toMatchObject({ fault: "limit" });
    expect(server.seen).toHaveLength(3);
    server.headers = { "Retry-After": "Infinity" };
    await expect(short(CHANGED, { filter: {}, first: 1 })).rejects.toThrow("from 2026-01-03T03:04:05Z on");
    http.close();
  });

  test("what is left of a limit is left for others", async () => {
    const provider = providerAt(server);
    server.headers = { "X-RateLimit-Requests-Remaining": "3", "Retry-After": "60" };
    await provider.items(undefined);
    expect(await faultOf(provider.items(undefined))).toBe("limit");
    expect(server.seen).toHaveLength(1);
    provider.close();
  });

  test("each answer is known for what it is", async () => {
    const provider = providerAt(server);
    await provider.write(create(ID));
    expect(await faultOf(provider.write(create(ID)))).toBe("exists");
    expect(await faultOf(provider.write({ ...create("0b7c5e6a-1f52-4c1e-9a55-00000000000f"), kind: "update" }))).toBe(
      "gone",
    );
    expect(await provider.get("0b7c5e6a-1f52-4c1e-9a55-00000000000f")).toBeUndefined();
    expect(
      await faultOf(provider.write({ kind: "update", key: ID, patch: { ...patch, fields: { status: "no-state" } } })),
    ).toBe("refused");
    const other = providerAt(server, { key: "lin_api_other" }).items(undefined);
    await expect(other).rejects.toMatchObject({
      fault: "auth",
      message: expect.stringContaining("KEY is wrong, or was"),
    });
    expect(() => providerAt(server, { key: "a b" })).toThrow("LINEAR_API_KEY has spaces");
    provider.close();
  });

  test("nothing follows to another host, nor without https, nor without end or measure", async () => {
    const other = http.createServer((_, response) => {
      response.writeHead(307, { Location: server.url }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const url = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const client = httpClient({ env: {}, timeout: 300, limit: 10 });
    await expect(client.post(url, {}, "{}")).rejects.toMatchObject({
      fault: "broken",
      message: expect.stringContaining("not followed"),
    });
    const headers = { Authorization: LINEAR_KEY };
    const body = JSON.stringify({ query: CHANGED, variables: { filter: {}, first: 1 } });
    await expect(client.post(new URL(server.url), headers, body)).rejects.toMatchObject({
      message: expect.stringContaining("more than 10 bytes"),
    });
    server.onRequest = () => "slow";
    await expect(client.post(new URL(server.url), headers, body)).rejects.toMatchObject({
      fault: "ambiguous",
      message: expect.stringContaining("0.3 s"),
    });
    await new Promise((resolve) => other.close(resolve));
    client.close();
    const anew = httpClient({ env: {}, timeout: 300, limit: 10 });
    await expect(anew.post(url, {}, "{}")).rejects.toMatchObject({ fault: "unreachable" });
    const options = { key: LINEAR_KEY, http: client, waits: [], patience: 0, now: Date.now };
    expect(() => linearAsk({ ...options, url: "http://linear.example/graphql" })).toThrow("is not https");
  });
});

test("proxies come from the environment", async () => {
  const asked: string[] = [];
  const proxy = http.createServer((request, response) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    response.end("{}");
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers.authorization}`);
    socket.end("HTTP/1.1 403 no\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const at = `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = httpClient({
    env: { HTTP_PROXY: at, https_proxy: at, NO_PROXY: "x.example" },
    timeout: 2000,
    limit: 100,
  });
  await client.post(new URL("http://tracker.example/q"), { Authorization: "k" }, "{}");
  await expect(client.post(new URL("https://tracker.example/q"), { Authorization: "k" }, "{}")).rejects.toMatchObject({
    fault: "unreachable",
  });
  expect(asked).toEqual(["http://tracker.example/q Basic bWU6cHc=", "CONNECT tracker.example:443 undefined"]);
  expect(proxyFor(new URL("https://a.x.example"), { https_proxy: at, NO_PROXY: "x.example" })).toBeUndefined();
  client.close();
  await new Promise((resolve) => proxy.close(resolve));
});

test("Linear's own client gets the same answers from the loopback", async () => {
  const client = new LinearClient({ apiKey: LINEAR_KEY, apiUrl: server.url }).client;
  const id = "0b7c5e6a-1f52-4c1e-9a55-0000000000aa";
  const made = await client.rawRequest(CREATE_ISSUE, { input: { id, teamId: "team-eng", title: "by the sdk" } });
  expect(made.data).toMatchObject({
    issueCreate: { success: true, issue: { id, identifier: expect.stringMatching(/^ENG-\d+$/) } },
  });
  expect((await providerAt(server).get(id))?.fields.title).toBe("by the sdk");
  const asked = client.rawRequest(CREATE_ISSUE, { input: { id, teamId: "team-eng", title: "again" } });
  await expect(asked).rejects.toMatchObject({ status: 400 });
  const note = { input: { id, issueId: id, body: "- a" } };
  expect((await client.rawRequest(CREATE_COMMENT, note)).data).toMatchObject({
    commentCreate: { comment: { body: "* a" } },
  });
  await expect(client.rawRequest(CREATE_COMMENT, note)).rejects.toMatchObject({ status: 200 });
  await expect(client.rawRequest(ONE, { id: "nobody", last: 1 })).rejects.toThrow("Entity not found");
  server.onRequest = () => "ratelimited";
  await expect(client.rawRequest(ONE, { id, last: 1 })).rejects.toMatchObject({ status: 400 });
});
