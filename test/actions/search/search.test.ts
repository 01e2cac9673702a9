import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** A store of hand-written tickets, `[id, front matter, text]`. */
function storeOf(tickets: readonly (readonly [id: string, front: string, text: string])[]) {
  const dir = tempDir();
  const store = path.join(dir, ".tickets");
  mkdirSync(store);
  for (const [id, front, text] of tickets) {
    writeFileSync(path.join(store, `${id}.md`), `---\nid: ${id}\nstatus: open\n${front}---\n${text}`);
  }
  const ayo = (...args: string[]) => runHere(dir, ["ticket", ...args]);
  const ids = async (...args: string[]): Promise<string[]> =>
    (await ayo(...args, "-q")).stdout.split("\n").slice(0, -1);
  return { dir, store, ayo, ids };
}

const SHOP = [
  [
    "t-1",
    "tags: [auth]\npriority: 1\nassignee: '@coder'\n",
    "# Authentication token expires during sign-in\n\nToo early.\n",
  ],
  ["t-2", "tags: [ui]\npriority: 3\n", "# Dark mode\n\nFollow the system preference of `prefersColorScheme`.\n"],
  [
    "t-3",
    "tags: [ui]\ncreated: 2026-01-05T10:00:00Z\n",
    "# Export to CSV\n\n## Notes\n\n**2026-01-06T10:00:00Z** @x\n\nSemicolons\n",
  ],
  ["t-4", "", "# 😀🎉\n"],
  ["t-5", "", "# Größe der Tabelle ändern\n\nDie Überschrift bleibt stehen.\n"],
  ["t-6", "", "# 登录失败\n"],
] as const;

