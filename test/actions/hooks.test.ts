import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { type HookStore, hookStore, RECORDER } from "../helpers/hookStore.ts";

const listed = async ({ ayo }: HookStore) =>
  JSON.parse(await ayo("hooks", "list", "--json")).hooks as { path: string; state: string; todo: string | null }[];

const refusal = async (store: HookStore, ...args: string[]) => {
  const { code, stderr } = await store.cli(...args, "--json");
  return { code, ...JSON.parse(stderr).error };
};

describe("hooks list", () => {
  test("names every hook, what becomes of it and what to do", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    await store.hook("ticket.closed");
    store.put("ticket.closed", "#!/bin/sh\n");
    store.put("ticket.ready.d/10-mail");
    store.put("ticket.noted");
    await store.ayo("hooks", "deny", "ticket.noted");
    chmodSync(store.put("ticket.failed"), 0o644);
    symlinkSync("nowhere", path.join(store.store, "hooks/ticket.moved"));
    store.put("closed");
    const found = await listed(store);
    expect(found.map((hook) => [hook.path, hook.state])).toEqual([
      ["hooks/ticket.created", "allowed"],
      ["hooks/ticket.moved", "broken"],
      ["hooks/ticket.noted", "denied"],
      ["hooks/ticket.closed", "changed"],
      ["hooks/ticket.failed", "broken"],
      ["hooks/ticket.ready.d/10-mail", "new"],
      ["hooks/closed", "broken"],
    ]);
    expect(found.map(({ todo }) => todo)).toEqual([
      null,
      "hook hooks/ticket.moved cannot run: a link to nothing: mend or remove it",
      null,
      "hook hooks/ticket.closed was changed since it was allowed; look at it, then run: ayo allow ticket.closed",
      `hook hooks/ticket.failed cannot run: may not be run: chmod +x ${path.join(store.store, "hooks/ticket.failed")}`,
      "hook hooks/ticket.ready.d/10-mail is not allowed yet; run: ayo allow hooks/ticket.ready.d/10-mail",
      "hook hooks/closed cannot run: no event is called 'closed': rename it to ticket.closed",
    ]);
    expect(await store.ayo("hooks", "list")).toContain("hooks/ticket.created          allowed\n");
    expect(await store.ayo("hooks", "list", "-q")).toBe(found.map((hook) => hook.path).join("\n"));
  });

  test("says where hooks go when there are none", async () => {
    expect(await (await hookStore()).ayo("hooks", "list")).toContain("no hooks");
  });

  test("the line to allow names the store that the flags named", async () => {
    const store = await hookStore();
    store.put("ticket.created");
    const [hook] = JSON.parse(await store.ayo("hooks", "list", "--dir", ".tickets", "--json")).hooks;
    expect(hook.todo).toContain(`ayo allow ticket.created --dir ${store.store}`);
  });
});

