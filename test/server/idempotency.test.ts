import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ask as askUrl, startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

async function served() {
  const project = await tempStore();
  await project.ayo("ticket", "create", "Zero");
  const server = await startServe(project.dir);
  const send = (key: string, body: unknown, to = "/api/tickets", more: object = {}) =>
    server.ask(to, { body, headers: { "idempotency-key": key, ...more } });
  const folder = path.join(project.repo, ".git", "ayo", "requests");
  const record = () => path.join(folder, readdirSync(folder)[0] ?? "none");
  return { project, server, send, record, folder };
}

test("the same key and body make one change, and get the same answer, also from a server that was started since", async () => {
  const { project, server, send } = await served();
  const first = await send("k1", { title: "One" });
  const again = await send("k1", { title: "One" });
  expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
  expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([undefined, "true"]);
  expect([again.headers.etag, again.headers.location]).toEqual([first.headers.etag, first.headers.location]);
  expect(await server.end()).toBe(0);
  const next = await startServe(project.dir);
  const later = await next.ask("/api/tickets", { body: { title: "One" }, headers: { "idempotency-key": "k1" } });
  expect([later.status, later.text]).toEqual([201, first.text]);
  expect(project.subjects().filter((subject) => subject.endsWith(": One"))).toHaveLength(1);
  const id = first.json.ticket.id;
  const notes = async (key: string) =>
    next.ask(`/api/tickets/${id}/comments`, { body: { text: "x" }, headers: { "idempotency-key": key } });
  await notes("n1");
  await notes("n1");
  await notes("n2");
  expect((await next.ask(`/api/tickets/${id}`)).json.ticket.notes).toHaveLength(2);
  project.judge();
});

test("a key with another body, address or agent is refused, and another key is another change", async () => {
  const { project, send } = await served();
  await send("k1", { title: "One" });
  const before = project.subjects();
  for (const refused of [
    await send("k1", { title: "Two" }),
    await send("k1", { title: "One" }, "/api/tickets/create"),
    await send("k1", { title: "One" }, "/api/tickets", { "x-agent-id": "coder" }),
  ])
    expect([refused.status, refused.json.code]).toEqual([422, "key_reused"]);
  for (const key of ["", "with space", "x".repeat(256)])
    expect([key, (await send(key, { title: "Two" })).json.code]).toEqual([key, "bad_input"]);
  expect(project.subjects()).toEqual(before);
  expect((await send("k2", { title: "One" })).status).toBe(201);
});

test("what is refused is no change: the same key may be tried again", async () => {
  const { project, send, folder } = await served();
  const one = await project.ayo("ticket", "create", "One");
  const two = await project.ayo("ticket", "create", "Two", "--deps", one);
  const close = () => send("k1", {}, `/api/tickets/${two}/close`);
  expect((await close()).status).toBe(409);
  expect(readdirSync(folder)).toEqual([]);
  await project.ayo("ticket", "close", one);
  expect([(await close()).status, (await close()).status]).toEqual([200, 200]);
});

test("of many at once one makes the change; the others get its answer, or are told to wait", async () => {
  const { project, server } = await served();
  const all = await Promise.all(
    Array.from({ length: 12 }, () =>
      askUrl(`${server.url}/api/tickets`, { body: { title: "Once" }, headers: { "idempotency-key": "k1" } }),
    ),
  );
  const made = all.filter(({ status }) => status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  for (const waiting of all.filter(({ status }) => status !== 201))
    expect([waiting.status, waiting.json.code, waiting.headers["retry-after"]]).toEqual([409, "request_running", "1"]);
  expect(project.subjects().filter((subject) => subject.endsWith(": Once"))).toHaveLength(1);
});

test("a change that a server was killed in is made once: again where nothing had changed, else never without a word", async () => {
  const { project, server, send, record } = await served();
  await send("k1", { title: "One" });
  await server.end("SIGKILL");
  const { answer: _, ...begun } = JSON.parse(readFileSync(record(), "utf8"));
  // As the server leaves it that dies between the change and its answer, and before the change.
  const left = (base: string) =>
    writeFileSync(
      record(),
      JSON.stringify({ ...begun, base, holder: { pid: 1, startTime: "", bootId: "gone", pidNamespace: "" } }),
    );
  left(begun.base);
  const next = await startServe(project.dir);
  const retry = () => next.ask("/api/tickets", { body: { title: "One" }, headers: { "idempotency-key": "k1" } });
  const unknown = await retry();
  expect([unknown.status, unknown.json.code]).toEqual([409, "outcome_unknown"]);
  expect(unknown.json.detail).toContain(begun.base.slice(0, 12));
  const { text } = await next.ask("/api/history?limit=1");
  left(JSON.parse(text).entries[0].commit);
  expect((await retry()).status).toBe(201);
  expect(project.subjects().filter((subject) => subject.endsWith(": One"))).toHaveLength(2);
});

test("a key is forgotten after a day, and a damaged record at once", async () => {
  const { project, send, record } = await served();
  const count = () => project.subjects().filter((subject) => subject.endsWith(": One")).length;
  await send("k1", { title: "One" });
  const kept = JSON.parse(readFileSync(record(), "utf8"));
  writeFileSync(record(), JSON.stringify({ ...kept, at: kept.at - 25 * 60 * 60 * 1000 }));
  await send("k1", { title: "One" });
  expect(count()).toBe(2);
  writeFileSync(record(), "{");
  await send("k1", { title: "One" });
  expect(count()).toBe(3);
  project.judge();
});

test("an answer that somebody forged where it is kept is JSON all the same, and sets nothing", async () => {
  const { send, record } = await served();
  await send("k1", { title: "One" });
  const kept = JSON.parse(readFileSync(record(), "utf8"));
  const headers = { "content-type": "text/html", "set-cookie": "a=b", etag: '"1"' };
  writeFileSync(record(), JSON.stringify({ ...kept, answer: { status: 302, headers, body: '"<script>"' } }));
  const again = await send("k1", { title: "One" });
  expect([again.status, again.headers["content-type"], again.headers["set-cookie"], again.headers.etag]).toEqual([
    200,
    "application/json; charset=utf-8",
    undefined,
    '"1"',
  ]);
});

test("no more than a thousand keys are kept, the latest ones", async () => {
  const { folder, project, send, server, record } = await served();
  await send("k0", { title: "One" });
  const old = readFileSync(record());
  for (let n = 0; n < 1200; n++) {
    const file = path.join(folder, `${n}.json`);
    writeFileSync(file, old);
    utimesSync(file, Date.now() / 1000 - 1300 + n, Date.now() / 1000 - 1300 + n);
  }
  await server.end();
  const next = await startServe(project.dir);
  await next.ask("/api/tickets", { body: { title: "Two" }, headers: { "idempotency-key": "k1" } });
  const left = readdirSync(folder);
  expect(left.length).toBeLessThanOrEqual(1001);
  expect(left).toContain("1199.json");
  expect(left).not.toContain("0.json");
  const again = await next.ask("/api/tickets", { body: { title: "One" }, headers: { "idempotency-key": "k0" } });
  expect(again.headers["idempotency-replayed"]).toBe("true");
});