describe("search", () => {
  test.each([
    ["login jwt", "t-1"],
    ["authentcation tokn", "t-1"],
    ["night theme", "t-2"],
    ["prefers color", "t-2"],
    ["semicolons", "t-3"],
    ["😀", "t-4"],
    ["grosse tabelle", "t-5"],
    ["登录", "t-6"],
    ["T-3", "t-3"],
  ])("%s finds %s first", async (query, id) => {
    expect((await storeOf(SHOP).ids("search", query))[0]).toBe(id);
  });

  test.each([
    ['"system preference"', ["t-2"]],
    ['"preference system"', []],
    ["mode -dark", []],
    ["tag:ui -priority:3", ["t-3"]],
    ["csv created:<2026-01-05", []],
    ["csv created:2026-01", ["t-3"]],
    ["assignee:none tag:auth", []],
    ["zzzzqq", []],
  ])("%s finds %j", async (query, expected) => {
    expect(await storeOf(SHOP).ids("search", query, "--type", "keyword")).toEqual(expected);
  });

  test("--json has scores, snippets and marks, and says what was left out", async () => {
    const { stdout } = await storeOf(SHOP).ayo("search", "csv semicolons", "--json", "--explain", "--limit", "1");
    const { tickets, total, truncated, mode, weights } = JSON.parse(stdout);
    expect([mode, truncated, total > 1]).toEqual(["hybrid", total > 1, total > 1]);
    const [{ id, score, snippet, marks, why }] = tickets;
    expect([id, snippet.slice(...marks[0]), why.keyword.rank]).toEqual(["t-3", "Semicolons", 1]);
    expect(score).toBeGreaterThan(0);
    expect(weights.semantic + weights.keyword).toBeCloseTo(1);
  });

  test("what is no filter is text, and said so when nothing is found; letters that changed places are found", async () => {
    const { ayo, ids } = storeOf(SHOP);
    expect(await ayo("search", "zzqx:qzxjv", "--type", "keyword")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("'zzqx:qzxjv' is no filter and was looked for as text"),
    });
    expect((await ayo("search", "qzx::vqk http://vqk.qzx", "--type", "keyword")).stderr).toBe("no ticket matches\n");
    expect(await ids("search", "exprot", "--type", "keyword")).toEqual(["t-3"]);
    expect(await ids("search", "tokne", "--type", "keyword")).toEqual(["t-1"]);
  });

  test("a note's snippet is what was said, not the line over it", async () => {
    const { stdout } = await storeOf(SHOP).ayo("search", "semicolons", "--type", "keyword");
    expect(stdout).toContain("\n    Semicolons");
  });

  test("--no-notes leaves notes out", async () => {
    const { ids } = storeOf(SHOP);
    expect(await ids("search", "semicolons", "--no-notes", "--type", "keyword")).toEqual([]);
  });

  test("finds what was changed since, and not what was", async () => {
    const { ids, ayo, store } = storeOf(SHOP);
    await ids("search", "csv");
    await ayo("update", "t-3", "--title", "Export to Parquet");
    writeFileSync(path.join(store, "t-7.md"), "---\nid: t-7\nstatus: open\n---\n# Parquet by hand\n");
    rmSync(path.join(store, "t-2.md"));
    expect((await ids("search", "parquet", "--type", "keyword")).sort()).toEqual(["t-3", "t-7"]);
    expect(await ids("search", "dark mode", "--type", "keyword")).toEqual([]);
  });

  test("the archive only with --all", async () => {
    const { ids, ayo } = storeOf(SHOP);
    await ayo("close", "t-2");
    await ayo("archive", "--before", "0s");
    expect(await ids("search", "dark mode", "--type", "keyword")).toEqual([]);
    expect(await ids("search", "dark mode", "--type", "keyword", "--all")).toEqual(["t-2"]);
    expect(await ids("search", "dark mode", "--type", "keyword")).toEqual([]);
  });

  test("subjects of a ticket's commits", async () => {
    const dir = gitRepo();
    const id = (await runHere(dir, ["ticket", "create", "Build login"])).stdout.trim();
    writeFileSync(path.join(dir, "a.txt"), "a");
    git(dir, "add", "a.txt");
    git(dir, "commit", "--quiet", `--message=Hash with argon2\n\nTICKET: ${id}`);
    const found = async (query: string) =>
      (await runHere(dir, ["ticket", "search", query, "--type", "keyword", "-q"])).stdout.trim();
    expect(await found("argon2")).toBe(id);
    expect(await found("has:commits login")).toBe(id);
    git(dir, "commit", "--quiet", "--amend", `--message=Hash with bcrypt\n\nTICKET: ${id}`);
    expect([await found("bcrypt"), await found("argon2")]).toEqual([id, ""]);
    expect((await runHere(dir, ["ticket", "list", "has:commits", "-q"])).stdout.trim()).toBe(id);
    await runHere(dir, ["ticket", "close", id]);
    expect(await found("bcrypt")).toBe(id);
    git(dir, "commit", "--quiet", "--amend", "--message=Something else");
    expect(await found("has:commits")).toBe(id);
  });

  test("has:commits reads the project only when it is asked for", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    const cache = path.join(store.tickets, ".git/ayo/commits.table");
    const ids = async (filter: string) => (await store.ayo("ticket", "list", filter, "-q")).trim();
    expect([await ids("has:deps"), existsSync(cache)]).toEqual(["", false]);
    expect([await ids("has:commits"), existsSync(cache)]).toEqual(["", true]);
    git(store.dir, "commit", "--quiet", "--allow-empty", `--message=Ticket: ${id}`);
    expect([await ids("has:commits"), await ids("-has:commits")]).toEqual([id, ""]);
  });

  test.each([
    ["x".repeat(10_000)],
    ["(a+)+$ [x \\"],
    ["login mail ".repeat(900)],
    ["\u0000".replace("\u0000", "\\0")],
    [`"${"y ".repeat(4000)}`],
  ])("a query that is no words does no harm", async (query) => {
    const { code, stderr } = await storeOf(SHOP).ayo("search", query);
    expect([code, stderr.includes("bug")]).toEqual([0, false]);
  });

  test("a body of ten megabytes is found by its beginning", async () => {
    const { ids } = storeOf([["big", "", `# Trace\n\nflamegraph ${"lorem ipsum ".repeat(900_000)}`], ...SHOP]);
    expect(await ids("search", "flamegraph", "--type", "keyword")).toEqual(["big"]);
  });

  test.each([
    ["statuz:open", "there is no filter 'statuz'"],
    ["status:opn", "'status:opn': status 'opn' is not one of open"],
    ["priority:<9", "'priority:<9': priority '9' is not one of 0"],
    ["created:>soon", "'created:>soon': created 'soon' is not one of 2026-01-31"],
    ["is:redy", "'is:redy': is 'redy' is not one of open"],
    ["parent:nope", "'parent:nope': ticket 'nope' not found"],
  ])("%s is refused by name", async (query, message) => {
    const { code, stderr } = await storeOf(SHOP).ayo("search", query);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(message);
  });

  test("two processes that build the index at once both answer", async () => {
    const { ids } = storeOf(SHOP);
    const answers = await Promise.all(Array.from({ length: 4 }, () => ids("search", "login jwt", "--limit", "1")));
    expect(answers).toEqual(Array(4).fill(["t-1"]));
  });
});

describe("the same filters for lists", () => {
  test("a filter string, as words or as one", async () => {
    const { ids } = storeOf(SHOP);
    expect(await ids("list", "tag:ui", "priority:<3")).toEqual(["t-3"]);
    expect(await ids("ready", "-tag:ui -tag:auth tabelle")).toEqual(["t-5"]);
    expect(await ids("list", "-tag:ui", "priority:1")).toEqual(["t-1"]);
    expect((await storeOf(SHOP).ayo("query", "tag:auth", "--fields", "id")).stdout).toBe('{"id":"t-1"}\n');
  });

  test("@me is who asks", async () => {
    const { dir } = storeOf(SHOP);
    const { stdout } = await runHere(dir, ["t", "list", "assignee:@me", "-q"], { env: { AYO_AGENT: "coder" } });
    expect(stdout).toBe("t-1\n");
  });
});

