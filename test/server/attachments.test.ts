import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_ATTACHMENT } from "../../src/ticket/attachments.ts";
import { picture } from "../helpers/picture.ts";
import { type ServeProcess, startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

let store: TempStore;
let server: ServeProcess;
let id: string;
const dir = tempDir(afterAll);
const ends: (() => void)[] = [];
beforeAll(async () => {
  store = await tempStore({ at: dir });
  id = await store.ayo("ticket", "create", "Build login", "-q");
  server = await startServe(store.dir, [], { cleanUp: (end) => ends.push(end) });
});
afterAll(() => {
  for (const end of ends) end();
});

const at = (name = ""): string => `${server.url}/api/tickets/${id}/attachments${name}`;

function post(name: string, body: string | Uint8Array<ArrayBuffer>, headers = {}): Promise<Response> {
  return fetch(`${at()}?name=${encodeURIComponent(name)}`, { method: "POST", body, headers });
}

describe("over HTTP", () => {
  test("a file goes in as it is, comes out as it is, and goes", async () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, byte) => byte % 256);
    const made = await post("ä b.bin", bytes, { "content-type": "text/html" });
    expect([made.status, made.headers.get("location")]).toEqual([
      201,
      `/api/tickets/${id}/attachments/${encodeURIComponent("ä b.bin")}`,
    ]);
    const read = await fetch(server.url + (made.headers.get("location") ?? ""));
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    expect(read.headers.get("content-disposition")).toBe(
      `attachment; filename="_ b.bin"; filename*=UTF-8''%C3%A4%20b.bin`,
    );
    const etag = read.headers.get("etag") ?? "";
    const again = await fetch(server.url + (made.headers.get("location") ?? ""), {
      headers: { "if-none-match": etag },
    });
    expect(again.status).toBe(304);
    const head = await fetch(server.url + (made.headers.get("location") ?? ""), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "3000"]);
    expect((await fetch(at("/%C3%A4%20b.bin"), { method: "DELETE" })).status).toBe(200);
    expect((await fetch(at("/%C3%A4%20b.bin"))).status).toBe(404);
    store.judge();
  });

  test.each([
    ["shot.png", picture(2, 2), "image/png", "inline"],
    ["page.png", Buffer.from("<html><script>alert(1)</script>"), "application/octet-stream", "attachment"],
    ["page.html", Buffer.from("<html><body><script>alert(1)</script>"), "application/octet-stream", "attachment"],
    [
      "x.svg",
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
      "application/octet-stream",
      "attachment",
    ],
    ["x.gif", Buffer.from("GIF89a/*<script>*/=1"), "image/gif", "inline"],
    ["x.js", Buffer.from("alert(1)"), "application/octet-stream", "attachment"],
  ])("%s is what its bytes say, in a sandbox", async (name, bytes, type, way) => {
    expect((await post(name, Uint8Array.from(bytes))).status).toBe(201);
    const { headers } = await fetch(at(`/${name}`));
    expect(headers.get("content-type")).toBe(type);
    expect(headers.get("content-disposition")?.split(";")[0]).toBe(way);
    expect(headers.get("content-security-policy")).toBe(
      "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });

  test("no way leads out of the ticket's folder", async () => {
    const ways = [
      "%2e%2e/config.yml",
      "..%2f..%2fconfig.yml",
      "%2e%2e%2fconfig.yml",
      "..%5cconfig.yml",
      "a%00.png",
      "%ff",
      "..%252fx",
    ];
    for (const way of ways)
      expect([way, (await fetch(at(`/${way}`))).status]).toEqual([
        way,
        expect.toSatisfy((code) => [400, 404].includes(code)),
      ]);
    for (const name of ["../x", "a/b", "\0", "..", "C:\\x"]) expect((await post(name, "x")).status).toBe(400);
    expect((await fetch(at(), { method: "POST", body: "x" })).status).toBe(400);
  });

  test("what is too large, and what a page of another site sends, is refused", async () => {
    // It is heard out, so that whoever still sends reads why it is refused.
    for (const more of [1, 3 * MAX_ATTACHMENT]) {
      const large = await post("large.bin", new Uint8Array(MAX_ATTACHMENT + more));
      expect([large.status, await large.json()]).toEqual([413, expect.objectContaining({ code: "too_large" })]);
    }
    expect(await store.ayo("ticket", "show", id)).not.toContain("large.bin");
    expect((await post("most", new Uint8Array(MAX_ATTACHMENT))).status).toBe(201);
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }])
      expect((await post("foreign.txt", "x", headers)).status).toBe(403);
    expect(await store.ayo("ticket", "show", id)).not.toContain("foreign.txt");
  });
});

test("with a token nobody without it reads a file", async () => {
  const other = await tempStore();
  const ticket = await other.ayo("ticket", "create", "Secret", "-q");
  mkdirSync(path.join(other.dir, "in"));
  writeFileSync(path.join(other.dir, "in/a.txt"), "secret");
  await other.ayo("ticket", "attach", ticket, "in/a.txt");
  const { url } = await startServe(other.dir, [], { env: { AYO_TOKEN: "x".repeat(32) } });
  const file = `${url}/api/tickets/${ticket}/attachments/a.txt`;
  expect((await fetch(file)).status).toBe(401);
  expect(await (await fetch(file, { headers: { authorization: `Bearer ${"x".repeat(32)}` } })).text()).toBe("secret");
});
