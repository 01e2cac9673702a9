import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { conflictLine } from "../../../src/ticket/text/conflictMarkers.ts";
import { parseTicket } from "../../../src/ticket/text/parseTicket.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

const FRONT = "---\nid: a-1\nstatus: open\n---\n";
const CONFLICT = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\n";

describe("a merge conflict in a text", () => {
  test.each([
    ["in the body", `${FRONT}# T\n\n${CONFLICT}`, 7],
    ["in the front matter", FRONT.replace("status: open\n", CONFLICT), 3],
    ["around everything", `<<<<<<< HEAD\n${FRONT}# A\n=======\n${FRONT}# B\n>>>>>>> side\n`, 1],
    [
      "from the front matter into the body",
      `${FRONT.replace("---\n# T", "")}`.replace("status: open\n", "<<<<<<< HEAD\nstatus: open\n") +
        "=======\nx\n>>>>>>> side\n",
      3,
    ],
    ["with the base between", `${FRONT}<<<<<<< HEAD\na\n||||||| 1234567\nb\n=======\nc\n>>>>>>> side\n`, 5],
    ["with line ends of Windows", `${FRONT}${CONFLICT}`.replaceAll("\n", "\r\n"), 5],
    ["with longer marks", `${FRONT}${CONFLICT.replaceAll(/([<=>])\1{6}/g, "$1".repeat(9))}`, 5],
    ["without a line end at the end", `${FRONT}${CONFLICT.trimEnd()}`, 5],
    ["after an example in a fence", `${FRONT}\`\`\`\n${CONFLICT}\`\`\`\n${CONFLICT}`, 12],
    ["the second of two, where the first was half removed", `${FRONT}<<<<<<< HEAD\nours\n${CONFLICT}`, 7],
  ])("%s is found", (_, text, line) => {
    expect(conflictLine(text)).toBe(line);
    expect(() => parseTicket(text, "a-1.md", "")).toThrow(
      expect.objectContaining({ code: "bad_ticket", data: { path: "a-1.md", line } }),
    );
  });

  test.each([
    ["an example in a fence", `\`\`\`diff\n${CONFLICT}\`\`\`\n`],
    ["an example that is indented", CONFLICT.replaceAll(/^/gm, "    ")],
    ["a heading that is underlined", "Heading\n=======\n"],
    ["marks in another order", ">>>>>>> side\n=======\n<<<<<<< HEAD\n"],
    ["only two of them", "<<<<<<< HEAD\nours\n=======\ntheirs\n"],
    ["marks of several lengths", "<<<<<<< HEAD\nours\n=========\ntheirs\n>>>>>>> side\n"],
    ["quoted", CONFLICT.replaceAll(/^/gm, "> ")],
  ])("%s is none", (_, text) => {
    expect(conflictLine(`${FRONT}${text}`)).toBeUndefined();
    expect(parseTicket(`${FRONT}${text}`, "a-1.md", "").id).toBe("a-1");
  });

  test.each(["merge", "diff3", "zdiff3"])("as git writes it (merge.conflictStyle %s)", (style) => {
    const dir = gitRepo();
    const file = path.join(dir, "a-1.md");
    const write = (status: string): void => {
      writeFileSync(file, FRONT.replace("open", status));
      git(dir, "add", "a-1.md");
      git(dir, "commit", "--quiet", "-m", status);
    };
    write("open");
    git(dir, "branch", "side");
    write("closed");
    git(dir, "checkout", "--quiet", "side");
    write("in_progress");
    expect(() => git(dir, "-c", `merge.conflictStyle=${style}`, "merge", "main")).toThrow(/CONFLICT/);
    expect(conflictLine(git(dir, "cat-file", "--filters", "--path=x", git(dir, "hash-object", "-w", "a-1.md")))).toBe(
      3,
    );
  });
});
