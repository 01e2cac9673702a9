import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allowEffects, allowHooks, denyHooks } from "../../../src/index.ts";
import { openStore } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { type HookStore, hookStore, RECORDER } from "../../helpers/hookStore.ts";
import { runCli, UNPRIVILEGED } from "../../helpers/runCli.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { testHost } from "../../helpers/tempStore.ts";

const URL_KEY = "search.embeddings.url";
const ADDRESS = "http://127.0.0.1:9/v1";

const listed = async ({ ayo }: HookStore, ...args: string[]) =>
  JSON.parse(await ayo("allow", ...args, "--json")).effects as {
    kind: string;
    name: string;
    state: string;
    todo: string | null;
    try: string[] | null;
    difference?: string;
  }[];
const states = async (store: HookStore) => (await listed(store)).map(({ name, state }) => `${name} ${state}`);
const refusal = async (store: HookStore, ...args: string[]) => {
  const { code, stderr } = await store.cli(...args, "--json");
  return { exit: code, ...JSON.parse(stderr).error };
};
const setUrl = (store: HookStore, url: string): void =>
  writeFileSync(
    path.join(store.store, "config.yml"),
    `search: {embeddings: {url: ${JSON.stringify(url)}, model: m}}\n`,
  );

/** The files in AYO_HOME where decisions are recorded. */
function records({ env }: HookStore): string[] {
  const home = env.AYO_HOME ?? "";
  const names = readdirSync(home, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".json")).map((name) => path.join(home, name));
}

/** A store with a hook and a URL that nobody has decided about. */
async function withBoth(): Promise<HookStore> {
  const store = await hookStore();
  store.put("ticket.created");
  setUrl(store, ADDRESS);
  return store;
}

