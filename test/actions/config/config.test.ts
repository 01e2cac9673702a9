import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { config } from "../../../src/actions/config/config.ts";
import { setScalar } from "../../../src/actions/config/setScalar.ts";
import { SETTABLE_KEYS } from "../../../src/actions/config/settable.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

const file = (store: TempStore) => path.join(store.tickets, "config.yml");

test("settings with where they come from, and one of them", async () => {
  const store = await tempStore();
  writeFileSync(file(store), "# ours\ntypes: [task, spike]\nclaims:\n  lease: 20m\n");
  const { settings, path: where } = await invoke(config, store.open(), {});
  expect(where).toBe(file(store));
  const bySource = (source: string) =>
    settings.filter((one) => one.source === source).map(({ key, line }) => [key, line]);
  expect(bySource("config.yml")).toEqual([
    ["types", 2],
    ["claims", 3],
  ]);
  expect(bySource("default").map(([key]) => key)).toEqual([
    "prefix",
    "git",
    "board.initial",
    "board.columns",
    "transitions",
    "archive.after",
  ]);
  expect((await invoke(config, store.open(), { key: "claims.lease" })).settings).toMatchObject([{ value: "20m" }]);
  await expect(invoke(config, store.open(), { key: "colour" })).rejects.toMatchObject({ code: "bad_input" });
});

test("setting one changes that value, keeps every other byte, and is a commit", async () => {
  const store = await tempStore();
  const text = "# ours\r\nprefix: 'abc'   # three letters\r\narchive: {after: 30d, other: 1}\r\n";
  writeFileSync(file(store), text);
  const handle = store.open();
  const { changed, commit } = await invoke(config, handle, { key: "archive.after", value: "60d" });
  expect([changed, typeof commit]).toEqual([true, "string"]);
  expect(readFileSync(file(store), "utf8")).toBe(text.replace("30d", "60d"));
  await invoke(config, handle, { key: "prefix", value: "web" });
  expect(readFileSync(file(store), "utf8")).toBe(text.replace("30d", "60d").replace("'abc'", "web"));
  expect(await store.ayo("ticket", "create", "One")).toMatch(/^web-/);
  expect(store.subjects()[1]).toBe("config prefix: web");
  expect((await invoke(config, handle, { key: "prefix", value: "web" })).changed).toBe(false);
  store.judge();
});

test.each([
  ["prefix", "UPPER CASE"],
  ["prefix", ""],
  ["archive.after", "soon"],
  ["git", "inline"],
  ["git", "svn"],
  ["git", "inline\nprefix: x"],
  ["types", ","],
  ["board.columns", "a, a"],
  ["board.columns", "[{id: a, category: nowhere}]"],
  ["board.columns", "[{id: a"],
  ["board.initial", "nowhere"],
  ["transitions", "free"],
  ["transitions.open", "nowhere"],
  ["review", "sometimes"],
  ["claims.lease", "soon"],
  ["hooks.timeout", "never"],
  ["ready.deps", "merged"],
  ["ready.base", "-d"],
  ["ready.base", "main..x"],
  ["ready.base", "a.lock/b"],
  ["ready.base", "HEAD"],
  ["search.weights.semantic", "much"],
  ["search.weights", "{semantic: 0, keyword: 0}"],
  ["search.embeddings", "{url: nowhere, model: x}"],
  ["search.embeddings.model", "x"],
  ["duplicates.refuse", "maybe"],
  ["colour", "red"],
  ["__proto__", "x"],
  ["constructor.name", "x"],
  ["unconfirmed", "{}"],
])("%s cannot become '%s', and nothing is changed", async (key, value) => {
  const store = await tempStore();
  const before = readFileSync(file(store), "utf8");
  await expect(invoke(config, store.open(), { key, value })).rejects.toMatchObject({ code: "bad_input" });
  expect(readFileSync(file(store), "utf8")).toBe(before);
});

