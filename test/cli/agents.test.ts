import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { parseArgs } from "../../src/cli/table/parseArgs.ts";
import { ERROR_CODES } from "../../src/error.ts";
import { tempStore } from "../helpers/tempStore.ts";

const TEMPLATES = path.resolve(import.meta.dirname, "../../templates/agents");

/** Every command line in a markdown text: in blocks, and between backticks. */
function commandLines(text: string): string[] {
  const blocks = [...text.matchAll(/^ *(ayo .*)$/gm)].map((match) => match[1] ?? "");
  const spans = [...text.matchAll(/`(ayo [^`]*)`/g)].map((match) => match[1] ?? "");
  return [...blocks, ...spans].map((line) => line.replace(/ +# .*$/, "").replace(/ <<'EOF'$/, ""));
}

/** The words of a line, as a shell would see them. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

describe("the texts for agents", () => {
  const files = readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const lines = files.flatMap((name) => commandLines(readFileSync(path.join(TEMPLATES, name), "utf8")));

  test("have the lines that this test is about", () => {
    expect(lines.length).toBeGreaterThan(30);
    expect(lines).toContain("ayo ticket claim --next --wait 10m");
  });

  test.for([...new Set(lines)])("%s is a line that ayo takes", async (line) => {
    const argv = shellWords(line).slice(1);
    const found = await COMMANDS.find(argv);
    if (found.kind !== "command") expect.fail("no command");
    const command = await found.load();
    expect(parseArgs(command, found.rest, argv).words.length).toBeLessThan(4);
  });
});

describe("ayo agents init", () => {
  test("shows what it would write, and writes with a yes", async () => {
    const project = await tempStore({ project: true });
    const asked = await project.run(["agents", "init", "--harness", "claude"]);
    expect([asked.code, asked.stdout]).toEqual([2, ""]);
    expect(asked.stderr).toMatch(
      /^create +CLAUDE\.md +a marked block\n[\s\S]*\nerror: 8 files in \S+ would be changed: add --yes\n$/,
    );
    expect(readdirSync(project.dir)).not.toContain("CLAUDE.md");
    const done = await project.run(["agents", "init", "--harness", "claude", "--yes"]);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(asked.stderr.startsWith(done.stdout)).toBe(true);
    expect((await project.json("agents", "init", "--uninstall", "--dry-run")).files).toHaveLength(8);
  });

  test("writes skills whose heads are as agentskills.io wants them", () => {
    const skills = path.join(TEMPLATES, "skills");
    for (const name of readdirSync(skills)) {
      const text = readFileSync(path.join(skills, name, "SKILL.md"), "utf8");
      const [, head] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? [];
      // agentskills.io: both are required, the name is the folder's, at most 64 and 1024 characters.
      expect(head?.split("\n").map((line) => line.split(":")[0])).toEqual(["name", "description"]);
      expect(head).toContain(`name: ${name}\n`);
      expect(name).toMatch(/^[a-z0-9-]{1,64}$/);
      expect(head?.length).toBeLessThan(1024);
    }
  });
});

describe("ayo agents prime", () => {
  test("is told in the name of the agent, and as JSON", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    await project.ayo("ticket", "start", id, "--as", "@bob");
    const { stdout } = await project.run(["agents", "prime"], { env: { AYO_AGENT: "@bob" } });
    expect(stdout).toContain(`you are @bob\nStore: ${project.tickets}\n\nYou hold:\n- ${id} [P2] One`);
    expect(await project.json("agents", "prime")).toMatchObject({ schema: 1, store: project.tickets, holds: [] });
  });
});

describe("ayo capabilities", () => {
  test("has every command with its flags, and every error", async () => {
    const { json, ayo } = await tempStore();
    type Row = { name: string; flags: { flag: string; also: string[]; type: string }[]; words: { name: string }[] };
    const table = await json<{ commands: Row[]; errors: { code: string; exit: number }[] }>("capabilities");
    expect(table.commands.map(({ name }) => name)).toEqual([...(await COMMANDS.all()).keys()]);
    const create = table.commands.find(({ name }) => name === "ticket create");
    expect(create?.words).toEqual([{ name: "title", required: false, many: false, usage: "[title]" }]);
    expect(create?.flags).toContainEqual(expect.objectContaining({ flag: "--external-ref", type: "string" }));
    expect(create?.flags).toContainEqual(expect.objectContaining({ flag: "--priority", also: ["-p", "--prio"] }));
    expect(table.errors.map(({ code }) => code)).toEqual(Object.keys(ERROR_CODES));
    expect((await ayo("capabilities")).split("\n")).toHaveLength(table.commands.length);
  });
});
