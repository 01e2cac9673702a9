import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blockText } from "../../../src/actions/agents/signed.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { actions, init, snapshot } from "./initHere.ts";

const text = (dir: string, name: string) => readFileSync(path.join(dir, name), "utf8");
const json = (dir: string, name: string) => JSON.parse(text(dir, name));

/** Writes a file that the owner of a project has. */
function own(dir: string, name: string, content: string): void {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), content);
}

/** What was said of one file. */
const saidOf = ({ files }: Awaited<ReturnType<typeof init>>, name: string) =>
  files.find((file) => file.path === name)?.what;

const START = "startup|resume|clear|compact";

describe("agents init --harness claude", () => {
  test("gives Claude Code the prime at each start, the tools at once, and the store to write in", async () => {
    const dir = gitRepo();
    const { notes } = await init(dir, { harness: "claude" });
    const server = { command: "ayo", args: ["mcp"], alwaysLoad: true };
    expect(json(dir, ".mcp.json")).toEqual({ mcpServers: { ayo: server } });
    expect(json(dir, ".claude/settings.json")).toEqual({
      hooks: { SessionStart: [{ matcher: START, hooks: [{ type: "command", command: "ayo agents prime" }] }] },
      permissions: { allow: ["Bash(ayo:*)", "mcp__ayo"] },
      enabledMcpjsonServers: ["ayo"],
      sandbox: { filesystem: { allowWrite: ["./.tickets"] } },
    });
    // Linked worktrees read the local settings of the main one.
    const local = { sandbox: { filesystem: { allowWrite: [path.join(dir, ".tickets")] } } };
    expect(json(dir, ".claude/settings.local.json")).toEqual(local);
    git(dir, "add", "--all");
    expect(git(dir, "diff", "--cached", "--name-only")).not.toContain("settings.local.json");
    expect(notes.join("\n")).toMatch(/permissions until this folder is trusted/);
  });

  test("names the store by its path in a linked worktree, in files that are not shared", async () => {
    const { dir, tickets } = await tempStore({ project: true });
    const linked = path.join(tempDir(), "linked");
    git(dir, "worktree", "add", "-q", linked);
    await init(linked, { harness: "claude" });
    const local = { sandbox: { filesystem: { allowWrite: [tickets] } } };
    expect(json(linked, ".claude/settings.local.json")).toEqual(local);
    expect(text(linked, ".claude/settings.json")).not.toContain(tickets);
  });

  test("names no path of this machine for a store in the project's branch, which each worktree has", async () => {
    const { dir } = await tempStore({ inline: true });
    const done = await init(dir, { harness: "claude" });
    expect(Object.keys(actions(done))).not.toContain(".claude/settings.local.json");
    expect(json(dir, ".claude/settings.json").sandbox.filesystem.allowWrite).toEqual(["./.tickets"]);
    await init(dir, { harness: "codex" });
    expect(text(dir, ".codex/config.toml")).not.toContain("writable_roots");
  });

  test("renews the entry of the server that an older version wrote, and takes it away", async () => {
    const dir = gitRepo();
    const old = '{\n  "mcpServers": {\n    "ayo": {"command": "ayo", "args": ["mcp"]},\n    "db": {}\n  }\n}\n';
    own(dir, ".mcp.json", old);
    expect(actions(await init(dir, { harness: "claude" }))[".mcp.json"]).toBe("update");
    expect(json(dir, ".mcp.json").mcpServers.ayo.alwaysLoad).toBe(true);
    own(dir, ".mcp.json", old);
    await init(dir, { harness: "claude", uninstall: true });
    expect(json(dir, ".mcp.json")).toEqual({ mcpServers: { db: {} } });
  });
});

