import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Env } from "../helpers/hermeticEnv.ts";
import { type Lab, labFor, READS, readsOf, toldByHook } from "./lab.ts";
import { type ScriptedModel, scriptedModel } from "./scriptedModel.ts";

/** A project, and a home in which Gemini CLI has its key. */
async function geminiLab(): Promise<Lab> {
  const lab = await labFor("gemini");
  const settings = { security: { auth: { selectedType: "gemini-api-key" } } };
  mkdirSync(path.join(lab.home, ".gemini"));
  writeFileSync(path.join(lab.home, ".gemini/settings.json"), JSON.stringify(settings));
  return lab;
}

const env = ({ url }: ScriptedModel): Env => ({ GEMINI_API_KEY: "dummy", GOOGLE_GEMINI_BASE_URL: url });
const TRUST: Env = { GEMINI_CLI_TRUST_WORKSPACE: "true" };
const ARGS = ["-o", "stream-json", "-m", "gemini-2.5-flash"];

/** One note by the shell, and one by a tool. */
const notes = (id: string) => [
  { shell: `ayo ticket note ${id} by-shell` },
  { tool: "add_ticket_comment", input: { id, text: "by-tool" } },
];

describe("Gemini CLI", () => {
  test("shows the model page, skills, hook and tools, and comes back as @gemini, without asking", async () => {
    const lab = await geminiLab();
    const id = await lab.ayo("ticket", "create", "First");
    const model = await scriptedModel(notes(id));
    const { code, stderr } = await lab.run(lab.project, ARGS, { env: { ...env(model), ...TRUST } });
    expect(code, stderr).toBe(0);
    const [first] = model.turns;
    expect(readsOf(first?.text)).toEqual(READS);
    expect(toldByHook(first?.text)).toBe(`\\@gemini in ${lab.project}/.tickets`);
    // What the note at the end of the hook's answer says is so.
    expect(first?.text).toContain("note ID - &lt;&lt;'EOF'\n");
    expect(first?.tools.filter(({ name }) => name.startsWith("mcp_ayo_"))).toHaveLength(9);
    expect(model.results()).toEqual([
      expect.stringContaining(`Note added to ${id}`),
      expect.stringContaining(`"${id}"`),
    ]);
    expect(lab.changes().slice(1)).toEqual([`gemini: note ${id}: by-shell`, `gemini: note ${id}: by-tool`]);
  });

  test("does not start without a terminal in a folder that is not trusted", async () => {
    const lab = await geminiLab();
    const model = await scriptedModel([]);
    const { code, stderr } = await lab.run(lab.project, ARGS, { env: env(model) });
    expect([code, model.turns]).toEqual([55, []]);
    expect(stderr).toContain("not running in a trusted directory");
  });

  test("works in a linked worktree whose parent folder is trusted, where it is @gemini-linked", async () => {
    const lab = await geminiLab();
    const id = await lab.ayo("ticket", "create", "First");
    const trusted = path.join(lab.home, ".gemini/trustedFolders.json");
    const run = async (folder: string) => {
      writeFileSync(trusted, JSON.stringify({ [folder]: "TRUST_FOLDER" }));
      const model = await scriptedModel(notes(id));
      const { code } = await lab.run(lab.linked, ARGS, { env: env(model) });
      return { code, told: model.turns[0]?.text };
    };
    expect(await run(lab.project)).toEqual({ code: 55, told: undefined });
    const { code, told } = await run(lab.top);
    expect(code).toBe(0);
    expect(toldByHook(told)).toBe(`\\@gemini-linked in ${lab.project}/.tickets`);
    expect(lab.changes().slice(1)).toEqual([
      `gemini-linked: note ${id}: by-shell`,
      `gemini-linked: note ${id}: by-tool`,
    ]);
  });
});