describe("ayo allow", () => {
  test("alone shows all that takes effect, whether it may, and what to type", async () => {
    const store = await withBoth();
    chmodSync(store.put("ticket.closed"), 0o644);
    store.put("ticket.noted");
    await store.ayo("allow", "--deny", "ticket.noted");
    await store.hook("ticket.moved");
    store.put("ticket.moved", "#!/bin/sh\n");
    await store.hook("ticket.failed");
    expect((await store.ayo("allow")).split("\n")).toEqual([
      "hooks/ticket.created   new      runs after ticket.created, with your rights; run: ayo allow ticket.created",
      "hooks/ticket.moved     changed  runs after ticket.moved, with your rights; run: ayo allow ticket.moved",
      "hooks/ticket.noted     denied   runs after ticket.noted, with your rights",
      `hooks/ticket.closed    broken   may not be run: chmod +x ${path.join(store.store, "hooks/ticket.closed")}`,
      "hooks/ticket.failed    allowed  runs after ticket.failed, with your rights",
      `search.embeddings.url  new      ${ADDRESS} gets the tickets' texts, searches and AYO_EMBEDDINGS_KEY; run: ayo allow search.embeddings.url`,
    ]);
    const found = await listed(store);
    expect(found.map(({ kind, state, try: line }) => [kind, state, line?.join(" ") ?? null])).toEqual([
      ["hook", "new", "ayo allow ticket.created"],
      ["hook", "changed", "ayo allow ticket.moved"],
      ["hook", "denied", null],
      ["hook", "broken", null],
      ["hook", "allowed", null],
      ["url", "new", `ayo allow ${URL_KEY}`],
    ]);
    expect(await store.ayo("allow", "-q")).toBe(found.map(({ name }) => name).join("\n"));
  });

  test("says that there is nothing, and in which store it looked where there is none", async () => {
    const store = await hookStore();
    expect(await store.ayo("allow")).toBe(
      "nothing takes effect here: the store has no hooks, no agents, no pipelines and names no URL",
    );
    expect(await refusal(store, "allow", "--all")).toMatchObject({ code: "not_found" });
    const { code, stderr } = await runCli(tempDir(), ["allow"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("no ticket store at")]);
  });

  test("takes hooks by event, path and path from here, and a URL by its key and by itself", async () => {
    const store = await withBoth();
    store.put("ticket.created.d/1");
    expect(await store.ayo("allow", "ticket.created", "-q")).toBe("hooks/ticket.created\nhooks/ticket.created.d/1");
    await store.ayo("allow", "--deny", "hooks/ticket.created.d/1", URL_KEY);
    await store.ayo("allow", "./.tickets/hooks/ticket.created.d/1", ADDRESS);
    expect(await states(store)).toEqual([
      "hooks/ticket.created allowed",
      "hooks/ticket.created.d/1 allowed",
      `${URL_KEY} allowed`,
    ]);
    expect(await refusal(store, "allow", "nope")).toMatchObject({
      exit: 1,
      code: "not_found",
      message: `nothing here is called 'nope'; there are ticket.created, hooks/ticket.created.d/1, ${URL_KEY}`,
    });
  });

  test("is the same decision as hooks allow and hooks deny", async () => {
    const store = await withBoth();
    await store.ayo("hooks", "allow", "ticket.created");
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} new`]);
    await store.ayo("allow", "--deny", "ticket.created");
    expect(await store.ayo("hooks", "list")).toBe("hooks/ticket.created  denied");
    await store.ayo("hooks", "allow", "--all");
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} new`]);
  });

  test("shows what changed since it was allowed, of what is new all, and decides nothing with --diff", async () => {
    const store = await withBoth();
    await store.hook("ticket.created", "#!/bin/sh\necho one\necho two\n");
    store.put("ticket.created", "#!/bin/sh\necho one\necho \u001b[2Ktwo\n");
    const changed = [
      "--- a/hooks/ticket.created",
      "+++ b/hooks/ticket.created",
      "@@ -1,3 +1,3 @@",
      " #!/bin/sh",
      " echo one",
      "-echo two",
      "+echo \\x1b[2Ktwo",
    ];
    expect((await store.ayo("allow", "--diff")).split("\n")).toEqual([
      expect.stringMatching(/^# hooks\/ticket\.created \(hook, changed, sha256 [0-9a-f]{12}\)$/),
      ...changed,
      expect.stringMatching(/^# search\.embeddings\.url \(url, new, sha256 [0-9a-f]{12}\)$/),
      "--- /dev/null",
      `+++ b/${URL_KEY}`,
      "@@ -0,0 +1,1 @@",
      `+${ADDRESS}`,
    ]);
    expect(await states(store)).toEqual(["hooks/ticket.created changed", `${URL_KEY} new`]);
    const said = (await store.ayo("allow", "ticket.created")).split("\n");
    expect(said.slice(0, -1)).toEqual(changed);
    expect(said.at(-1)).toMatch(/^Allowed hooks\/ticket\.created \(sha256 [0-9a-f]{12}\)$/);
    expect(await store.ayo("allow", "--diff", "ticket.created")).toMatch(/\nas it was allowed$/);
    setUrl(store, `${ADDRESS}/x`);
    await store.ayo("allow", URL_KEY);
    setUrl(store, ADDRESS);
    const [url] = await listed(store, "--diff", URL_KEY);
    expect(url?.difference).toContain(`-${ADDRESS}/x\n+${ADDRESS}\n`);
  });

  test("says of what is no text, or too long, that it cannot be shown", async () => {
    const store = await hookStore();
    store.put("ticket.created", "#!/bin/sh\n\0");
    store.put("ticket.closed", `#!/bin/sh\n${"#".repeat(2_000_000)}`);
    const found = await listed(store, "--diff");
    expect(found.map(({ difference }) => difference)).toEqual([
      "hooks/ticket.created is no text (11 bytes): what changed is not shown\n",
      "hooks/ticket.closed is 2000010 bytes long: what changed is not shown\n",
    ]);
  });

  test("takes back what was said: it is new again, and what was kept of it goes", async () => {
    const store = await withBoth();
    await store.ayo("allow", "--all");
    await store.ayo("t", "create", "One");
    expect(store.names()).toEqual(["created"]);
    expect(await store.ayo("allow", "--remove", "ticket.created")).toMatch(
      /^Took back what was said about hooks\/ticket\.created/,
    );
    await store.ayo("t", "create", "Two");
    expect(store.names()).toEqual(["created"]);
    expect(await states(store)).toEqual(["hooks/ticket.created new", `${URL_KEY} allowed`]);
    await store.ayo("allow", "--remove", "--all");
    const home = store.env.AYO_HOME ?? "";
    const files = readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => path.join(home, name));
    expect(files.filter((file) => statSync(file).isFile())).toEqual([]);
  });

  test("with --sha256 decides only about the content that was looked at", async () => {
    const store = await hookStore();
    store.put("ticket.created");
    const [seen] = JSON.parse(await store.ayo("allow", "--json")).effects as { sha256: string }[];
    const looked = seen?.sha256.slice(0, 12) ?? "";
    store.put("ticket.created", `${RECORDER}rm -rf /\n`);
    expect(await refusal(store, "allow", "ticket.created", "--sha256", looked)).toMatchObject({
      code: "conflict",
      try: ["ayo", "allow", "ticket.created", "--diff"],
    });
    expect(await states(store)).toEqual(["hooks/ticket.created new"]);
    store.put("ticket.created");
    await store.ayo("allow", "ticket.created", "--sha256", looked);
    expect(await states(store)).toEqual(["hooks/ticket.created allowed"]);
    store.put("ticket.closed");
    for (const args of [
      ["--all", "--sha256", looked],
      ["ticket.created", "--sha256", "3f"],
    ])
      expect(await refusal(store, "allow", ...args)).toMatchObject({ exit: 2, code: "bad_usage" });
  });

  test("refuses flags that say two things", async () => {
    const store = await withBoth();
    for (const args of [
      ["--diff", "--deny"],
      ["--deny", "--remove", "--all"],
      ["--all", URL_KEY],
      ["--deny"],
      ["--remove"],
    ])
      expect(await refusal(store, "allow", ...args)).toMatchObject({ exit: 2, code: "bad_usage" });
  });
});

