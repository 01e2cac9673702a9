import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { git } from "../helpers/git.ts";
import { hookStore } from "../helpers/hookStore.ts";
import { startServe } from "../helpers/serveProcess.ts";

const SECRETS = {
  AYO_EMBEDDINGS_KEY: "sk-marked-embeddings",
  AYO_TOKEN: "marked-token-of-server",
  LINEAR_API_KEY: "lin_api_marked",
};
const MARKED = /marked/;

/** Every file below a directory whose bytes hold a marked secret, git's objects as they are unpacked. */
function marked(dir: string): string[] {
  const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).map((name) => path.join(dir, name));
  const found = files.filter((file) => statSync(file).isFile() && MARKED.test(readFileSync(file, "latin1")));
  const isStore = existsSync(path.join(dir, ".git"));
  const objects = isStore ? git(dir, "cat-file", "--batch-all-objects", "--batch", "--unordered") : "";
  return MARKED.test(objects) ? [...found, "git's objects"] : found;
}

test("ayo's own keys are in nothing that it writes or says, whatever the endpoint and hooks do with what they get", async () => {
  const answers = [
    (key: string) => [200, key],
    (key: string) => [200, JSON.stringify({ data: [{ embedding: key }] })],
    (key: string) => [307, key],
    (key: string) => [401, key],
  ] as const;
  const got: string[] = [];
  const server = createServer((request, response) => {
    const key = request.headers.authorization ?? "";
    const [status, text] = answers[got.push(key) % answers.length]?.(key) ?? [500, key];
    response.writeHead(Number(status), key, { location: `http://127.0.0.1/${key.split(" ")[1]}` }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const store = await hookStore(SECRETS);
  const said: string[] = [];
  const run = async (...args: string[]): Promise<void> => {
    const { stdout, stderr } = await store.cli(...args);
    said.push(stdout, stderr);
  };
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1`;
  writeFileSync(path.join(store.store, "config.yml"), `search: {embeddings: {url: "${url}", model: m}}\n`);
  for (const event of ["created", "closed"]) store.put(`ticket.${event}`, "#!/bin/sh\nenv | sort\nexit 3\n");
  for (const line of ["allow", "doctor", "allow --all", "t create One", "t close One"]) await run(...line.split(" "));
  for (const _ of answers) await run("t", "search", "one", "--explain");
  for (const line of ["doctor", "doctor --fix", "hooks log", "hooks run ticket.closed One", "allow --json", "recap"])
    await run(...line.split(" "));
  expect(got).toEqual(answers.map(() => `Bearer ${SECRETS.AYO_EMBEDDINGS_KEY}`));
  // The hooks did run and print what they got.
  expect(said.join("")).toMatch(/TICKETS_DIR=/);
  expect(said.filter((text) => MARKED.test(text))).toEqual([]);
  expect([...marked(store.store), ...marked(store.env.AYO_HOME ?? "")]).toEqual([]);
});

test("no program that ayo starts gets ayo's own keys: hook, editor, browser, git", async () => {
  const store = await hookStore(SECRETS);
  const bin = path.join(store.dir, "bin");
  const seen = path.join(store.dir, "seen");
  mkdirSync(bin);
  mkdirSync(seen);
  const program = (name: string, more = ""): string => {
    const file = path.join(bin, name);
    writeFileSync(
      file,
      `#!/bin/sh\nenv > '${seen}/${name}.tmp' && mv '${seen}/${name}.tmp' '${seen}/${name}'\n${more}`,
    );
    chmodSync(file, 0o755);
    return file;
  };
  const where = process.env.PATH ?? "";
  program("git", `PATH='${where}' exec git "$@"\n`);
  const env = {
    ...store.env,
    PATH: `${bin}:${where}`,
    EDITOR: program("editor"),
    BROWSER: program("browser"),
  };
  await store.hook("ticket.created", readFileSync(program("hook"), "utf8"));
  const { runCli } = await import("../helpers/runCli.ts");
  const id = (await runCli(store.dir, ["t", "create", "One"], { env })).stdout.trim();
  await runCli(store.dir, ["t", "edit", id], { env });
  await runCli(store.dir, ["doctor"], { env });
  await startServe(store.dir, ["--open"], { env });
  await expect.poll(() => readdirSync(seen).sort(), { timeout: 60_000 }).toEqual(["browser", "editor", "git", "hook"]);
  for (const name of readdirSync(seen)) {
    const text = readFileSync(path.join(seen, name), "utf8");
    expect([name, text]).toEqual([name, expect.stringContaining("PATH=")]);
    expect([name, MARKED.test(text)]).toEqual([name, false]);
  }
});
