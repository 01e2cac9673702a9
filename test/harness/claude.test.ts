import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Env } from "../helpers/hermeticEnv.ts";
import { type Lab, labFor, READS, readsOf, toldByHook } from "./lab.ts";
import { type ScriptedModel, scriptedModel } from "./scriptedModel.ts";

/** What a person does by accepting the dialog. */
function trust({ home, project }: Lab): void {
  const known = { projects: { [project]: { hasTrustDialogAccepted: true } } };
  writeFileSync(path.join(home, ".claude.json"), JSON.stringify(known));
}

/** Whether its sandbox can work here; says why not. */
function hasSandbox(): boolean {
  const missing = ["bwrap", "socat"].filter((name) => spawnSync(name, ["--version"]).error !== undefined);
  if (missing.length > 0) console.warn(`Claude Code's sandbox is not tested: ${missing.join(" and ")} not installed`);
  return missing.length === 0;
}

const env = ({ url }: ScriptedModel): Env => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: "dummy",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
});

/** One note by the shell, and one by a tool. */
const notes = (id: string) => [
  { shell: `ayo ticket note ${id} by-shell` },
  { tool: "add_ticket_comment", input: { id, text: "by-tool" } },
];

describe("Claude Code", () => {
  test("shows the model page, skills, hook and tools, and comes back as @claude", async () => {
    const lab = await labFor("claude");
    trust(lab);
    const id = await lab.ayo("ticket", "create", "First");
    const model = await scriptedModel(notes(id));
    const { code, stderr } = await lab.run(lab.project, ["-p"], { env: env(model) });
    expect([code, stderr]).toEqual([0, ""]);
    const [first] = model.turns;
    expect(readsOf(first?.text)).toEqual(READS);
    expect(toldByHook(first?.text)).toBe(`@claude in ${lab.project}/.tickets`);
    expect(first?.tools.filter(({ name }) => name.startsWith("mcp__ayo__"))).toHaveLength(9);
    expect(model.results()).toEqual([`Note added to ${id}`, expect.stringContaining(`"id":"${id}"`)]);
    expect(lab.changes().slice(1)).toEqual([`claude: note ${id}: by-shell`, `claude: note ${id}: by-tool`]);
  });

  test("ignores the permissions of a folder that is not trusted, where hook and tools work", async () => {
    const lab = await labFor("claude");
    const id = await lab.ayo("ticket", "create", "First");
    const model = await scriptedModel(notes(id));
    const { stderr } = await lab.run(lab.project, ["-p", "--allowedTools", "mcp__ayo"], { env: env(model) });
    expect(stderr).toContain("Ignoring 2 permissions.allow entries");
    expect(toldByHook(model.turns[0]?.text)).toBe(`@claude in ${lab.project}/.tickets`);
    expect(model.results()[0]).toContain("requires approval");
    expect(lab.changes().slice(1)).toEqual([`claude: note ${id}: by-tool`]);
  });

  test("finds its server approved", async () => {
    const lab = await labFor("claude");
    trust(lab);
    const { stdout } = await lab.run(lab.project, ["mcp", "list"]);
    expect(stdout).toMatch(/ayo: ayo mcp - \S+ Connected/);
  });

  /** Runs it in the linked worktree, in its sandbox, with more to do than notes. */
  async function sandboxed(lab: Lab, id: string, command: string) {
    const model = await scriptedModel([...notes(id), { shell: command }]);
    const settings = JSON.stringify({ sandbox: { enabled: true, failIfUnavailable: true } });
    const args = ["-p", "--settings", settings, "--allowedTools", "Bash(sh:*)"];
    const { code, stdout, stderr } = await lab.run(lab.linked, args, { env: env(model) });
    expect(code, stdout + stderr).toBe(0);
    return model;
  }

  test("writes the store from a linked worktree in its sandbox, and nothing else outside", async ({ skip }) => {
    if (!hasSandbox()) skip();
    const lab = await labFor("claude");
    trust(lab);
    const id = await lab.ayo("ticket", "create", "First");
    const outside = path.join(lab.project, "outside");
    writeFileSync(path.join(lab.linked, "probe.sh"), `touch ${outside}\n`);
    const model = await sandboxed(lab, id, "sh probe.sh");
    expect(toldByHook(model.turns[0]?.text)).toBe(`@claude-linked in ${lab.project}/.tickets`);
    expect(lab.changes().slice(1)).toEqual([
      `claude-linked: note ${id}: by-shell`,
      `claude-linked: note ${id}: by-tool`,
    ]);
    expect(model.results()[2]).toContain("Read-only file system");
    expect(existsSync(outside)).toBe(false);
  });

  test("keeps the store closed to commands there without the main worktree's local settings, and not to tools", async ({
    skip,
  }) => {
    if (!hasSandbox()) skip();
    const lab = await labFor("claude");
    trust(lab);
    const id = await lab.ayo("ticket", "create", "First");
    rmSync(path.join(lab.project, ".claude/settings.local.json"));
    const model = await sandboxed(lab, id, "true");
    expect(model.results()[0]).toContain("EROFS");
    expect(lab.changes().slice(1)).toEqual([`claude-linked: note ${id}: by-tool`]);
  });
});
