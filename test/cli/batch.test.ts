import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

const LINES = `# two tickets, the second waits for the first

{"op":"create","title":"First","name":"a"}
{"op":"create","title":"Second","deps":["$a"]}
{"op":"start","id":"$a"}
`;

describe("ayo ticket batch", () => {
  test("takes lines on stdin, says a sentence for each, and prints ids with -q", async () => {
    const project = await tempStore();
    const { code, stdout, stderr } = await project.run(["ticket", "batch", "--as", "lead"], { input: LINES });
    const [first, second] = (await project.ayo("ticket", "list", "-q", "--sort", "title")).split("\n");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`create ${first}: First\ncreate ${second}: Second\nstart ${first}: First\n`);
    expect(project.text(first ?? "")).toContain("claimed-by: '@lead'");
    const quiet = await project.run(["ticket", "batch", "-q"], { input: `{"op":"close","id":"${first}"}` });
    expect(quiet.stdout).toBe(`${first}\n`);
  });

  test("takes a file, and answers JSON lines that end with the whole", async () => {
    const project = await tempStore();
    writeFileSync(path.join(project.dir, "plan.jsonl"), LINES);
    const lines = (await project.ayo("ticket", "batch", "plan.jsonl", "--json"))
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ line, op, name }) => [line, op, name])).toEqual([
      [3, "create", "a"],
      [4, "create", undefined],
      [5, "start", undefined],
      [undefined, undefined, undefined],
    ]);
    expect(lines[3]).toMatchObject({ schema: 1, names: { a: lines[0].ids[0] }, nowReady: [] });
    expect(lines[3].commit).toBe(git(project.repo, "rev-parse", "HEAD"));
  });

  test("names the line of the text that is wrong, and keeps everything as it was", async () => {
    const project = await tempStore();
    const bad = await project.run(["ticket", "batch", "--json"], { input: `${LINES}{"op":"close","id":"$b"}\n` });
    const { error } = JSON.parse(bad.stderr);
    expect([bad.code, bad.stdout, error.code, error.data.line]).toEqual([2, "", "bad_input", 6]);
    for (const [input, message] of [
      ["{nope", /^error: line 1: not JSON: /],
      ["\n[1]", /^error: line 2: not a JSON object/],
      ["# nothing\n", /^error: no operations/],
    ] as const) {
      const { code, stderr } = await project.run(["ticket", "batch"], { input });
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    }
    const absent = await project.run(["ticket", "batch", "absent.jsonl"]);
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringMatching(/^error: cannot read absent\.jsonl/)]);
    expect(project.files()).toEqual([]);
  });

  test("on a dry run says what would be", async () => {
    const project = await tempStore();
    const { code, stdout, stderr } = await project.run(["ticket", "batch", "--dry-run"], { input: LINES });
    expect([code, stderr]).toEqual([0, "dry run: nothing was changed\n"]);
    expect(stdout).toMatch(/^Would create \$a: First\nWould create line 4's: Second\nWould start \$a: First\n$/);
    expect(project.files()).toEqual([]);
  });
});
