import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { formatTime } from "../../src/ticket/time.ts";
import { openEvents, startServe } from "../helpers/serveProcess.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";

/** A served store of so many tickets. */
async function served(count: number) {
  const project = await tempStore();
  const server = await startServe(project.dir);
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => server.ask(path, { headers });
  if (count === 0) return { project, ...server, get };
  const operations = Array.from({ length: count }, (_, n) => ({ op: "create", title: `Ticket ${n} of the wire` }));
  expect((await server.ask("/api/batch", { body: { operations } })).status).toBe(200);
  return { project, ...server, get };
}

const SQUEEZED = { "accept-encoding": "gzip, deflate, br" };

describe("what goes over the wire", () => {
  test("names of files that mean one content are kept for ever, all others are asked for", async () => {
    const { get } = await served(0);
    const main = (await get("/main.js")).text;
    const chunk = /\.\/(soon-[\w-]+\.js)/.exec(main)?.[1] ?? "none";
    const kept = async (name: string) => (await get(`/${name}`)).headers["cache-control"];
    expect(await kept(chunk)).toBe("public, max-age=31536000, immutable");
    for (const name of ["main.js", "main.css", "icon-maskable.png", ""]) expect(await kept(name)).toBe("no-cache");
  });

  test("is squeezed for a client that takes that, and plain for one that does not say so", async () => {
    const { get } = await served(60);
    const plain = await get("/api/board");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.headers["content-length"]).toBe(String(plain.bytes.length));
    for (const [wanted, encoding] of [
      ["gzip, deflate, br", "gzip"],
      ["*", "gzip"],
      ["x-gzip", "gzip"],
      ["br", "br"],
      ["gzip;q=0.5, br", "br"],
      ["deflate", undefined],
      ["", undefined],
      ["gzip;q=0, br;q=0", undefined],
      ["identity, gzip;q=0.5", undefined],
    ] as const) {
      const { headers, bytes } = await get("/api/board", { "accept-encoding": wanted });
      expect([wanted, headers["content-encoding"]]).toEqual([wanted, encoding]);
      expect(headers["content-length"]).toBe(String(bytes.length));
      expect(headers.vary).toContain("Accept-Encoding");
      const whole = encoding === "gzip" ? gunzipSync(bytes) : encoding === "br" ? brotliDecompressSync(bytes) : bytes;
      expect(whole.equals(plain.bytes)).toBe(true);
      if (encoding !== undefined) expect(bytes.length).toBeLessThan(plain.bytes.length / 5);
    }
  });

  test("is plain where it is short, and varies all the same; problems and pages are squeezed too", async () => {
    const { get, ask } = await served(1);
    const short = await get("/api/workflows", SQUEEZED);
    expect([short.headers["content-encoding"], short.headers.vary]).toEqual([undefined, "Accept-Encoding"]);
    expect((await get("/api/ready", SQUEEZED)).headers.vary).toBe("Accept-Encoding, X-Agent-ID");
    for (const path of ["/api/openapi.json", "/api/docs", "/guide/rest"]) {
      const { headers, bytes } = await get(path, SQUEEZED);
      expect([path, headers["content-encoding"], gunzipSync(bytes).length > bytes.length]).toEqual([
        path,
        "gzip",
        true,
      ]);
    }
    const refused = await ask(`/api/tickets?q=${"x".repeat(1500)}:1`, { headers: SQUEEZED });
    expect([refused.status, refused.headers["content-encoding"]]).toEqual([400, "gzip"]);
    expect(JSON.parse(gunzipSync(refused.bytes).toString())).toMatchObject({ status: 400, code: "bad_input" });
  });

  test("of an event stream nothing is squeezed: each event comes at once", async () => {
    const { project, url, ask } = await served(1);
    const events = await openEvents(`${url}/api/events`, SQUEEZED);
    const id = await project.ayo("ticket", "create", "New");
    expect((await events.until("ticket.created", id)).data.ticket.title).toBe("New");
    const head = await ask("/api/events", { method: "HEAD", headers: SQUEEZED });
    expect([head.headers["content-type"], head.headers["content-encoding"]]).toEqual([
      "text/event-stream; charset=utf-8",
      undefined,
    ]);
  });

  test("a HEAD has the headers of the GET and no body; parts of a file are not sent", async () => {
    const { get, ask } = await served(60);
    for (const path of ["/api/board", "/main.js", "/"]) {
      const got = await get(path, SQUEEZED);
      const head = await ask(path, { method: "HEAD", headers: SQUEEZED });
      const told = ({ headers }: typeof got) =>
        ["etag", "vary", "content-type", "content-encoding", "content-length", "cache-control"].map((name) => [
          name,
          headers[name],
        ]);
      expect([path, head.status, head.bytes.length]).toEqual([path, 200, 0]);
      expect(told(head)).toEqual(told(got));
      const part = await get(path, { range: "bytes=0-9" });
      expect([part.status, part.headers["accept-ranges"], part.bytes.length > 10]).toEqual([200, undefined, true]);
    }
  });

  test("files of the page come in brotli, and once only", async () => {
    const { get, ask } = await served(1);
    const { bytes } = await get("/main.js");
    const squeezed = await get("/main.js", SQUEEZED);
    expect(squeezed.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(squeezed.bytes).equals(bytes)).toBe(true);
    expect(squeezed.bytes.length).toBeLessThan(bytes.length / 2);
    for (const path of ["/", "/board", "/main.js", "/main.css", "/api/openapi.json", "/guide"]) {
      const { etag } = (await get(path, SQUEEZED)).headers;
      const again = await get(path, { ...SQUEEZED, "if-none-match": String(etag) });
      expect([path, again.status, again.bytes.length, again.headers.etag]).toEqual([path, 304, 0, etag]);
      expect(again.headers.vary).toContain("Accept-Encoding");
      expect((await ask(path, { method: "HEAD", headers: { "if-none-match": String(etag) } })).status).toBe(304);
    }
    const missing = await get("/nowhere", { "if-none-match": "*" });
    expect(missing.status).toBe(404);
  });

  test("a board of thousands is small, with the short versions that changes can be made for", async () => {
    const { get, ask } = await served(process.env.AYO_LONG === "1" ? 10_000 : 150);
    const fields = "id,title,status,category,priority,deps,blockedBy,ready,created,shortVersion";
    const { bytes } = await get(`/api/board?fields=${fields}`, SQUEEZED);
    const board = JSON.parse(gunzipSync(bytes).toString());
    const [{ id, shortVersion }] = board.columns[0].tickets;
    expect(bytes.length / board.columns[0].count).toBeLessThan(40);
    expect((await get(`/api/tickets/${id}`)).json.ticket).toMatchObject({
      version: expect.stringMatching(`^${shortVersion}[0-9a-f]{30}$`),
    });
    const change = (match: string) =>
      ask(`/api/tickets/${id}`, { method: "PATCH", body: { priority: 0 }, headers: { "if-match": `"${match}"` } });
    expect((await change(shortVersion)).status).toBe(200);
    expect((await change(shortVersion)).status).toBe(412);
  });
});

