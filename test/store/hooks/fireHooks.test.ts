import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fsck, git } from "../../helpers/git.ts";
import { hookStore, RECORDER } from "../../helpers/hookStore.ts";
import { runCli } from "../../helpers/runCli.ts";
import { tempDir } from "../../helpers/tempDir.ts";

describe("what a hook gets", () => {
  test("the event on stdin, AYO_ variables, the project's folder, and nothing of a git around us", async () => {
    const { dir, store, ayo, hook, env } = await hookStore({ GIT_DIR: "/nowhere", GIT_EDITOR: "ed", KEPT: "kept" });
    const id = await ayo("t", "create", "Build login", "--as", "@coder");
    const script = `#!/usr/bin/env node
const fs = require("node:fs");
const seen = { env: process.env, cwd: process.cwd(), input: fs.readFileSync(0, "utf8"), argv: process.argv };
fs.writeFileSync(process.env.FIRED, JSON.stringify(seen));`;
    await hook("ticket.closed.d/10-note.cjs", script);
    await ayo("t", "close", id, "--as", "@coder", "-m", "12 tests pass");
    const seen = JSON.parse(readFileSync(env.FIRED ?? "", "utf8"));
    const commit = git(store, "rev-parse", "HEAD");
    const event = JSON.parse(seen.input);
    expect(event).toMatchObject({
      schema: 1,
      event: "ticket.closed",
      actor: "@coder",
      store,
      ticket: { id, title: "Build login", status: "closed" },
      changes: { status: { from: "open", to: "closed" } },
      cause: { commit, subject: `close ${id}: Build login` },
    });
    expect(event.id).toMatch(new RegExp(`^${commit}:\\d+$`));
    expect(seen.env).toMatchObject({
      AYO_EVENT: "ticket.closed",
      AYO_EVENT_ID: event.id,
      AYO_TICKET: id,
      AYO_TITLE: "Build login",
      AYO_STATUS: "closed",
      AYO_ACTOR: "@coder",
      AYO_STORE: store,
      AYO_COMMIT: commit,
      AYO_HOOK: path.join(store, "hooks/ticket.closed.d/10-note.cjs"),
      TICKETS_DIR: store,
      KEPT: "kept",
    });
    expect([seen.env.GIT_DIR, seen.env.GIT_EDITOR, seen.cwd]).toEqual([undefined, undefined, dir]);
    // It runs from its private copy, under its own name.
    expect(path.basename(seen.argv[1])).toBe("10-note.cjs");
    expect(seen.argv[1].startsWith(env.AYO_HOME)).toBe(true);
  });

  test("in the order of the events, and of the files for one event", async () => {
    const { ayo, hook, fired, names } = await hookStore();
    const first = await ayo("t", "create", "First");
    const second = await ayo("t", "create", "Second", "--deps", first);
    for (const name of [
      "ticket.closed.d/20-b",
      "ticket.closed",
      "ticket.ready",
      "ticket.noted",
      "ticket.closed.d/10-a",
    ]) {
      await hook(name, RECORDER.replace("$AYO_ACTOR", `$(basename "$AYO_HOOK")`));
    }
    await ayo("t", "close", first, "-m", "done");
    expect(fired().map(({ actor }) => actor)).toEqual([
      "ticket.closed",
      "10-a",
      "20-b",
      "ticket.noted",
      "ticket.ready",
    ]);
    expect(fired().at(-1)?.ticket).toBe(second);
    expect(names()).toEqual(["closed", "closed", "closed", "noted", "ready"]);
  });
});