describe("only a person decides", () => {
  const AGENTS: readonly (readonly [string, Record<string, string>, { as?: string }])[] = [
    ["--as", {}, { as: "@coder" }],
    ["AYO_AGENT", { AYO_AGENT: "coder" }, {}],
    ["AYO_AGENT, with another --as", { AYO_AGENT: "@coder" }, { as: "mara" }],
    ["a harness", { CLAUDECODE: "1" }, {}],
    ["a run", { AYO_RUN: "7" }, {}],
    ["a run whose variable was emptied", { AYO_RUN: "" }, {}],
  ];

  test.each(AGENTS)("and none who is known as an agent by %s", async (_, env, flags) => {
    const store = await withBoth();
    await store.ayo("allow", "ticket.created");
    const before = records(store).map((file) => readFileSync(file, "utf8"));
    const opened = openStore({}, testHost(store.dir, { env: { ...testHost(store.dir).env, ...store.env, ...env } }));
    const code = (answer: Promise<unknown>) =>
      answer.then(
        () => "done",
        (error) => error.code,
      );
    const what = ["ticket.created"];
    for (const input of [{ what }, { all: true }, { what, deny: true }, { what, remove: true }])
      expect([input, await code(allowEffects(opened, { ...input, ...flags }))]).toEqual([input, "needs_person"]);
    expect(await code(allowHooks(opened, { hooks: what, ...flags }))).toBe("needs_person");
    expect(await code(denyHooks(opened, { all: true, ...flags }))).toBe("needs_person");
    expect(records(store).map((file) => readFileSync(file, "utf8"))).toEqual(before);
    expect(await code(allowEffects(opened, flags))).toBe("done");
    expect(await code(allowEffects(opened, { diff: true, what: [URL_KEY], ...flags }))).toBe("done");
  });

  test("which the command line says, with its own exit status", async () => {
    const store = await withBoth();
    const { code, stderr } = await runCli(store.dir, ["allow", "--all"], { env: { ...store.env, AYO_RUN: "7" } });
    expect([code, stderr]).toEqual([
      1,
      "error: only a person can decide what takes effect on this machine, and AYO_RUN says that this is an agent's run\n",
    ]);
    expect(await refusal(store, "allow", URL_KEY, "--as", "@coder")).toMatchObject({ exit: 1, code: "needs_person" });
  });

  test("and no shell of a run that took the run's variables away", async () => {
    const store = await withBoth();
    const through = ["sh", "-c", 'unset AYO_RUN AYO_AGENT; "$@"; exit $?', "sh"];
    const env = { ...store.env, AYO_RUN: "7", AYO_AGENT: "@coder" };
    for (const line of [
      ["allow", "--all"],
      ["hooks", "deny", "--all"],
      ["allow", "--remove", URL_KEY, "--as", "mara"],
    ]) {
      const { code, stderr } = await runCli(store.dir, line, { env, through });
      expect([line, code, stderr]).toEqual([line, 1, expect.stringContaining("only a person can decide")]);
    }
    expect(await states(store)).toEqual(["hooks/ticket.created new", `${URL_KEY} new`]);
  });

  test("nor one in a worktree that an agent has joined, where a person sees what was allowed in the main one", async () => {
    const store = await withBoth();
    git(store.dir, "commit", "--quiet", "--allow-empty", "-m", "first");
    const linked = path.join(tempDir(), "linked");
    git(store.dir, "worktree", "add", "--quiet", linked);
    const there = (...args: string[]) => runCli(linked, args, { env: store.env });
    await store.ayo("allow", "--all");
    expect((await there("allow", "-q")).stdout).toBe(`hooks/ticket.created\n${URL_KEY}\n`);
    expect((await there("allow", "--deny", URL_KEY)).code).toBe(0);
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} denied`]);
    expect((await there("agents", "join", "@coder")).code).toBe(0);
    expect((await there("allow", URL_KEY)).stderr).toContain("only a person can decide");
  });
});

describe("what was decided", () => {
  test("and cannot be read counts as not decided, says so everywhere, and can be decided anew", async () => {
    const store = await withBoth();
    await store.ayo("allow", "--all");
    for (const file of records(store)) writeFileSync(file, readFileSync(file, "utf8").slice(0, 30));
    const { stderr } = await store.cli("t", "create", "One");
    expect(stderr).toMatch(
      /hook hooks\/ticket\.created is not allowed: what was decided cannot be read \(\S+\.json is not as ayo writes it\); look at it, then run: ayo allow ticket\.created/,
    );
    expect(store.names()).toEqual([]);
    expect((await store.cli("t", "search", "one")).stderr).toContain("what was decided cannot be read");
    const { findings } = JSON.parse((await store.cli("doctor", "--json")).stdout);
    expect(findings.map(({ code, path: file }: { code: string; path: string }) => [code, file])).toEqual([
      ["approval_unreadable", "hooks/ticket.created"],
      ["approval_unreadable", URL_KEY],
    ]);
    await store.ayo("allow", "ticket.created");
    // It may have been a no, so that is asked even for the address that needs no yes.
    setUrl(store, "https://api.openai.com/v1");
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} new`]);
    await store.ayo("allow", "--remove", URL_KEY);
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} allowed`]);
    setUrl(store, ADDRESS);
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} new`]);
  });

  test.each([
    ["another decision", { decision: "yes" }],
    ["another store", { store: "/else" }],
    ["a fingerprint that is a path", { sha256: "../../../x" }],
  ])("by hand with %s allows nothing", async (_, change) => {
    const store = await hookStore();
    await store.hook("ticket.created");
    const [file = ""] = records(store);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
    await store.ayo("t", "create", "One");
    expect(store.names()).toEqual([]);
    expect(await states(store)).toEqual(["hooks/ticket.created new"]);
  });

  test("in a closed AYO_HOME is not used, and nothing is recorded in one that is read-only", async () => {
    const store = await withBoth();
    await store.ayo("allow", "--all");
    const home = store.env.AYO_HOME ?? "";
    const run = (...args: string[]) => runCli(store.dir, args, { env: store.env, through: UNPRIVILEGED });
    const folders = readdirSync(home, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(home, name))
      .filter((file) => statSync(file).isDirectory());
    const all = [home, ...folders];
    for (const dir of all.toReversed()) chmodSync(dir, 0o500);
    expect((await run("allow", "-q")).code).toBe(0);
    for (const line of [
      ["--deny", URL_KEY],
      ["--remove", "ticket.created"],
    ]) {
      const { code, stderr } = await run("allow", ...line);
      expect([code, stderr]).toEqual([1, expect.stringContaining(home)]);
    }
    chmodSync(path.join(home, "hooks"), 0o000);
    const { stdout } = await run("allow", "--json");
    expect(JSON.parse(stdout).effects[0]).toMatchObject({ state: "new", trouble: expect.stringContaining(home) });
    for (const dir of all) chmodSync(dir, 0o700);
    expect(await states(store)).toEqual(["hooks/ticket.created allowed", `${URL_KEY} allowed`]);
  });

  test("is about content: a store made anew at the same path asks again for what is not the same", async () => {
    const store = await withBoth();
    await store.ayo("allow", "--all");
    rmSync(store.store, { recursive: true });
    await store.ayo("init");
    store.put("ticket.created", "#!/bin/sh\nexit 1\n");
    setUrl(store, `${ADDRESS}/`);
    expect(await states(store)).toEqual(["hooks/ticket.created changed", `${URL_KEY} changed`]);
  });

  test("holds for --global and --session stores, whose lines name them", async () => {
    const store = await hookStore();
    for (const flags of [["--global"], ["--session", "night"]]) {
      await store.ayo("t", "create", "One", ...flags);
      const home = store.env.AYO_HOME ?? "";
      const dir = flags.length === 1 ? path.join(home, "tickets") : path.join(home, "sessions/night/.tickets");
      mkdirSync(path.join(dir, "hooks"));
      writeFileSync(path.join(dir, "hooks/ticket.created"), RECORDER, { mode: 0o755 });
      const [hook] = await listed(store, ...flags);
      expect(hook?.try).toEqual(["ayo", "allow", "ticket.created", ...flags]);
      await store.ayo(...(hook?.try ?? []).slice(1));
      expect((await listed(store, ...flags)).map(({ state }) => state)).toEqual(["allowed"]);
    }
  });
});
