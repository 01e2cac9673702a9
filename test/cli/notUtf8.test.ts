import { spawn } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { httpServer } from "../helpers/mcpClient.ts";
import { CLI, runCli } from "../helpers/runCli.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** `café` on the second line, as Latin-1 has it. */
const LATIN = Buffer.from("one\ncaf\xE9 two\n", "latin1");
const WHERE = "byte 0xE9 at offset 7, line 2";

/** Everything that a change would alter. */
const stateOf = (store: TempStore): unknown => [
  store.subjects(),
  store.files().map((file) => readFileSync(path.join(store.tickets, file))),
];

async function withTicket(): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore();
  return { ...store, id: await store.ayo("ticket", "create", "Build login") };
}

/** An editor that writes these bytes. */
function editorOf(bytes: Buffer): string {
  const dir = tempDir();
  writeFileSync(path.join(dir, "bytes"), bytes);
  writeFileSync(path.join(dir, "editor"), `#!/bin/sh\ncat '${dir}/bytes' > "$1"\n`);
  chmodSync(path.join(dir, "editor"), 0o755);
  return path.join(dir, "editor");
}

describe("bytes that are not UTF-8 are refused with their place, and nothing is changed", () => {
  test.each([
    ["create -d -", (_: string) => ["ticket", "create", "New", "--description", "-"]],
    ["create --design -", (_: string) => ["ticket", "create", "New", "--design", "-"]],
    ["note -", (id: string) => ["ticket", "note", id, "-"]],
    ["update --description -", (id: string) => ["ticket", "update", id, "--description", "-"]],
    ["ask -", (id: string) => ["ticket", "ask", id, "-"]],
    ["batch", (_: string) => ["ticket", "batch"]],
    ["import -", (_: string) => ["import", "-", "--from", "jsonl"]],
  ])("standard input: %s", async (_, args) => {
    const store = await withTicket();
    const before = stateOf(store);
    const { code, stdout, stderr } = await store.run([...args(store.id), "--json"], { input: LATIN });
    expect([code, stdout]).toEqual([2, ""]);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: "bad_input",
      message: `standard input is not UTF-8 text: ${WHERE}; nothing was changed`,
      data: { offset: 7, line: 2 },
    });
    expect(stateOf(store)).toEqual(before);
  });

  test("a file of operations, and a word of the command line", async () => {
    const store = await withTicket();
    const before = stateOf(store);
    writeFileSync(path.join(store.dir, "plan.jsonl"), LATIN);
    const batch = await store.run(["ticket", "batch", "plan.jsonl"]);
    expect([batch.code, batch.stderr]).toEqual([2, expect.stringContaining(`plan.jsonl is not UTF-8 text: ${WHERE}`)]);
    const through = ["sh", "-c", `exec "$@" "$(printf 'caf\\351')"`, "sh"];
    const word = await store.run(["ticket", "create"], { through });
    expect([word.code, word.stderr]).toEqual([
      2,
      expect.stringContaining("a word of the command line is not UTF-8 text: byte 0xE9 at offset 3"),
    ]);
    expect(stateOf(store)).toEqual(before);
    // A word that really has that character is one like any other.
    expect((await store.run(["ticket", "create", "caf\uFFFD"])).code).toBe(0);
  });

  test.each([
    ["edit", (id: string) => ["ticket", "edit", id]],
    ["create --edit", (_: string) => ["ticket", "create", "New", "--edit"]],
  ])("what an editor leaves (%s); it is kept, and the error says where", async (_, args) => {
    const store = await withTicket();
    const before = stateOf(store);
    const { code, stderr } = await store.run(args(store.id), { env: { EDITOR: editorOf(LATIN) } });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`is not UTF-8 text: ${WHERE}`)]);
    const kept = /error: (\S+) is not/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(kept).equals(LATIN)).toBe(true);
    expect(stateOf(store)).toEqual(before);
  });

  test("an import of files takes the others", async () => {
    const store = await withTicket();
    const lines = [
      Buffer.from('{"id":"a-1","title":"One"}\n'),
      Buffer.from('{"id":"a-2","title":"caf\xE9"}\n', "latin1"),
    ];
    writeFileSync(path.join(store.dir, "in.jsonl"), Buffer.concat(lines));
    const { stderr } = await store.run(["import", "in.jsonl", "--from", "jsonl"]);
    expect(stderr).toContain("needs you: in.jsonl:2: not UTF-8 text");
    expect(readdirSync(store.tickets)).toContain("a-1.md");
    expect(readdirSync(store.tickets)).not.toContain("a-2.md");
  });

  test("the body of a request", async () => {
    const store = await withTicket();
    const before = stateOf(store);
    const body = Buffer.from('{"title":"caf\xE9"}', "latin1");
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const { url } = await startServe(store.dir);
    const rest = await fetch(new URL("/api/tickets", url), { method: "POST", headers, body });
    expect([rest.status, await rest.text()]).toEqual([
      400,
      expect.stringContaining("the body is not UTF-8 text: byte 0xE9 at offset 13, line 1"),
    ]);
    const mcp = await fetch(await httpServer(store.dir), { method: "POST", headers, body });
    expect([mcp.status, await mcp.json()]).toEqual([
      400,
      {
        jsonrpc: "2.0",
        id: null,
        error: { code: -32_700, message: expect.stringContaining("byte 0xE9 at offset 13") },
      },
    ]);
    expect(stateOf(store)).toEqual(before);
  });

  test("a message of MCP on standard input is answered under its id, and the next ones as ever", async () => {
    const store = await withTicket();
    const before = stateOf(store);
    const call = (id: number, title: string) =>
      `${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "create_ticket", arguments: { title } } })}\n`;
    const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "0" } };
    const child = spawn(process.execPath, [CLI, "mcp"], { cwd: store.dir, env: hermeticEnv(sharedHome()) });
    const sent = Buffer.concat([
      Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello })}\n`),
      Buffer.from(call(2, "caf\xE9"), "latin1"),
      Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id: 3, method: "ping" })}\n`),
      Buffer.from('{"jsonrpc":"2.0","id":"caf\xE9', "latin1"),
    ]);
    // In pieces that end anywhere.
    for (let at = 0; at < sent.length; at += 7) child.stdin.write(sent.subarray(at, at + 7));
    child.stdin.end();
    const parts: Buffer[] = [];
    for await (const part of child.stdout) parts.push(part as Buffer);
    const answers = Buffer.concat(parts)
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const refused = { code: -32_700, message: expect.stringContaining("the message is not UTF-8 text: byte 0xE9") };
    expect(answers).toEqual(
      expect.arrayContaining([
        { jsonrpc: "2.0", id: 2, error: refused },
        expect.objectContaining({ id: 3, result: {} }),
        { jsonrpc: "2.0", id: null, error: refused },
      ]),
    );
    expect(stateOf(store)).toEqual(before);
  });
});