describe("the ETag of a ticket", () => {
  test("changes when and only when its answer does, also by what happens to others", async () => {
    const { get, project } = await served(0);
    const first = await project.ayo("ticket", "create", "First");
    const second = await project.ayo("ticket", "create", "Second", "--deps", first);
    await project.ayo("ticket", "create", "Another");
    const path = `/api/tickets/${second}`;
    const ask = async (headers = {}) => {
      const { status, headers: got, json } = await get(path, headers);
      return { status, etag: String(got.etag), ticket: json?.ticket };
    };
    const before = await ask();
    expect(before.etag.startsWith(`"${before.ticket.version}-`)).toBe(true);
    expect((await ask()).etag).toBe(before.etag);
    // Somebody else's change that turns nothing here.
    await project.ayo("ticket", "note", first, "Half done.");
    expect((await ask({ "if-none-match": before.etag })).status).toBe(304);
    await project.ayo("ticket", "close", first);
    const after = await ask({ "if-none-match": before.etag });
    expect([after.status, after.ticket.version, after.ticket.ready]).toEqual([200, before.ticket.version, true]);
    expect(after.etag).not.toBe(before.etag);
    await project.ayo("ticket", "note", second, "Begun.");
    const noted = await ask({ "if-none-match": after.etag });
    expect([noted.status, noted.ticket.version === before.ticket.version]).toEqual([200, false]);
    // Nothing but a version says nothing of what it waits for.
    expect((await ask({ "if-none-match": `"${noted.ticket.version}"` })).status).toBe(200);
    expect((await ask({ "if-none-match": `"x", W/${noted.etag} , "y"` })).status).toBe(304);
    expect((await ask({ "if-none-match": "*" })).status).toBe(304);
  });

  test("changes when a claim runs out", async () => {
    const { get, project } = await served(0);
    const lease = formatTime(Date.now() + 4000);
    writeTickets(project, { "t-1": `Work\nstatus: in_progress\nclaimed-by: "@coder"\nclaim: "0f"\nlease: ${lease}` });
    const id = "t-1";
    const held = await get(`/api/tickets/${id}`);
    expect(held.json.ticket.claim.by).toBe("@coder");
    const etag = String(held.headers.etag);
    const list = await get("/api/tickets");
    await expect
      .poll(async () => (await get(`/api/tickets/${id}`, { "if-none-match": etag })).json?.ticket.claim, {
        timeout: 60_000,
      })
      .toBeNull();
    const news = await get("/api/tickets", { "if-none-match": String(list.headers.etag) });
    expect([news.status, news.json?.tickets[0].claim]).toEqual([200, null]);
  });

  test("is what a change is made for, however the answer came", async () => {
    const { get, project, ask } = await served(0);
    const id = await project.ayo("ticket", "create", "Long", "-d", "A line of many words.\n".repeat(80));
    const plain = String((await get(`/api/tickets/${id}`)).headers.etag);
    const squeezed = String((await get(`/api/tickets/${id}`, SQUEEZED)).headers.etag);
    // Other bytes have another strong ETag.
    expect(squeezed).toBe(`${plain.slice(0, -1)}-gzip"`);
    for (const tag of [plain, squeezed]) {
      const known = await get(`/api/tickets/${id}`, { ...SQUEEZED, "if-none-match": tag });
      expect([known.status, known.headers.etag]).toEqual([304, tag]);
    }
    const change = (match: string, priority: number) =>
      ask(`/api/tickets/${id}`, { method: "PATCH", body: { priority }, headers: { "if-match": match } });
    const changed = await change(squeezed, 0);
    expect(changed.status).toBe(200);
    expect((await change(plain, 1)).status).toBe(412);
    // The answer to a change has the version alone, which is enough.
    expect(changed.headers.etag).toBe(`"${changed.json.tickets[0].version}"`);
    expect((await change(String(changed.headers.etag), 1)).status).toBe(200);
    expect((await change('"5d41402a", "7d793037"', 2)).json).toMatchObject({ code: "bad_input" });
  });

  test("of a list it is the same for the same tickets, and another one after a change", async () => {
    const { get, project } = await served(60);
    for (const path of ["/api/tickets", "/api/board", "/api/ready", "/api/stats", "/api/config"]) {
      let known: Record<string, string> = {};
      // The stream of events may still be at the change before.
      const twice = async (): Promise<unknown> => {
        const { headers } = await get(path, SQUEEZED);
        known = { ...SQUEEZED, "if-none-match": String(headers.etag) };
        const again = await get(path, known);
        return [path, again.status, again.headers.etag === headers.etag, again.bytes.length];
      };
      await expect.poll(twice, { timeout: 60_000 }).toEqual([path, 304, true, 0]);
      await project.ayo("ticket", "create", `After ${path}`);
      await expect.poll(async () => (await get(path, known)).status, { timeout: 60_000 }).toBe(200);
    }
  });
});