/** What every setting may be, and what stands in the file then. */
const VALUES: readonly (readonly [key: string, value: string, read: unknown])[] = [
  ["prefix", "web", "web"],
  ["delegation", "{depth: 2}", { depth: 2 }],
  ["delegation.depth", "3", 3],
  ["delegation.children", "7", 7],
  ["delegation.tickets", "9", 9],
  ["delegation.cost", "1.5", 1.5],
  ["git", "own", "own"],
  ["types", "task, bug", ["task", "bug"]],
  ["board.initial", "in_progress", "in_progress"],
  ["board.columns", "[{id: open, limit: 3}, {id: doing, name: Doing it}, closed]", expect.any(Array)],
  ["transitions", "{open: [closed]}", { open: ["closed"] }],
  ["transitions.open", "closed, in_progress", ["closed", "in_progress"]],
  ["archive.after", "14d", "14d"],
  ["keep", "{runs: null}", { runs: null }],
  ["keep.runs", "60d", "60d"],
  ["id", "abc123", "abc123"],
  ["sync.auto", "true", true],
  ["sync.claims", "required", "required"],
  ["sync.claims-ref", "heads", "heads"],
  ["sync.every", "5m", "5m"],
  ["sync.outbox", "false", false],
  ["sync.ref", "refs/ayo/tickets", "refs/ayo/tickets"],
  ["sync.skip-ci", "true", true],
  ["sync", "{auto: true}", { auto: true }],
  ["claims.lease", "20m", "20m"],
  ["claims", "{lease: 20m}", { lease: "20m" }],
  ["review", "required", "required"],
  ["review", "{bug: required}", { bug: "required" }],
  ["review.bug", "required", "required"],
  ["close.criteria", "required", "required"],
  ["close.output", "required", "required"],
  ["close.verify", "required", "required"],
  ["verify", "test, lint", ["test", "lint"]],
  ["verify.bug", "test", ["test"]],
  ["close", "{criteria: required}", { criteria: "required" }],
  ["questions.defaults", "on", "on"],
  ["questions", "{defaults: off}", { defaults: "off" }],
  ["ready.deps", "landed", "landed"],
  ["ready.base", "release/1.0", "release/1.0"],
  ["ready", "{deps: landed, base: trunk}", { deps: "landed", base: "trunk" }],
  ["hooks.timeout", "5s", "5s"],
  ["hooks", "{timeout: 5s}", { timeout: "5s" }],
  ["search.weights.semantic", "0.5", 0.5],
  ["search.weights.keyword", "1", 1],
  ["search.weights", "{semantic: 1, keyword: 0}", { semantic: 1, keyword: 0 }],
  ["search.embeddings", "{url: 'http://localhost:1/v1', model: x}", { url: "http://localhost:1/v1", model: "x" }],
  ["search.embeddings", "builtin", "builtin"],
  ["search", "{weights: {semantic: 1}}", { weights: { semantic: 1 } }],
  ["duplicates.refuse", "true", true],
  ["duplicates", "{refuse: true}", { refuse: true }],
  ["views", "{bugs: 'type:bug'}", { bugs: "type:bug" }],
  ["views.NAME", "{filter: 'type:bug', sort: title}", { filter: "type:bug", sort: "title" }],
  [
    "trackers",
    "{linear: {team: ENG, team-id: x, push: all}}",
    { linear: { team: "ENG", "team-id": "x", push: "all" } },
  ],
  ["trackers.linear", "{team: ENG, team-id: x}", { team: "ENG", "team-id": "x" }],
  ["trackers.github", "{repo: a/b, repo-id: '7'}", { repo: "a/b", "repo-id": "7" }],
];