test("JSON that names half of a character is refused, not stored as another one", async () => {
  const store = await withTicket();
  const before = stateOf(store);
  for (const [op, field] of [
    ['{"op":"create","title":"half \\ud83d"}', "title"],
    [`{"op":"note","id":"${store.id}","text":"half \\udc00 of it"}`, "note"],
    ['{"op":"create","title":"x","tags":["\\ud83d"]}', "tags"],
  ] as const) {
    const { code, stderr } = await store.run(["ticket", "batch"], { input: `${op}\n` });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${field} holds half of a character`)]);
  }
  expect(stateOf(store)).toEqual(before);
});

test("a merge conflict in a text is refused, and one between two fences is a text", async () => {
  const dir = tempDir();
  const conflict = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\n";
  const refused = await runCli(dir, ["ticket", "create", "New", "-d", "-"], { input: `Text\n${conflict}` });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining("description, line 2: a merge conflict (<<<<<<< … >>>>>>>)"),
  ]);
  expect(readdirSync(dir)).toEqual([]);
  const input = `Text\n\`\`\`\n${conflict}\`\`\`\n`;
  const made = await runCli(dir, ["ticket", "create", "New", "-d", "-"], { input });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(await runCli(dir, ["ticket", "note", made.stdout.trim(), "goes on"])).toMatchObject({ code: 0, stderr: "" });
});