describe("hooks allow and deny", () => {
  test("by event, by path, by path from here, or all", async () => {
    const store = await hookStore();
    for (const name of ["ticket.created", "ticket.created.d/1", "ticket.noted", "ticket.closed"]) store.put(name);
    expect(await store.ayo("hooks", "allow", "ticket.created", "-q")).toBe(
      "hooks/ticket.created\nhooks/ticket.created.d/1",
    );
    expect(await store.ayo("hooks", "allow", "hooks/ticket.noted")).toMatch(
      /^Allowed hooks\/ticket\.noted \(sha256 [0-9a-f]{12}\)$/,
    );
    await store.ayo("hooks", "allow", "./.tickets/hooks/ticket.closed");
    expect((await listed(store)).map(({ state }) => state)).toEqual(["allowed", "allowed", "allowed", "allowed"]);
    await store.ayo("hooks", "deny", "--all");
    expect((await listed(store)).map(({ state }) => state)).toEqual(["denied", "denied", "denied", "denied"]);
  });

  test("keeps decisions and copies to the user alone, outside the store", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    await store.ayo("hooks", "deny", "ticket.created");
    await store.hook("ticket.created", `${RECORDER}exit 0\n`);
    const folder = path.join(store.env.AYO_HOME ?? "", "hooks");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name));
    expect(files.map((file) => statSync(file).mode & 0o077)).toEqual(files.map(() => 0));
    // One decision, and one copy: what is no longer allowed is not kept.
    expect(files.filter((file) => statSync(file).isFile())).toHaveLength(2);
    expect(git(store.store, "status", "--porcelain", "--ignored", "--untracked-files=all")).toBe(
      "?? hooks/ticket.created",
    );
  });

  test("records who decided", async () => {
    const store = await hookStore();
    store.put("ticket.created");
    const { hooks } = JSON.parse(await store.ayo("hooks", "allow", "ticket.created", "--json"));
    expect(hooks).toMatchObject([{ event: "ticket.created", state: "allowed", by: "Test User" }]);
  });

  test("all says which it could not", async () => {
    const store = await hookStore();
    store.put("ticket.created");
    store.put("nonsense");
    const { code, stdout, stderr } = await store.cli("hooks", "allow", "--all");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Allowed hooks\/ticket\.created .*\n$/)]);
    expect(stderr).toContain("warning: hook hooks/nonsense cannot run: no event is called 'nonsense'");
  });

  test("refuses what there is not, what cannot run, and nothing", async () => {
    const store = await hookStore();
    expect(await refusal(store, "hooks", "allow", "ticket.created")).toMatchObject({
      code: "not_found",
      message: expect.stringContaining(
        `ticket.created has no hook; a hook is an executable file ${store.store}/hooks/<event>`,
      ),
    });
    chmodSync(store.put("ticket.created"), 0o644);
    expect(await refusal(store, "hooks", "allow", "ticket.created")).toMatchObject({
      code: "bad_input",
      message: expect.stringContaining("chmod +x"),
      data: { code: "no_run_bit" },
    });
    expect(await refusal(store, "hooks", "allow", "nope")).toMatchObject({
      code: "not_found",
      message: "there is no hook 'nope'; there are hooks/ticket.created",
    });
    expect(await refusal(store, "hooks", "allow")).toMatchObject({ code: "bad_usage" });
    expect(await refusal(store, "hooks", "allow", "ticket.created", "--all")).toMatchObject({ code: "bad_usage" });
    expect(await refusal(store, "hooks", "alow")).toMatchObject({
      code: "bad_usage",
      message: expect.stringContaining("did you mean allow"),
    });
  });
});

describe("hooks run", () => {
  test("shows what the hooks print and how they end, changes nothing, and is logged", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    await store.hook("ticket.closed.d/1", '#!/bin/sh\necho "$AYO_EVENT $AYO_TICKET $AYO_STATUS"\n');
    await store.hook("ticket.closed.d/2", "#!/bin/sh\nexit 7\n");
    const head = git(store.store, "rev-parse", "HEAD");
    const { code, stdout } = await store.cli("hooks", "run", "closed", id);
    expect([code, stdout.replaceAll(/\d+ ms/g, "9 ms")]).toEqual([
      1,
      `ticket.closed ${id} open\nhooks/ticket.closed.d/1: exit 0, 9 ms\nhooks/ticket.closed.d/2: exit 7, 9 ms\n`,
    ]);
    expect(git(store.store, "rev-parse", "HEAD")).toBe(head);
    expect(JSON.parse(await store.ayo("hooks", "log", "--limit", "1", "--json"))).toMatchObject({
      runs: [{ hook: "hooks/ticket.closed.d/2", code: 7, ok: false }],
      total: 2,
      truncated: true,
    });
    expect(await store.ayo("hooks", "log", "--limit", "1")).toMatch(/^1 of 2 runs; --limit shows more\n/);
  });

  test("with --dry-run prints what they would get, of any hook, and runs none", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    store.put("ticket.closed");
    const event = JSON.parse(await store.ayo("hooks", "run", "ticket.closed", id.slice(-4), "--dry-run"));
    expect(event).toMatchObject({ schema: 1, event: "ticket.closed", ticket: { id, title: "One" }, changes: {} });
    expect(JSON.parse(await store.ayo("hooks", "run", "ticket.closed", id, "--dry-run", "--json"))).toMatchObject({
      hooks: [{ path: "hooks/ticket.closed", state: "new" }],
      runs: [],
    });
    expect(store.fired()).toEqual([]);
  });

  test("refuses what is not allowed, has no hook, or is no event or ticket", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    store.put("ticket.closed");
    expect(await refusal(store, "hooks", "run", "ticket.closed", id)).toMatchObject({
      code: "needs_confirmation",
      try: ["ayo", "allow", "ticket.closed"],
    });
    expect(await refusal(store, "hooks", "run", "ticket.ready", id)).toMatchObject({ code: "not_found" });
    expect(await refusal(store, "hooks", "run", "ticket.closd", id)).toMatchObject({
      code: "bad_input",
      message: expect.stringContaining("ticket.closed"),
    });
    expect(await refusal(store, "hooks", "run", "ticket.closed", "nope")).toMatchObject({ code: "not_found" });
    expect(store.fired()).toEqual([]);
  });
});