describe("agents init --harness codex", () => {
  test("lets codex exec call the tools, hands our variables on, and primes it under its own name", async () => {
    const dir = gitRepo();
    const { notes } = await init(dir, { harness: "codex" });
    const config = text(dir, ".codex/config.toml");
    expect(config).toContain('[mcp_servers.ayo]\ncommand = "ayo"\nargs = ["mcp"]\n');
    expect(config).toContain('\ndefault_tools_approval_mode = "approve"\n');
    expect(config).toMatch(/\nenv_vars = \[.*"AYO_AGENT", "AYO_CLAIM".*"TICKETS_DIR"\]\n/);
    const prime = { matcher: START, hooks: [{ type: "command", command: "ayo agents prime --as @codex" }] };
    expect(json(dir, ".codex/hooks.json")).toEqual({ hooks: { SessionStart: [prime] } });
    expect(notes.join("\n")).toMatch(/codex exec --trust[\s\S]*\/hooks/);
  });

  test("opens the store to linked worktrees beside the project by the same words in each", async () => {
    const { dir, tickets } = await tempStore({ project: true });
    await init(dir, { harness: "codex" });
    const config = text(dir, ".codex/config.toml");
    const roots = [...config.matchAll(/^ {2}"(.*)",$/gm)].map(([, root = ""]) => root);
    expect(roots.length).toBe(4);
    for (const linked of [`${dir}-1`, `${dir}.work/mya-x7k2`]) {
      git(dir, "worktree", "add", "-q", linked);
      const seen = roots.map((root) => path.resolve(linked, ".codex", root));
      expect(seen).toEqual(expect.arrayContaining([tickets, path.join(tickets, ".git")]));
      await init(linked, { harness: "codex" });
      expect(text(linked, ".codex/config.toml")).toBe(config);
      git(dir, "worktree", "remove", "--force", linked);
    }
  });

  test("names the store by its path in a worktree that lies elsewhere", async () => {
    const { dir, tickets } = await tempStore({ project: true });
    const linked = path.join(tempDir(), "a/b/c/linked");
    git(dir, "worktree", "add", "-q", linked);
    await init(linked, { harness: "codex" });
    expect(text(linked, ".codex/config.toml")).toContain(`\n  "${tickets}",\n  "${tickets}/.git",\n`);
  });

  test.for([
    ["a head", '[ mcp_servers . "ayo" ]\ncommand = "mine"\n'],
    ["a table below it", '[mcp_servers.ayo.env]\nA = "1"\n'],
    ["dotted keys", 'mcp_servers.ayo.command = "mine"\n'],
    ["a key of its parent", '[mcp_servers]\nayo = { command = "mine" }\n'],
    ["a parent in one line", 'mcp_servers = { ayo = { command = "mine" } }\n'],
  ] as const)("writes no second entry of the server beside one by %s", async ([, config]) => {
    const dir = gitRepo();
    own(dir, ".codex/config.toml", config);
    const done = await init(dir, { harness: "codex" });
    expect(text(dir, ".codex/config.toml")).not.toContain('\ncommand = "ayo"');
    expect(saidOf(done, ".codex/config.toml")).toMatch(
      /has its own \[mcp_servers\.ayo\]; by hand into it: .*default_tools_approval_mode = "approve"/,
    );
  });

  test("writes the server where the file has the sandbox already, and says what to add to that", async () => {
    const dir = gitRepo();
    const mine = 'text = """\n[mcp_servers.ayo]\n"""\n\n[sandbox_workspace_write]\nnetwork_access = true # mine\n';
    own(dir, ".codex/config.toml", mine);
    const done = await init(dir, { harness: "codex" });
    expect(text(dir, ".codex/config.toml")).toContain('[mcp_servers.ayo]\ncommand = "ayo"\n');
    expect(text(dir, ".codex/config.toml").match(/^\[sandbox_workspace_write\]/gm)).toHaveLength(1);
    const name = path.basename(dir);
    expect(saidOf(done, ".codex/config.toml")).toContain(
      `has its own [sandbox_workspace_write]; by hand into it: writable_roots = [ "../../${name}/.tickets",`,
    );
    expect(actions(await init(dir, { harness: "codex" }))[".codex/config.toml"]).toBe("kept");
    await init(dir, { harness: "codex", uninstall: true });
    expect(text(dir, ".codex/config.toml")).toBe(mine);
  });

  test("renews the block that an older version wrote", async () => {
    const dir = gitRepo();
    const old = blockText('[mcp_servers.ayo]\ncommand = "ayo"\nargs = ["mcp"]\n', "hash");
    own(dir, ".codex/config.toml", `model = "x"\n\n${old}`);
    expect(actions(await init(dir, { harness: "codex" }))[".codex/config.toml"]).toBe("update");
    expect(text(dir, ".codex/config.toml")).toMatch(/^model = "x"\n\n# ayo:begin [\s\S]*approve/);
  });
});

describe("agents init --harness gemini", () => {
  test("gives Gemini CLI the tools, the command and the prime as it takes them", async () => {
    const dir = gitRepo();
    const { notes } = await init(dir, { harness: "gemini" });
    expect(json(dir, ".gemini/settings.json")).toEqual({
      mcpServers: { ayo: { command: "ayo", args: ["mcp"], trust: true } },
      tools: { allowed: ["run_shell_command(ayo)"] },
      // A matcher would be compared as a whole, and take one kind of start only.
      hooks: { SessionStart: [{ hooks: [{ type: "command", command: "ayo agents prime --as @gemini --hook" }] }] },
    });
    expect(text(dir, "GEMINI.md")).toContain("ayo agents prime");
    expect(notes.join("\n")).toContain("GEMINI_CLI_TRUST_WORKSPACE=true");
  });

  test.for([
    ['{"context": {"fileName": "AGENTS.md"}}', "AGENTS.md"],
    ['{"context": {"fileName": ["NOTES.md", "GEMINI.md"]}} // ours', "GEMINI.md"],
    ['{"context": {"fileName": ["NOTES.md"]}}', "NOTES.md"],
    ['{"context": {"fileName": "../NOTES.md"}}', "GEMINI.md"],
    ['{"context": null}', "GEMINI.md"],
    ["[1,", "GEMINI.md"],
  ] as const)("with the settings %s writes its block into %s", async ([settings, page]) => {
    const dir = gitRepo();
    own(dir, ".gemini/settings.json", settings);
    const pages = Object.keys(actions(await init(dir, { harness: "gemini" }))).filter((name) => /^\w+\.md$/.test(name));
    expect(pages).toEqual([page]);
  });
});

describe("agents init and files that people write", () => {
  test("adds to JSON with comments, each of which stays where it was", async () => {
    const dir = gitRepo();
    const mine = '{\n  // mine\n  "model": "x" // why x\n  /* and nothing else */\n}\n';
    own(dir, ".claude/settings.json", mine);
    const done = await init(dir, { harness: "claude" });
    expect(actions(done)[".claude/settings.json"]).toBe("update");
    const written = text(dir, ".claude/settings.json");
    expect(written).toMatch(/^\{\n {2}\/\/ mine\n {2}"model": "x", \/\/ why x\n {2}"hooks": /);
    expect(written).toMatch(/\n {2}\/\* and nothing else \*\/\n\}\n$/);
    await init(dir, { harness: "claude", uninstall: true });
    expect(text(dir, ".claude/settings.json")).toBe(mine);
  });

  test.for(["claude", "gemini"] as const)(
    "leaves JSON alone that is broken, and says what to write: %s",
    async (harness) => {
      const dir = gitRepo();
      const name = `.${harness}/settings.json`;
      own(dir, name, '{\n  "model": "x",\n}\n');
      own(dir, ".mcp.json", '{"mcpServers": {"ayo": {"command": "mine"}}}');
      const before = snapshot(dir);
      const done = await init(dir, { harness });
      expect(actions(done)[name]).toBe("kept");
      expect(saidOf(done, name)).toMatch(/^is no JSON, so by hand: .*hooks\.SessionStart/);
      if (harness === "claude") expect(saidOf(done, ".mcp.json")).toBe("has another mcpServers.ayo");
      for (const file of [name, ".mcp.json"]) expect(text(dir, file)).toBe(before[file]);
      await init(dir, { harness, uninstall: true });
      expect(snapshot(dir)).toEqual(before);
    },
  );
});
