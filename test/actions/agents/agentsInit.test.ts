import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { agentsInit } from "../../../src/actions/agents/agentsInit.ts";
import { HARNESSES, type Harness } from "../../../src/actions/agents/pieces.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { locateStore } from "../../../src/store/open/locate/locate.ts";
import { storeAt } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore, testHost } from "../../helpers/tempStore.ts";

/** Runs the action where `cwd` is, whether or not there is a store. */
function init(cwd: string, input: Parameters<typeof agentsInit.run>[1], env: Record<string, string> = {}) {
  const base = testHost(cwd);
  const host = { ...base, env: { ...base.env, ...env } };
  return invoke(agentsInit, storeAt(locateStore({}, host), host), { yes: true, ...input });
}

/** Every file below a directory with its text; without git's and the store's. */
function snapshot(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => !/^\.(git|tickets)(\/|$)/.test(name) && statSync(path.join(dir, name)).isFile());
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(path.join(dir, name), "utf8")]));
}

const actions = ({ files }: Awaited<ReturnType<typeof init>>) =>
  Object.fromEntries(files.map((file) => [file.path, file.action]));

/** A project whose owner has files of all these names already. */
function settledProject(): string {
  const dir = gitRepo();
  for (const folder of [".claude/skills/mine", ".codex", ".agents/skills/mine"]) {
    mkdirSync(path.join(dir, folder), { recursive: true });
  }
  const files = {
    "CLAUDE.md": "# Mine\r\n\r\nUse tabs.\r\n",
    "AGENTS.md": "# Agents\n",
    ".mcp.json": '{ "mcpServers": { "db": { "command": "db" } } }',
    ".claude/settings.json": '{\n    "permissions": {\n        "allow": ["Bash(ls:*)"]\n    }\n}\n',
    ".claude/skills/mine/SKILL.md": "---\nname: mine\n---\n",
    ".codex/config.toml": 'model = "x"\n\n[mcp_servers.db]\ncommand = "db"\n',
    ".agents/skills/mine/SKILL.md": "---\nname: mine\n---\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  return dir;
}

describe.for(HARNESSES)("agents init --harness %s", (harness) => {
  test("writes into an empty project, and takes all of it away again", async () => {
    const dir = gitRepo();
    const before = snapshot(dir);
    const first = await init(dir, { harness });
    expect(new Set(Object.values(actions(first)))).toEqual(new Set(["create"]));
    const written = snapshot(dir);
    expect(Object.keys(written).filter((name) => !(name in before))).toEqual(Object.keys(actions(first)).sort());
    const again = await init(dir, { harness });
    expect(new Set(Object.values(actions(again)))).toEqual(new Set(["unchanged"]));
    expect(snapshot(dir)).toEqual(written);
    await init(dir, { harness, uninstall: true });
    expect(snapshot(dir)).toEqual(before);
    expect(git(dir, "status", "--porcelain", "--ignored")).toBe("");
  });

  test("adds to files that are there, and leaves each of their bytes", async () => {
    const dir = settledProject();
    const before = snapshot(dir);
    await init(dir, { harness });
    const written = snapshot(dir);
    expect(Object.keys(before).filter((name) => !(name in written))).toEqual([]);
    await init(dir, { harness, uninstall: true });
    expect(snapshot(dir)).toEqual(before);
  });

  test("asks first, shows what it would do, and does nothing on a dry run", async () => {
    const dir = settledProject();
    const before = snapshot(dir);
    const plan = await init(dir, { harness, dryRun: true });
    expect(plan.dryRun).toBe(true);
    await expect(init(dir, { harness, yes: false })).rejects.toMatchObject({
      code: "needs_confirmation",
      data: { files: plan.files },
    });
    expect(snapshot(dir)).toEqual(before);
    expect((await init(dir, { harness })).files).toEqual(plan.files);
  });

  test("keeps files and blocks that were edited, on the way in and out", async () => {
    const dir = gitRepo();
    await init(dir, { harness });
    const skill = Object.keys(snapshot(dir)).find((name) => name.endsWith("ayo-worker/SKILL.md")) ?? expect.fail();
    const page = harness === "claude" ? "CLAUDE.md" : "AGENTS.md";
    for (const name of [skill, page]) {
      const file = path.join(dir, name);
      writeFileSync(file, readFileSync(file, "utf8").replace(" the ", " THE "));
    }
    const edited = snapshot(dir);
    for (const uninstall of [false, true]) {
      const done = actions(await init(dir, { harness, uninstall }));
      expect([done[skill], done[page]]).toEqual(["kept", "kept"]);
      const now = snapshot(dir);
      expect([now[skill], now[page]]).toEqual([edited[skill], edited[page]]);
    }
  });

  test("renews what an older version wrote, when nobody edited it", async () => {
    const dir = gitRepo();
    const { sign, blockText } = await import("../../../src/actions/agents/signed.ts");
    await init(dir, { harness });
    const now = snapshot(dir);
    const page = harness === "claude" ? "CLAUDE.md" : "AGENTS.md";
    const skill = Object.keys(now).find((name) => name.endsWith("ayo-worker/SKILL.md")) ?? expect.fail();
    writeFileSync(path.join(dir, skill), sign("---\nname: ayo-worker\n---\n\nOf old.\n"));
    writeFileSync(path.join(dir, page), `# Mine\n\n${blockText("Of old.", "markdown")}\nAfter it.\n`);
    const done = actions(await init(dir, { harness }));
    expect([done[skill], done[page]]).toEqual(["update", "update"]);
    expect(snapshot(dir)[skill]).toBe(now[skill]);
    expect(snapshot(dir)[page]).toMatch(/^# Mine\n\n?\n?After it\.\n[\s\S]*ayo agents prime/);
    expect(snapshot(dir)[page]).not.toContain("Of old.");
  });
});

describe("agents init", () => {
  test("gives Claude Code the prime at each start, the tools, and the store to write in", async () => {
    const dir = gitRepo();
    await init(dir, { harness: "claude" });
    const read = (name: string) => JSON.parse(readFileSync(path.join(dir, name), "utf8"));
    expect(read(".mcp.json")).toEqual({ mcpServers: { ayo: { command: "ayo", args: ["mcp"] } } });
    expect(read(".claude/settings.json")).toEqual({
      hooks: {
        SessionStart: [
          { matcher: "startup|resume|clear|compact", hooks: [{ type: "command", command: "ayo agents prime" }] },
        ],
      },
      permissions: { allow: ["Bash(ayo:*)", "mcp__ayo"] },
      sandbox: { filesystem: { allowWrite: ["./.tickets"] } },
    });
  });

  test("names the store by its path where a linked worktree has it elsewhere, in files that are not shared", async () => {
    const { dir, tickets } = await tempStore({ project: true });
    const linked = path.join(tempDir(), "linked");
    git(dir, "worktree", "add", "-q", linked);
    await init(linked, { harness: "claude" });
    const local = JSON.parse(readFileSync(path.join(linked, ".claude/settings.local.json"), "utf8"));
    expect(local).toEqual({ sandbox: { filesystem: { allowWrite: [tickets] } } });
    expect(readFileSync(path.join(linked, ".claude/settings.json"), "utf8")).not.toContain(tickets);
    await init(linked, { harness: "codex" });
    expect(readFileSync(path.join(linked, ".codex/config.toml"), "utf8")).toContain(
      `\n[sandbox_workspace_write]\nwritable_roots = ["${tickets}", "${tickets}/.git"]\n`,
    );
  });

  test("leaves a configuration alone that has what it would add, and one that it cannot read", async () => {
    const dir = gitRepo();
    mkdirSync(path.join(dir, ".codex"));
    writeFileSync(path.join(dir, ".codex/config.toml"), '[mcp_servers.ayo]\ncommand = "mine"\n');
    writeFileSync(path.join(dir, ".mcp.json"), '{"mcpServers": {"ayo": {"command": "mine"}}}');
    mkdirSync(path.join(dir, ".claude"));
    writeFileSync(path.join(dir, ".claude/settings.json"), '{\n  // mine\n  "model": "x"\n}\n');
    const before = snapshot(dir);
    const kept = (await Promise.all((["claude", "codex"] as const).map((harness) => init(dir, { harness }))))
      .flatMap(({ files }) => files)
      .filter(({ action }) => action === "kept");
    expect(kept.map(({ path: name, what }) => [name, what.split(";")[0]])).toEqual([
      [".mcp.json", "has another mcpServers.ayo"],
      [
        ".claude/settings.json",
        expect.stringMatching(/^is no plain JSON, so by hand: hooks.SessionStart, permissions.allow /),
      ],
      [".codex/config.toml", "has its own [mcp_servers.ayo]"],
    ]);
    for (const name of Object.keys(before)) expect(snapshot(dir)[name]).toBe(before[name]);
  });

  test("writes through a link inside the project, and nothing through one that leads out of it", async () => {
    const [dir, home] = [gitRepo(), tempDir()];
    writeFileSync(path.join(dir, "AGENTS.md"), "# Agents\n");
    symlinkSync("AGENTS.md", path.join(dir, "CLAUDE.md"));
    symlinkSync(home, path.join(dir, ".claude"));
    const done = await init(dir, { harness: "claude" });
    expect(actions(done)).toMatchObject({
      "CLAUDE.md": "update",
      ".claude/settings.json": "kept",
      ".mcp.json": "create",
    });
    expect(readFileSync(path.join(dir, "AGENTS.md"), "utf8")).toContain("ayo agents prime");
    expect(readdirSync(home)).toEqual([]);
  });

  test.for([
    ["the harness that runs", { CLAUDECODE: "1" }, ".codex", "claude"],
    ["what the project has", {}, ".codex", "codex"],
    ["nothing", {}, undefined, "generic"],
  ] as const)("finds the harness by %s", async ([, env, folder, harness]) => {
    const dir = gitRepo();
    if (folder !== undefined) mkdirSync(path.join(dir, folder));
    expect((await init(dir, { dryRun: true }, { ...env })).harness).toBe<Harness>(harness);
  });

  test("works outside git, from a copied template folder's point of view too", async () => {
    const dir = tempDir();
    await init(dir, { harness: "generic" });
    const copy = tempDir();
    cpSync(dir, copy, { recursive: true });
    expect(existsSync(path.join(copy, "AGENTS.md"))).toBe(true);
    await init(copy, { uninstall: true, harness: "generic" });
    expect(readdirSync(copy)).toEqual([]);
  });
});
