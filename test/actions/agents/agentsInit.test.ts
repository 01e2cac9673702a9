import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HARNESSES, type Harness } from "../../../src/actions/agents/pieces.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { actions, init, snapshot } from "./initHere.ts";

/** The page that each reads first. */
const PAGES = { claude: "CLAUDE.md", codex: "AGENTS.md", gemini: "GEMINI.md", generic: "AGENTS.md" } as const;

/** A project whose owner has files of all these names already. */
function settledProject(): string {
  const dir = gitRepo();
  for (const folder of [".claude/skills/mine", ".codex", ".gemini", ".agents/skills/mine"]) {
    mkdirSync(path.join(dir, folder), { recursive: true });
  }
  const files = {
    "CLAUDE.md": "# Mine\r\n\r\nUse tabs.\r\n",
    "AGENTS.md": "# Agents\n",
    "GEMINI.md": "# Gemini",
    ".gemini/settings.json": '{\n  // The theme of the house.\n  "ui": {"theme": "x"} // ours\n}\n',
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
    // Git has made a file of its own for what is to be ignored.
    const { ".git/info/exclude": ignored, ...others } = actions(first);
    expect(new Set(Object.values(others))).toEqual(new Set(["create"]));
    expect(ignored).toBe(harness === "claude" ? "update" : undefined);
    const written = snapshot(dir);
    expect(Object.keys(written).filter((name) => !(name in before))).toEqual(Object.keys(others).sort());
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
    const page = PAGES[harness];
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
    const page = PAGES[harness];
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
    ["what the project has for Gemini CLI", {}, ".gemini", "gemini"],
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
