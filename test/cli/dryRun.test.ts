import { describe, expect, test } from "vitest";
import { VERBS } from "../../src/actions/verbs.ts";
import { wouldText } from "../../src/cli/print/would.ts";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

describe("--dry-run", () => {
  test("is a flag of every command that writes", async () => {
    const without: string[] = [];
    const decides = ["allow", "hooks allow", "hooks deny"];
    const rows = Object.entries(VERBS).flatMap(([name, verb]) => ("cli" in verb ? [{ name, verb }] : []));
    for (const { name, verb } of rows) {
      const words = [...(verb.cli === "ticket" ? ["ticket"] : []), ...name.split(" ")];
      const found = await COMMANDS.find(words);
      const flags = found.kind === "command" ? (await found.load()).flags : {};
      const writes = decides.includes(name) || (await verb.load()).writes;
      if (writes && !("dryRun" in flags)) without.push(name);
    }
    expect(without).toEqual([]);
  });

  test("says what would happen, and changes nothing", async () => {
    const project = await tempStore();
    const [a = "", b = ""] = [await project.ayo("ticket", "create", "A"), await project.ayo("ticket", "create", "B")];
    const head = git(project.repo, "rev-parse", "HEAD");
    const would = {
      [`ticket close ${a}`]: `Would update ${a} -> closed`,
      [`ticket delete ${a}`]: `Would delete ${a}`,
      [`ticket update ${a} -p 0`]: `Would update ${a}`,
      [`ticket assign ${a} kim`]: `Would assign ${a} -> kim`,
      [`ticket note ${a} text`]: `Would add a note to ${a}`,
      [`ticket dep add ${a} ${b}`]: `${a} would wait for ${b}`,
      [`ticket link ${a} ${b}`]: `Would link ${a} <-> ${b}`,
      [`ticket duplicate ${a} --of ${b}`]: `${a} would be a duplicate of ${b}`,
      "ticket archive": "Would archive 0 tickets",
      "ticket create C": "Would create a ticket: C",
      undo: `Would undo ${head.slice(0, 7)} `,
    };
    for (const [line, said] of Object.entries(would)) {
      const { stdout, stderr } = await project.here([...line.split(" "), "--dry-run"]);
      expect(stdout.slice(0, said.length), line).toBe(said);
      expect(stderr, line).toContain("dry run: nothing was changed");
    }
    expect(git(project.repo, "rev-parse", "HEAD")).toBe(head);
    project.judge();
  });

  test("of a batch names no id that will not be", async () => {
    const project = await tempStore();
    const input =
      '{"op":"create","title":"A","name":"a"}\n{"op":"create","title":"B","deps":["$a"]}\n{"op":"start","id":"$a"}\n';
    const { stdout } = await project.here(["ticket", "batch", "--dry-run"], { input });
    expect(stdout).toBe("Would create $a: A\nWould create line 2's: B\nWould start $a: A\n");
    const json = await project.here(["ticket", "batch", "--dry-run", "--json"], { input });
    expect(json.stdout).not.toMatch(/[a-z]{3}-[0-9a-z]{4}"/);
  });

  test("of doctor --fix says what would be mended", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "A");
    project.write(id, project.text(id).replace("links: []", "links: [gone]"));
    const before = project.text(id);
    const { stdout } = await project.here(["doctor", "--fix", "--dry-run"]);
    expect(stdout).toContain("would be mended: the link is removed");
    expect(project.text(id)).toBe(before);
  });
});

test.each([
  ["Claimed x-1 until now: T", "Would claim x-1 until now: T"],
  ["Released x-1\nUpdated x-2 -> open", "Would release x-1\nWould update x-2 -> open"],
  ["Unchanged x-1: already open", "Unchanged x-1: already open"],
  ["1 ticket archived", "Would archive 1 ticket"],
  ["Removed /a/hook", "Would remove /a/hook"],
])("%j is told of a dry run as %j", (did, would) => {
  expect(wouldText(did)).toBe(would);
});