test("every key is set, and taken back; a file without it says every other byte as before", async () => {
  const store = await tempStore();
  const before = "# ours\n\n# theirs\ncolour: red # kept\n";
  writeFileSync(file(store), before);
  const handle = store.open();
  for (const [key, value, read] of VALUES) {
    const { settings, changed } = await invoke(config, handle, { key, value });
    expect([key, changed, settings[0]]).toEqual([
      key,
      true,
      expect.objectContaining({ key, value: read, source: "config.yml" }),
    ]);
    expect(readFileSync(file(store), "utf8").startsWith(before)).toBe(true);
    const [now] = (await invoke(config, handle, { key })).settings;
    expect(now?.value).toEqual(settings[0]?.value);
    const back = await invoke(config, handle, { key, unset: true });
    expect([key, back.changed, back.settings[0]?.source]).toEqual([key, true, "default"]);
    expect(readFileSync(file(store), "utf8")).toBe(before);
    expect((await invoke(config, handle, { key, unset: true })).changed).toBe(false);
  }
  const untested = SETTABLE_KEYS.filter((key) => {
    const spelled = key.replace("COLUMN", "open").replace("TYPE", "bug");
    return !VALUES.some(([tested]) => tested === spelled);
  });
  // They are no embeddings alone, and no tracker without its place.
  expect(untested).toEqual([
    ...["url", "model", "dimensions", "timeout"].map((name) => `search.embeddings.${name}`),
    ...["linear", "github"].flatMap((tracker) =>
      ["push", "conflicts", "comments"].map((name) => `trackers.${tracker}.${name}`),
    ),
  ]);
  store.judge();
});

test("parts of what is there are changed alone, in whatever form they are written", async () => {
  const store = await tempStore();
  const handle = store.open();
  const text = [
    "transitions: # who may go where",
    "  open: [closed] # at once",
    "  # not back",
    "  closed:",
    "  - open",
    "search:",
    "    embeddings: {url: 'http://localhost:1/v1', model: x}   # ours",
    "board: {types: [a, b]}",
    "archive: {after: 30d, when: night}",
    "",
  ];
  writeFileSync(file(store), text.join("\n"));
  const changed = (...changes: readonly (readonly [at: number, line: string | undefined])[]): string => {
    for (const [at, line] of changes) text[at] = line as string;
    return text.filter((line) => line !== undefined).join("\n");
  };
  const after = async (key: string, value?: string): Promise<string> => {
    await invoke(config, handle, value === undefined ? { key, unset: true } : { key, value });
    return readFileSync(file(store), "utf8");
  };
  expect(await after("transitions.open", "closed, blocked")).toBe(changed([1, "  open: [closed, blocked] # at once"]));
  expect(await after("transitions.closed", "open, blocked")).toBe(
    changed([3, "  closed: [open, blocked]"], [4, undefined as never]),
  );
  expect(await after("search.embeddings.dimensions", "256")).toBe(
    changed([6, "    embeddings: {url: 'http://localhost:1/v1', model: x, dimensions: 256}   # ours"]),
  );
  expect(await after("types", "a, b, c")).toBe(changed([7, "board: {types: [a, b, c]}"]));
  expect(await after("archive.after")).toBe(changed([8, "archive: {when: night}"]));
  expect(await after("types")).toBe(changed([7, undefined as never]));
  store.judge();
});

test("an agent sets what loosens no rule", async () => {
  const store = await tempStore();
  writeFileSync(
    file(store),
    "review: {bug: required}\nclose: {criteria: required}\ntransitions: {open: [in_progress]}\nsync: {outbox: false}\n",
  );
  const handle = store.open();
  await invoke(config, handle, { key: "prefix", value: "web" });
  const before = readFileSync(file(store), "utf8");
  for (const [key, value] of [
    ["review"],
    ["review.bug"],
    ["review.bug", "none"],
    ["close"],
    ["close.criteria", "none"],
    ["transitions"],
    ["transitions.open", "in_progress, closed"],
    ["board.columns", "[open, in_progress, {id: in_review, category: done}]"],
    ["sync.claims", "off"],
    ["sync.outbox", "true"],
    ["sync"],
    ["keep.runs", "0s"],
    ["keep.runs", "29d"],
    ["keep", "{runs: 1d}"],
  ]) {
    const input = value === undefined ? { key, unset: true } : { key, value };
    await expect(invoke(config, handle, { ...input, as: "@coder" }), key).rejects.toMatchObject({
      code: "needs_person",
    });
  }
  expect(readFileSync(file(store), "utf8")).toBe(before);
  await invoke(config, handle, { key: "review", value: "required", as: "@coder" });
  await invoke(config, handle, { key: "types", value: "task, bug", as: "@coder" });
  await invoke(config, handle, { key: "sync.claims", value: "required", as: "@coder" });
  await expect(invoke(config, handle, { key: "sync.claims", value: "warn", as: "@coder" })).rejects.toMatchObject({
    code: "needs_person",
  });
});