describe("hooks log", () => {
  test("is empty at first, and keeps within its bounds", async () => {
    const store = await hookStore();
    expect(await store.ayo("hooks", "log")).toBe("no hook has run here");
    const folder = path.join(store.store, ".git/ayo/hooks/log");
    mkdirSync(folder, { recursive: true });
    const run = {
      at: "2026-11-21T10:00:00Z",
      hook: "hooks/old",
      event: "x",
      eventId: "x",
      ticket: "x",
      code: 0,
      error: null,
    };
    const names = [1, 2, 3, 4].map((day) => `2020010${day}000000.jsonl`);
    for (const name of names) {
      const lines = Array.from({ length: 1_000 }, () => `${JSON.stringify({ ...run, output: "y".repeat(600) })}\n`);
      writeFileSync(path.join(folder, name), lines.join(""));
    }
    await store.hook("ticket.created", "#!/bin/sh\necho new\n");
    await store.ayo("t", "create", "One");
    const parts = readdirSync(folder).sort();
    expect([parts.length, parts.slice(0, 3)]).toEqual([4, names.slice(1)]);
    // What a crash tore hides nothing that comes after it.
    appendFileSync(path.join(folder, parts.at(-1) ?? ""), '\n{"at":"20');
    await store.ayo("t", "create", "Two");
    expect(JSON.parse(await store.ayo("hooks", "log", "--limit", "1", "--json"))).toMatchObject({
      runs: [{ hook: "hooks/ticket.created", output: "new\n" }],
      total: 3_002,
    });
  });
});

describe("doctor", () => {
  test("tells of hooks that somebody counts on and that do not run", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    store.put("ticket.closed");
    expect(JSON.parse(await store.ayo("doctor", "--json")).findings).toEqual([]);
    store.put("ticket.created", "#!/bin/sh\n");
    store.put("pre-commit");
    const { code, stdout } = await store.cli("doctor", "--json");
    const findings = JSON.parse(stdout).findings as { code: string; path: string }[];
    expect([code, findings.map((one) => [one.code, one.path])]).toEqual([
      1,
      [
        ["hook_changed", "hooks/ticket.created"],
        ["hook_broken", "hooks/pre-commit"],
      ],
    ]);
  });
});

describe("elsewhere", () => {
  test("in a store inside the project's branch", async () => {
    const store = await hookStore();
    const inline = path.join(store.dir, "docs/tickets");
    mkdirSync(path.dirname(inline));
    await store.ayo("init", "--inline", "--dir", inline);
    mkdirSync(path.join(inline, "hooks"));
    writeFileSync(path.join(inline, "hooks/ticket.created"), RECORDER, { mode: 0o755 });
    await store.ayo("hooks", "allow", "--all", "--dir", inline);
    const id = await store.ayo("t", "create", "One", "--dir", inline);
    expect(store.fired()).toMatchObject([{ event: "ticket.created", ticket: id }]);
    expect(git(store.dir, "log", "-1", "--format=%s")).toBe(`create ${id}: One`);
  });

  test("of tickets that are archived by themselves, with what goes wrong", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "Old");
    await store.ayo("t", "close", id);
    const file = path.join(store.store, `${id}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace(/^closed: .*$/m, "closed: 2020-01-01T00:00:00Z"));
    await store.hook("ticket.archived", `${RECORDER}exit 5\n`);
    utimesSync(path.join(store.store, ".git/ayo/archived"), 0, 0);
    const { stderr } = await store.cli("t", "create", "New");
    expect(store.fired()).toMatchObject([{ event: "ticket.archived", ticket: id, actor: "ayo" }]);
    expect(stderr).toContain(`hook hooks/ticket.archived failed for ${id} (exit 5)`);
  });
});
