import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { VERBS } from "../../src/actions/verbs.ts";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { git } from "../helpers/git.ts";
import { putPipeline } from "../helpers/pipelines.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const DRY = ["--dry-run"];

/** Lines that change something once. */
const SAME = ([a, b, c, d, e]: readonly string[]): readonly string[] => [
  `ticket assign ${e} kim`,
  `ticket update ${a} -p 1`,
  `ticket check ${a} 1`,
  `ticket link ${a} ${b}`,
  `ticket unlink ${a} ${c}`,
  `ticket dep remove ${a} ${b}`,
  `ticket start ${a}`,
  `ticket block ${b}`,
  `ticket submit ${c} --as @coder`,
  `ticket close ${d}`,
  `ticket duplicate ${e} --of ${a}`,
  "config prefix web",
];

async function expectUnchanged(project: TempStore, line: string, isDry: boolean): Promise<void> {
  const words = [...line.split(" "), ...DRY.slice(0, Number(isDry))];
  const { code, stdout, stderr } = await project.here([...words, "--json"]);
  expect([line, code, stderr]).toEqual([line, 0, isDry ? "dry run: nothing was changed\n" : ""]);
  const { commit, wouldChange } = JSON.parse(stdout);
  expect([line, commit, wouldChange]).toEqual([line, null, isDry ? false : undefined]);
  const text = await project.here(words);
  expect([line, text.stdout]).toEqual([line, expect.stringMatching(/^Unchanged \S+/)]);
}

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

  test("says what would happen, of every command that writes, and changes nothing", async () => {
    const project = await tempStore();
    git(project.dir, "init", "-q");
    const make = (...args: readonly string[]) => project.ayo("ticket", "create", ...args);
    const [a, b, c, d] = [
      await make("A", "--acceptance", "It works"),
      await make("B"),
      await make("C"),
      await make("D"),
    ];
    const old = await make("Old");
    for (const [args] of [
      [["ticket", "close", old]],
      [["ticket", "dep", "add", b, c]],
      [["ticket", "link", b, c]],
      [["ticket", "submit", c, "--as", "@coder"]],
      [["ticket", "claim", d, "--as", "@coder"]],
    ] as const)
      await project.ayo(...args);
    project.write(old, project.text(old).replace(/^closed: .*/m, "closed: 2020-01-05T00:00:00Z"));
    mkdirSync(path.join(project.tickets, "hooks"));
    writeFileSync(path.join(project.tickets, "hooks/ticket.closed"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(path.join(project.dir, "in.jsonl"), '{"id":"x-1","title":"One"}\n');
    const worktree = path.join(tempDir(), "w");
    git(project.dir, "commit", "-q", "--allow-empty", "-m", "start");
    git(project.dir, "worktree", "add", "-q", worktree);
    putPipeline(project, "nightly", "steps:\n  - create: Look at it\n");
    await project.ayo("ticket", "note", a, "the edits by hand are in");
    const head = git(project.repo, "rev-parse", "HEAD");
    const files = () => project.files().map((file) => readFileSync(path.join(project.tickets, file), "utf8"));
    const before = files();
    const would: readonly (readonly [line: string, said: string])[] = [
      ["ticket create E", "Would create a ticket: E"],
      [`ticket update ${a} -p 0`, `Would update ${a}`],
      [`ticket note ${a} text`, `Would add a note to ${a}`],
      [`ticket assign ${a} kim`, `Would assign ${a} -> kim`],
      [`ticket start ${a}`, `Would start ${a} -> in_progress`],
      [`ticket close ${b} --force`, `Would close ${b} -> closed`],
      [`ticket submit ${b} --force`, `Would submit ${b} -> in_review`],
      [`ticket approve ${c}`, `Would approve ${c} -> closed`],
      [`ticket reject ${c} -m no`, `Would reject ${c} -> open`],
      [`ticket status ${a} blocked`, `Would move ${a} -> blocked`],
      [`ticket block ${a} -m why`, `Would block ${a} -> blocked`],
      [`ticket cancel ${a}`, `Would cancel ${a} -> cancelled`],
      [`ticket fail ${a}`, `Would fail ${a} -> failed`],
      [`ticket reopen ${old}`, `Would reopen ${old} -> open`],
      [`ticket ask ${a} what`, `Would ask ${a} -> blocked`],
      [`ticket claim ${a}`, `Would claim ${a}`],
      [`ticket release ${d} --as @coder`, `Would release ${d} -> open`],
      [`ticket renew ${d} --as @coder`, `Would renew ${d} until `],
      [`ticket check ${a} 1`, `Would check ${a}: 1 of 1 criterion done`],
      [`ticket check ${a} --add more`, `Would check ${a}: 0 of 2 criteria done`],
      [`ticket dep add ${a} ${b}`, `${a} would wait for ${b}`],
      [`ticket dep remove ${b} ${c}`, `${b} would no longer wait for ${c}`],
      [`ticket link ${a} ${b}`, `Would link ${a} <-> ${b}`],
      [`ticket unlink ${b} ${c}`, `Would unlink ${b} <-> ${c}`],
      [`ticket duplicate ${a} --of ${b}`, `${a} would be a duplicate of ${b}`],
      [`ticket delete ${a} --yes`, `Would delete ${a}`],
      ["ticket archive", "Would archive 1 ticket"],
      ["prune", "Would remove nothing"],
      ["import in.jsonl", "Would import 1: "],
      ["config prefix web", "Would set prefix: web"],
      ["config archive.after --unset", "Would unset archive.after: (not set)"],
      ["hooks allow --all", ["Would allow hooks/ticket.closed"].join("")],
      ["hooks deny ticket.closed", "Would deny hooks/ticket.closed"],
      ["allow ticket.closed", "Would allow hooks/ticket.closed"],
      ["allow --deny ticket.closed", "Would deny hooks/ticket.closed"],
      ["allow --remove ticket.closed", "Would take back what was said about hooks/ticket.closed"],
      ["hooks install", "Would install "],
      [`-C ${worktree} agents join @coder-2`, "This worktree would be @coder-2's"],
      ["pipeline run nightly", "Would begin a run of nightly"],
      ["undo", `Would undo ${head.slice(0, 7)} `],
    ];
    for (const [line, said] of would) {
      const { stdout, stderr } = await project.here([...line.split(" "), "--dry-run"]);
      const shown = stdout.split("\n").find((one) => one.includes(said)) ?? stdout;
      expect([line, shown.slice(0, said.length) || stderr]).toEqual([line, said]);
      expect(stderr, line).toContain("dry run: nothing was changed");
    }
    expect(git(project.repo, "rev-parse", "HEAD")).toBe(head);
    expect(files()).toEqual(before);
    project.judge();
  });

  test("of what is so already says that nothing would change", async () => {
    const project = await tempStore();
    const ids = [await project.ayo("ticket", "create", "A", "--acceptance", "It works")];
    for (const title of ["B", "C", "D", "E"]) ids.push(await project.ayo("ticket", "create", title));
    for (const line of SAME(ids)) await project.ayo(...line.split(" "));
    for (const line of SAME(ids)) {
      for (const isDry of [false, true]) await expectUnchanged(project, line, isDry);
    }
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