test("how long runs are kept may be null, which is written and shown as that", async () => {
  const store = await tempStore();
  const handle = store.open();
  const value = async () => (await invoke(config, handle, { key: "keep.runs" })).settings[0];
  expect(await value()).toMatchObject({ value: "30d", source: "default" });
  await invoke(config, handle, { key: "keep.runs", value: "null", as: "@coder" });
  expect(readFileSync(file(store), "utf8")).toMatch(/keep: \{runs: null\}|keep:\n {2}runs: null\n/);
  expect(await value()).toMatchObject({ value: null, source: "config.yml" });
  expect((await invoke(config, handle, { key: "keep.runs", value: "null" })).changed).toBe(false);
  await expect(invoke(config, handle, { key: "keep.runs", unset: true, as: "@coder" })).rejects.toMatchObject({
    code: "needs_person",
  });
  await invoke(config, handle, { key: "keep.runs", unset: true });
  expect(await value()).toMatchObject({ value: "30d", source: "default" });
});

test("keys that nothing reads are told by whatever reads the store, kept, and taken out by name", async () => {
  const store = await tempStore();
  const lines = [
    "prefix: # whatever it is",
    "reviw: required",
    "close: {critera: required}",
    "archive: {when: night}",
    "search: {weigths: {semantic: 1}}",
    "hooks: {time: 3s}",
    "board:",
    "  columns:",
    "    - {id: open, wip: 3}",
    "    - closed",
  ];
  const text = `${lines.join("\n")}\n`;
  writeFileSync(file(store), text);
  const keys = [
    [2, "reviw"],
    [3, "close.critera"],
    [4, "archive.when"],
    [5, "search.weigths"],
    [6, "hooks.time"],
    [9, "board.columns.1.wip"],
  ] as const;
  const problems = keys.map(([line, key]) =>
    expect.objectContaining({
      path: "config.yml",
      line,
      code: "unknown_key",
      message: expect.stringContaining(`'${key}'`),
    }),
  );
  const id = await store.ayo("ticket", "create", "One");
  for (const args of [["ticket", "list"], ["ticket", "ready"], ["board"], ["ticket", "search", "One"], ["config"]]) {
    const { code, stdout } = await store.run([...args, "--json"]);
    expect([code, JSON.parse(stdout).problems]).toEqual([0, problems]);
  }
  const listed = await store.run(["ticket", "list"]);
  expect(listed.stderr.trim().split("\n")).toHaveLength(keys.length);
  expect(listed.stderr).toContain("warning: config.yml:2: unknown key 'reviw' is not used");
  const noted = await store.run(["ticket", "note", id, "x"]);
  expect([noted.code, noted.stderr]).toEqual([0, expect.stringContaining("note: config.yml:2: unknown key 'reviw'")]);
  const { code, stdout } = await store.run(["doctor", "--json"]);
  const found = JSON.parse(stdout).findings as readonly { readonly code: string; readonly line?: number }[];
  expect([code, found.map((one) => [one.code, one.line])]).toEqual([1, keys.map(([line]) => ["unknown_key", line])]);
  expect(readFileSync(file(store), "utf8")).toBe(text);
  expect(await store.ayo("config", "reviw", "--unset")).toBe("reviw: (not set)");
  expect(readFileSync(file(store), "utf8")).toBe(text.replace("reviw: required\n", ""));
  store.judge();
});

