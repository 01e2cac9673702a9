import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { codexLab } from "./codexLab.ts";
import { READS, readsOf, toldByHook } from "./lab.ts";

/** One note by the shell, and one by a tool. */
const notes = (id: string) => [
  { shell: `ayo ticket note ${id} by-shell` },
  { tool: "add_ticket_comment", input: { id, text: "by-tool" } },
];

/** Who the session hook told the model that it is; undefined where none ran. */

describe("Codex", () => {
  test("shows the model page, skills, hook and tools, and comes back as @codex", async () => {
    const lab = await codexLab();
    await lab.approve();
    const id = await lab.ayo("ticket", "create", "First");
    const { model, code } = await lab.codex(lab.project, notes(id));
    expect(code).toBe(0);
    const [first] = model.turns;
    expect(readsOf(first?.text)).toEqual(READS);
    expect(toldByHook(first?.text)).toBe(`@codex in ${lab.project}/.tickets`);
    expect(first?.tools.filter(({ namespace }) => namespace === "mcp__ayo")).toHaveLength(9);
    expect(model.results()[0]).toContain(`Note added to ${id}`);
    expect(model.results()[1]).toContain(`"id":"${id}"`);
    expect(lab.changes().slice(1)).toEqual([`codex: note ${id}: by-shell`, `codex: note ${id}: by-tool`]);
  });

  test("takes page and skills alone from a project that is not trusted, and lets nothing be written", async () => {
    const lab = await codexLab();
    const id = await lab.ayo("ticket", "create", "First");
    const { model, stderr } = await lab.codex(lab.project, notes(id));
    expect(stderr).toContain("Untrusted project-local configuration is disabled");
    const [first] = model.turns;
    expect(readsOf(first?.text)).toEqual(READS);
    expect(toldByHook(first?.text)).toBe(undefined);
    expect(first?.tools.filter(({ namespace }) => namespace === "mcp__ayo")).toEqual([]);
    expect(model.results()[0]).toContain("EROFS");
    expect(lab.changes().slice(1)).toEqual([]);
  });

  test("runs no hook that was not approved", async () => {
    const lab = await codexLab();
    const { model } = await lab.codex(lab.project, [{ shell: "ayo agents whoami" }], ["--trust"]);
    expect(toldByHook(model.turns[0]?.text)).toBe(undefined);
    expect(model.results()[0]).toContain("@codex");
  });

  test.for(["beside", "in a folder beside"])(
    "writes the store from a linked worktree %s, in its sandbox",
    async (where) => {
      const lab = await codexLab();
      const id = await lab.ayo("ticket", "create", "First");
      await lab.approve();
      const linked = where === "beside" ? lab.linked : lab.linkedAt("project.work/one");
      const name = path.basename(linked);
      const outside = path.join(lab.project, "outside");
      const steps = [
        ...notes(id),
        { shell: `touch ${outside}; touch ${lab.top}/tmp/outside; git commit -qm x --allow-empty` },
      ];
      const { model } = await lab.codex(linked, steps);
      expect(toldByHook(model.turns[0]?.text)).toBe(`@codex-${name} in ${lab.project}/.tickets`);
      expect(model.results()[0]).toContain(`Note added to ${id}`);
      expect(lab.changes().slice(1)).toEqual([
        `codex-${name}: note ${id}: by-shell`,
        `codex-${name}: note ${id}: by-tool`,
      ]);
      expect(model.results()[2]?.match(/Read-only file system/g)).toHaveLength(3);
      expect(existsSync(outside)).toBe(false);
    },
  );

  test("knows the agent that AYO_AGENT names in hook, shell and tools", async () => {
    const lab = await codexLab();
    await lab.approve();
    const id = await lab.ayo("ticket", "create", "First");
    const { model } = await lab.codex(lab.project, notes(id), [], { AYO_AGENT: "@alice" });
    expect(toldByHook(model.turns[0]?.text)).toBe(`@alice in ${lab.project}/.tickets`);
    expect(lab.changes().slice(1)).toEqual([`alice: note ${id}: by-shell`, `alice: note ${id}: by-tool`]);
  });
});