describe("what runs at all", () => {
  test("nothing before it is allowed, and the change says so once", async () => {
    const { ayo, cli, put, names } = await hookStore();
    put("ticket.created");
    const { code, stderr } = await cli("t", "create", "One");
    expect([code, stderr.split("\n").filter((line) => line.includes("hook "))]).toEqual([
      0,
      ["warning: hook hooks/ticket.created is not allowed yet; run: ayo allow ticket.created"],
    ]);
    expect(names()).toEqual([]);
    await ayo("hooks", "allow", "ticket.created");
    expect((await cli("t", "create", "Two")).stderr).toBe("");
    expect(names()).toEqual(["created"]);
  });

  test("not after it was edited, until it is allowed again; back at the old bytes it runs", async () => {
    const { ayo, cli, put, hook, names } = await hookStore();
    await hook("ticket.created");
    put("ticket.created", `${RECORDER}echo more\n`);
    expect((await cli("t", "create", "One")).stderr).toContain(
      "warning: hook hooks/ticket.created was changed since it was allowed; look at it, then run: ayo allow ticket.created",
    );
    expect(names()).toEqual([]);
    put("ticket.created");
    await ayo("t", "create", "Two");
    expect(names()).toEqual(["created"]);
    put("ticket.created", `${RECORDER}echo more\n`);
    await ayo("hooks", "allow", "ticket.created");
    await ayo("t", "create", "Three");
    expect(names()).toEqual(["created", "created"]);
  });

  test("not when it came with a pull, nor in another clone of a store where it is allowed", async () => {
    const { dir, store, ayo, cli, hook, names, env } = await hookStore();
    await hook("ticket.closed");
    const id = await ayo("t", "create", "One");
    git(store, "commit", "--quiet", "--all", "--allow-empty", "--message=run bit");
    git(dir, "clone", "--quiet", "--branch", "ayo/tickets", store, "other/.tickets");
    const other = path.join(dir, "other/.tickets");
    expect(JSON.parse((await runCli(other, ["hooks", "list", "--json"], { env })).stdout).hooks[0].state).toBe("new");
    writeFileSync(path.join(other, "hooks/ticket.closed"), '#!/bin/sh\ntouch "$FIRED"\n');
    git(other, "commit", "--quiet", "--all", "--message=evil");
    git(store, "pull", "--quiet", "--ff-only", other, "ayo/tickets");
    expect((await cli("t", "close", id)).stderr).toContain("was changed since it was allowed");
    expect(names()).toEqual([]);
  });

  test("a denied one stays silent", async () => {
    const { ayo, cli, put, names } = await hookStore();
    put("ticket.created");
    await ayo("hooks", "deny", "ticket.created");
    const { stderr } = await cli("t", "create", "One");
    expect([stderr.includes("hook "), names()]).toEqual([false, []]);
  });

  test("one whose run bit went says so and does not run", async () => {
    const { cli, put, hook, names } = await hookStore();
    await hook("ticket.created");
    const file = put("ticket.created");
    chmodSync(file, 0o644);
    expect((await cli("t", "create", "One")).stderr).toContain(
      `warning: hook hooks/ticket.created cannot run: may not be run: chmod +x ${file}`,
    );
    expect(names()).toEqual([]);
  });

  test("a private copy that is gone or was tampered with is made again", async () => {
    const { ayo, hook, names, env } = await hookStore();
    await hook("ticket.created");
    const folder = path.join(env.AYO_HOME ?? "", "hooks");
    const copy = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith("ticket.created"),
    );
    const file = path.join(folder, copy ?? "");
    chmodSync(file, 0o700);
    writeFileSync(file, "#!/bin/sh\nexit 1\n");
    await ayo("t", "create", "One");
    expect(names()).toEqual(["created"]);
  });

  test("in a store without hooks nothing is kept about them", async () => {
    const { store, ayo } = await hookStore();
    await ayo("t", "create", "One");
    expect(existsSync(path.join(store, ".git/ayo/hooks"))).toBe(false);
  });

  test("a dry run fires nothing", async () => {
    const { ayo, hook, names } = await hookStore();
    await hook("ticket.created");
    await ayo("t", "create", "One", "--dry-run");
    expect(names()).toEqual([]);
  });
});