test("a value of sync that a later ayo may know stops nothing: it is told, not used and left there; to set one is refused", async () => {
  const store = await tempStore();
  const text = "sync:\n  auto: sometimes\n  every: now and then\n  ref: refs/heads/main\n  skip-ci: perhaps\n";
  writeFileSync(file(store), text);
  const id = await store.ayo("ticket", "create", "One");
  const { code, stderr } = await store.here(["ticket", "note", id, "x"]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining("note: config.yml:2: 'sometimes' is no value of sync.auto"),
  ]);
  for (const [line, key] of [
    [3, "every"],
    [4, "ref"],
    [5, "skip-ci"],
  ])
    expect(stderr).toMatch(new RegExp(`config.yml:${line}: .*sync.${key}.*: it is not used`));
  const { stdout } = await store.here(["doctor", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string }[] };
  expect(findings).toEqual(
    Array.from({ length: 4 }, () => expect.objectContaining({ code: "bad_value", severity: "warning" })),
  );
  expect(readFileSync(file(store), "utf8")).toBe(text);
  for (const [key, value, why] of [
    ["sync.every", "seldom", "sync.every must be a duration"],
    ["sync.ref", "refs/heads/main", "sync.ref must be a ref of ayo's own"],
    ["sync", "{auto: seldom}", "'seldom' is no value of sync.auto; allowed: true, false"],
  ] as const) {
    const refused = await store.here(["config", key, value]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(why)]);
  }
  expect(readFileSync(file(store), "utf8")).toBe(text);
  writeFileSync(file(store), "sync: always\n");
  expect((await store.here(["ticket", "note", id, "x"])).stderr).toContain("config.yml:1: sync must be a mapping");
});

test("the command line, REST and completion", async () => {
  const store = await tempStore();
  expect(await store.ayo("config", "types", "task, bug")).toBe("types: task, bug");
  const columns = "- {id: todo, category: todo}\n- done\n";
  expect((await store.run(["config", "board.columns", "-"], { input: columns })).stdout).toBe(
    "board.columns: todo, done\n",
  );
  expect(await store.ayo("config", "types", "--unset")).toBe(
    "types: task, bug, feature, epic, chore, component (default)",
  );
  const alone = await store.run(["config", "search.embeddings.url", "http://localhost:1/v1"]);
  expect(alone.stderr).toBe(
    "error: search.embeddings.url: search.embeddings.model must name a model\n" +
      "try: ayo config search.embeddings '{url: …, model: …}'\n",
  );
  const wrong = await store.run(["config", "--unset"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("by its key, without a value")]);
  const { url } = await startServe(store.dir);
  const call = (method: string, body: object) =>
    fetch(new URL("/api/config/types", url), {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).then((response) => response.json());
  expect(await call("PUT", { value: "a, b" })).toMatchObject({ changed: true, settings: [{ value: ["a", "b"] }] });
  expect(await call("DELETE", {})).toMatchObject({ changed: true, settings: [{ key: "types", source: "default" }] });
  const offered = await store.ayo("completion", "--words", "--", "config", "");
  for (const key of ["claims.lease", "search.weights.semantic", "duplicates.refuse"]) expect(offered).toContain(key);
});

describe("setScalar", () => {
  test.each([
    ["", "prefix", "prefix: new\n"],
    ["", "archive.after", "archive:\n  after: new\n"],
    ["a: 1", "prefix", "a: 1\nprefix: new\n"],
    ["prefix:\n", "prefix", "prefix: new\n"],
    [
      "archive:\n  # when\n  after: 30d # days\nb: 2\n",
      "archive.after",
      "archive:\n  # when\n  after: new # days\nb: 2\n",
    ],
    ["'prefix': \"old\"\n", "prefix", "'prefix': new\n"],
    ["prefix: &x old\n", "prefix", undefined],
    ["prefix: |\n  old\n", "prefix", undefined],
    ["archive: *x\n", "archive.after", undefined],
  ])("in %j", (text, key, result) => {
    expect(setScalar(text, key, "new")).toBe(result);
  });
});