describe("an endpoint for embeddings", () => {
  test("is used where it answers, asked once for a text, and replaced where it does not", async () => {
    const seen: string[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { input } = JSON.parse(body) as { input: string[] };
      seen.push(...input);
      const data = input.map((text, index) => ({ index, embedding: [/dark/i.test(text) ? 1 : 0, 1, 0] }));
      response.end(JSON.stringify({ data }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { dir, store, ayo, ids } = storeOf(SHOP);
    const { port } = server.address() as AddressInfo;
    const config = `search:\n  embeddings: {url: "http://127.0.0.1:${port}/v1", model: m}\n`;
    writeFileSync(path.join(store, "config.yml"), config);
    await ayo("note", "t-4", "make the store");
    await runHere(dir, ["allow", "search.embeddings.url"]);
    expect((await ids("search", "dark", "--type", "semantic"))[0]).toBe("t-2");
    const asked = seen.length;
    await ids("search", "dark", "--type", "semantic");
    expect(seen.length).toBe(asked + 1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const { code, stdout, stderr } = await ayo("search", "login jwt", "-q");
    expect([code, stdout.split("\n")[0]]).toEqual([0, "t-1"]);
    expect(stderr.match(/note: embeddings: /g)).toHaveLength(1);
    expect(readFileSync(path.join(store, "config.yml"), "utf8")).toBe(config);
  });

  test("gets neither a text nor the key before its address was allowed here, letter by letter", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { dir, store } = storeOf(SHOP);
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/v1`;
    const env = { AYO_EMBEDDINGS_KEY: "sk-1" };
    const search = async (address: string): Promise<string> => {
      writeFileSync(path.join(store, "config.yml"), `search: {embeddings: {url: "${address}", model: m}}\n`);
      const { code, stdout, stderr } = await runHere(dir, ["t", "search", "login jwt", "-q"], { env });
      expect([code, stdout.split("\n")[0]]).toEqual([0, "t-1"]);
      return stderr;
    };
    const allow = (...args: string[]) => runHere(dir, ["allow", ...args, "search.embeddings.url"]);
    const line = "run: ayo allow search.embeddings.url; until then nothing is sent there";
    expect(await search(url)).toMatch(
      new RegExp(`^note: search\\.embeddings\\.url ${url} is not allowed yet; ${line}.*\n$`),
    );
    await allow("--deny");
    expect(await search(url)).toBe("");
    expect(asked).toEqual([]);
    await allow();
    expect(await search(url)).toBe(
      `note: embeddings: http://127.0.0.1:${port}: it answered 401; searched with the builtin word vectors\n`,
    );
    expect(asked).toEqual(["Bearer sk-1"]);
    for (const other of [`${url}/`, url.replace("127.0.0.1", "localhost"), `${url}/x`, `${url}?x`]) {
      expect(await search(other)).toContain(`${other} was changed since it was allowed; look at it, then ${line}`);
    }
    await allow("--remove");
    expect(await search(url)).toContain("is not allowed yet");
    expect(asked).toEqual(["Bearer sk-1"]);
  });

  test("that is the provider's own needs no yes, only a key, and a no holds for it too", async () => {
    const { dir, store } = storeOf(SHOP);
    writeFileSync(
      path.join(store, "config.yml"),
      'search: {embeddings: {url: "https://api.openai.com/v1", model: m, timeout: 1}}\n',
    );
    const search = async () => (await runHere(dir, ["t", "search", "login jwt"])).stderr;
    expect(await search()).toBe(
      "note: embeddings: https://api.openai.com/v1 takes no text without a key: set AYO_EMBEDDINGS_KEY; searched with the builtin word vectors\n",
    );
    expect((await runHere(dir, ["allow"])).stdout).toMatch(
      /^search\.embeddings\.url {2}allowed {2}https:\/\/api\.openai\.com\/v1, the provider's own, gets/,
    );
    await runHere(dir, ["allow", "--deny", "--all"]);
    expect(await search()).toBe("");
  });

  test.each([
    ["a line break", "http://127.0.0.1:9/\n/evil"],
    ["a control character", "http://127.0.0.1:9/\u001b[2J"],
    ["a letter of another alphabet", "https://\u0430pi.openai.com/v1"],
    ["a backslash", "https://api.openai.com\\\\.evil.example/v1"],
    ["a password", "https://me:sk-marked@api.openai.com/v1"],
    ["nothing after the scheme", "https:///v1"],
    ["a file", "file:///etc/passwd"],
  ])("with %s in it is no address, which is said without repeating it", async (_, url) => {
    const { dir, store } = storeOf(SHOP);
    const config = `search: {embeddings: {url: ${JSON.stringify(url)}, model: m}}\n`;
    writeFileSync(path.join(store, "config.yml"), config);
    const said: string[] = [];
    for (const [line, code] of [
      ["t search login", 2],
      ["allow", 0],
      ["allow --all", 0],
      ["doctor", 1],
    ] as const) {
      const ran = await runHere(dir, line.split(" "));
      expect([line, ran.code]).toEqual([line, code]);
      said.push(ran.stdout + ran.stderr);
    }
    for (const part of ["sk-marked", "evil", "\u001b", "\u0430"]) expect(said.join("")).not.toContain(part);
    expect(said.every((text) => /config\.yml: search\.embeddings\.url must /.test(text))).toBe(true);
  });

  test.each([
    ["search: {weights: {semantic: 2, keyword: x}}", "search.weights.keyword must be a number from 0"],
    ["search: {embeddings: {url: nowhere, model: m}}", "search.embeddings.url must be an address"],
    ["duplicates: {refuse: maybe}", "duplicates.refuse must be true or false"],
  ])("config.yml with %s is refused", async (config, message) => {
    const { store, ayo } = storeOf(SHOP);
    writeFileSync(path.join(store, "config.yml"), `${config}\n`);
    const { code, stderr } = await ayo("search", "login");
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });
});

describe("duplicates", () => {
  const AGAIN = ["create", "Token for authentication expires too early during sign-in"];

  test("create names similar tickets and makes the ticket", async () => {
    const { ayo } = storeOf(SHOP);
    const { code, stdout, stderr } = await ayo(...AGAIN);
    expect([code, stderr.split("\n").slice(1)]).toEqual([
      0,
      ["similar: t-1      [open] - Authentication token expires during sign-in", ""],
    ]);
    expect(stdout).toMatch(/^\S+\n$/);
    const json = JSON.parse((await ayo(...AGAIN, "--json")).stdout);
    expect(json.similar.map(({ id }: { id: string }) => id)).toContain("t-1");
  });

  test("--unique refuses, unless the other is finished", async () => {
    const { ayo } = storeOf(SHOP);
    const refused = await ayo(...AGAIN, "--unique", "--json");
    const { error } = JSON.parse(refused.stderr);
    expect([refused.code, error.code, error.data.similar[0].id]).toEqual([1, "duplicate", "t-1"]);
    await ayo("close", "t-1");
    expect((await ayo(...AGAIN, "--unique")).code).toBe(0);
  });

  test("duplicates.refuse holds for agents only", async () => {
    const { ayo, store } = storeOf(SHOP);
    writeFileSync(path.join(store, "config.yml"), "duplicates: {refuse: true}\n");
    expect((await ayo(...AGAIN, "--as", "@coder")).code).toBe(1);
    expect((await ayo(...AGAIN)).code).toBe(0);
  });

  test("a large store compares with what create made or duplicates saw, by what it says now", async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => [`n-${n}`, "", `# Order chair number ${n}\n`] as const);
    const { ayo } = storeOf([...SHOP, ...many]);
    const first = JSON.parse((await ayo(...AGAIN, "--json")).stdout);
    expect([first.similar, first.notCompared]).toEqual([[], SHOP.length + many.length]);
    const names = async () => {
      const { similar, notCompared } = JSON.parse((await ayo(...AGAIN, "--dry-run", "--json")).stdout);
      return [similar.map(({ id }: { id: string }) => id).sort(), notCompared];
    };
    expect(await names()).toEqual([[first.ticket.id], SHOP.length + many.length]);
    await ayo("duplicates");
    expect(await names()).toEqual([[first.ticket.id, "t-1"].sort(), undefined]);
    await ayo("update", "t-1", "--title", "Paint the shed");
    expect(await names()).toEqual([[first.ticket.id], undefined]);
  });

  test("nothing is said of tickets that share a word", async () => {
    const { ayo } = storeOf(SHOP);
    for (const title of ["Token", "Dark chocolate", "One", "Two"]) {
      expect((await ayo("create", title)).stderr).not.toContain("similar");
    }
  });

  test("pairs, until somebody links them", async () => {
    const { ayo, ids } = storeOf(SHOP);
    const [id = ""] = await ids(...AGAIN);
    const { pairs, total } = JSON.parse((await ayo("duplicates", "--json")).stdout);
    expect([total, pairs[0].first.id, pairs[0].second.id]).toEqual([1, "t-1", id]);
    await ayo("link", "t-1", id);
    expect((await ayo("duplicates")).stderr).toBe("no likely duplicates\n");
  });
});