describe("a hook that goes wrong", () => {
  test("is told and logged; the change stands", async () => {
    const { store, ayo, cli, hook } = await hookStore();
    await hook("ticket.created", "#!/bin/sh\necho working\necho no such host >&2\nexit 3\n");
    const { code, stdout, stderr } = await cli("t", "create", "One", "--json");
    const { ticket, notices } = JSON.parse(stdout);
    const told = `hook hooks/ticket.created failed for ${ticket.id} (exit 3): no such host; the change stands; see: ayo hooks log`;
    expect([code, notices.at(-1), stderr]).toEqual([0, told, expect.stringContaining(`warning: ${told}\n`)]);
    expect(git(store, "log", "-1", "--format=%s")).toBe(`create ${ticket.id}: One`);
    expect(JSON.parse(await ayo("hooks", "log", "--json"))).toMatchObject({
      total: 1,
      truncated: false,
      runs: [
        { hook: "hooks/ticket.created", ticket: ticket.id, code: 3, ok: false, output: "working\nno such host\n" },
      ],
    });
    expect(await ayo("hooks", "log")).toMatch(
      /ticket\.created \S+ hooks\/ticket\.created: exit 3, \d+ ms\n {4}working\n {4}no such host$/,
    );
  });

  test("many times in one change, is told once with the count", async () => {
    const { cli, ayo, hook } = await hookStore();
    const ids = [await ayo("t", "create", "One"), await ayo("t", "create", "Two"), await ayo("t", "create", "Three")];
    await hook("ticket.closed", "#!/bin/sh\nexit 1\n");
    const { stderr } = await cli("t", "close", ...ids);
    expect(stderr.match(/failed for/g)).toHaveLength(1);
    expect(stderr).toContain("(exit 1) (and 2 times more); the change stands");
  });

  test("takes no longer than config.yml lets it, children included", async () => {
    const { store, cli, hook, env } = await hookStore();
    writeFileSync(path.join(store, "config.yml"), "hooks: {timeout: 1s}\n");
    await hook("ticket.created", `#!/bin/sh\nsleep 300 &\necho $! > "$FIRED"\nsleep 300\n`);
    const { code, stderr } = await cli("t", "create", "One");
    expect([code, stderr]).toEqual([0, expect.stringMatching(/took too long for \S+ and was ended after \d+s/)]);
    const stat = `/proc/${readFileSync(env.FIRED ?? "", "utf8").trim()}/stat`;
    expect(existsSync(stat) ? readFileSync(stat, "utf8") : ") Z ").toMatch(/\) Z /);
  });

  test("that floods its output keeps the log small", async () => {
    const { store, ayo, hook } = await hookStore();
    await hook("ticket.created", "#!/bin/sh\nhead -c 3000000 /dev/zero | tr '\\0' x\n");
    for (let at = 0; at < 3; at++) await ayo("t", "create", `Ticket ${at}`);
    const folder = path.join(store, ".git/ayo/hooks/log");
    const size = readdirSync(folder).reduce((sum, name) => sum + readFileSync(path.join(folder, name)).length, 0);
    expect(size).toBeLessThan(100_000);
    expect(JSON.parse(await ayo("hooks", "log", "--json")).total).toBe(3);
  });

  test.each([
    ["hooks: {timeout: soon}", "config.yml:1: hooks.timeout must be a duration such as 30s or 2m"],
    ["hooks: {timeout: 0s}", "config.yml:1: hooks.timeout must be a duration such as 30s or 2m"],
  ])("%s is refused", async (text, fact) => {
    const { store, cli } = await hookStore();
    writeFileSync(path.join(store, "config.yml"), `${text}\n`);
    expect(await cli("t", "create", "One")).toMatchObject({ code: 2, stderr: `error: ${fact}\n` });
  });
});

describe("a hook that changes tickets itself", () => {
  test("fires no hooks, and its change is committed in its name", async () => {
    const { store, ayo, hook, names } = await hookStore();
    await hook("ticket.noted", `${RECORDER}"$NODE" "$AYO" t note "$AYO_TICKET" "seen by a hook" --as @hook\n`);
    const id = await ayo("t", "create", "One");
    await ayo("t", "note", id, "hello");
    expect(names()).toEqual(["noted"]);
    expect(git(store, "log", "-2", "--format=%an: %s")).toBe(
      `hook: note ${id}: seen by a hook\nTest User: note ${id}: hello`,
    );
    // Nor does the next command make up for it.
    await ayo("t", "create", "Two");
    expect(names()).toEqual(["noted"]);
    fsck(store);
  });

  test("works on the store it belongs to, wherever the change was made", async () => {
    const { store, ayo, hook, env } = await hookStore();
    await hook("ticket.closed", `#!/bin/sh\n"$NODE" "$AYO" t note "$AYO_TICKET" "closed in $PWD"\n`);
    const id = await ayo("t", "create", "One");
    const elsewhere = tempDir();
    expect((await runCli(elsewhere, ["t", "close", id, "--dir", store], { env })).code).toBe(0);
    expect(readFileSync(path.join(store, `${id}.md`), "utf8")).toContain(`closed in ${path.dirname(store)}`);
  });
});
