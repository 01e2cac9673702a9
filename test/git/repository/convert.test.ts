import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hashObject } from "../../../src/git/objects/objects.ts";
import { gitBytes, readConversion } from "../../../src/git/repository/convert.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

const CONTENTS = [
  "one\ntwo\n",
  "one\r\ntwo\r\n",
  "mixed\r\nends\n",
  "lone\rreturn\r\n",
  "nul\0\r\n",
  `${"x".repeat(300)}\x01\r\n`,
  `x\x01\x02\r\n`,
  "ctrl-z\r\n\x1a",
  "größe\r\n",
  "",
];

/** What a repository says, and where. */
interface Setting {
  readonly autocrlf?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const SETTINGS: Setting[] = [
  {},
  { autocrlf: "true" },
  { autocrlf: "input" },
  { autocrlf: "false", attributes: { ".gitattributes": "* text=auto\n" } },
  { attributes: { ".gitattributes": "*.md text\n" } },
  { autocrlf: "true", attributes: { ".gitattributes": "*.md -text\n" } },
  { attributes: { ".gitattributes": "* text=auto\n.tickets/** -text\n" } },
  { attributes: { ".gitattributes": "* text=auto\n.tickets/* binary\n" } },
  { attributes: { ".gitattributes": "*.md eol=crlf\n" } },
  { attributes: { ".gitattributes": "*.md text=auto eol=lf\n" } },
  { autocrlf: "true", attributes: { ".gitattributes": "*.md text=auto\n*.md !text\n" } },
  { attributes: { ".gitattributes": "/a.md text\n" } },
  { attributes: { ".gitattributes": ".tickets/*.md text\n" } },
  { attributes: { ".gitattributes": "tickets/*.md text\n" } },
  { attributes: { ".gitattributes": "**/b.md text\n" } },
  { attributes: { ".gitattributes": "[ab].md text\n" } },
  { attributes: { ".gitattributes": "[!a].md text\n" } },
  { attributes: { ".gitattributes": '"a.md" text\n# *.md -text\n\n!*.md -text\n' } },
  { attributes: { ".gitattributes": "*.md text\n", ".git/info/attributes": "*.md -text\n" } },
  { attributes: { ".gitattributes": "*.md -text\n", ".tickets/.gitattributes": "b.md text\n" } },
  { attributes: { ".gitattributes": "[attr]ticket text eol=lf\n.tickets/** ticket\n" } },
  { attributes: { ".gitattributes": "*.md crlf=input\n" } },
  { autocrlf: "true", attributes: { ".gitattributes": "*.md -crlf\n" } },
];

function setUp({ autocrlf, attributes = {} }: Setting): string {
  const dir = gitRepo();
  mkdirSync(`${dir}/.tickets/sub`, { recursive: true });
  if (autocrlf !== undefined) git(dir, "config", "core.autocrlf", autocrlf);
  for (const [file, text] of Object.entries(attributes)) writeFileSync(path.join(dir, file), text);
  return dir;
}

const open = (dir: string): Repository => openRepository(dir) as Repository;

describe("gitBytes", () => {
  test.each(SETTINGS)("commits what git would commit: %j", (setting) => {
    const dir = setUp(setting);
    const conversion = readConversion(open(dir), {});
    for (const file of ["a.md", ".tickets/b.md", ".tickets/sub/b.md"]) {
      const named = CONTENTS.map((text, n) => [`${file}`, `content-${n}`, Buffer.from(text)] as const);
      for (const [name, content, bytes] of named) {
        writeFileSync(`${dir}/${content}`, bytes);
        const expected = git(dir, "-c", "core.safecrlf=false", "hash-object", `--path=${name}`, content);
        expect([name, bytes.toString(), hashObject("blob", gitBytes(name, bytes, conversion))]).toEqual([
          name,
          bytes.toString(),
          expected,
        ]);
      }
    }
  });

  test("a file that is committed with CRLF stays so where git only guesses", () => {
    const dir = setUp({});
    const crlf = Buffer.from("one\r\ntwo\r\n");
    writeFileSync(`${dir}/a.md`, crlf);
    git(dir, "add", "a.md");
    git(dir, "commit", "--quiet", "-m", "crlf");
    git(dir, "config", "core.autocrlf", "true");
    const next = Buffer.from("one\r\ntwo\r\nthree\r\n");
    writeFileSync(`${dir}/a.md`, next);
    git(dir, "add", "a.md");
    const bytes = gitBytes("a.md", next, readConversion(open(dir), {}), crlf);
    expect(hashObject("blob", bytes)).toBe(git(dir, "rev-parse", ":a.md"));
    expect(bytes.equals(next)).toBe(true);
    const converted = gitBytes("a.md", next, readConversion(open(dir), {}), Buffer.from("one\n"));
    expect(converted.toString()).toBe("one\ntwo\nthree\n");
  });

  test("the user's own attributes and autocrlf count, less than the repository's", () => {
    const dir = setUp({});
    const home = path.join(dir, ".git/home");
    mkdirSync(`${home}/.config/git`, { recursive: true });
    writeFileSync(`${home}/.config/git/attributes`, "*.md text\n");
    const crlf = Buffer.from("a\r\n");
    expect(gitBytes("a.md", crlf, readConversion(open(dir), { HOME: home })).toString()).toBe("a\n");
    writeFileSync(`${dir}/.gitattributes`, "*.md -text\n");
    expect(gitBytes("a.md", crlf, readConversion(open(dir), { HOME: home }))).toBe(crlf);
    rmSync(`${dir}/.gitattributes`);
    writeFileSync(`${home}/.gitconfig`, "[core]\n\tautocrlf = input\n\tattributesFile = ~/mine\n");
    expect(gitBytes("a.md", crlf, readConversion(open(dir), { HOME: home })).toString()).toBe("a\n");
    writeFileSync(`${home}/mine`, "*.md -text\n");
    expect(gitBytes("a.md", crlf, readConversion(open(dir), { HOME: home }))).toBe(crlf);
  });

  test("without settings the very bytes come back", () => {
    const bytes = Buffer.from("a\r\n");
    expect(gitBytes("a.md", bytes, readConversion(open(setUp({})), {}))).toBe(bytes);
  });

  test.each([
    ["*.md filter=lfs diff=lfs merge=lfs -text\n", /filter 'lfs'/],
    ["*.md working-tree-encoding=UTF-16\n", /UTF-16/],
    ["*.md ident\n", /ident/],
  ])("refuses what we cannot run: %j", (text, message) => {
    const dir = setUp({ attributes: { ".gitattributes": text } });
    const conversion = readConversion(open(dir), {});
    const refused = expect.objectContaining({ code: "git_unsupported", message: expect.stringMatching(message) });
    expect(() => gitBytes("a.md", Buffer.from("$Id: x $\n"), conversion)).toThrow(refused);
    expect(gitBytes("a.txt", Buffer.from("$Id: x $\n"), conversion).toString()).toBe("$Id: x $\n");
  });
});
