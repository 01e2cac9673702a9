import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { driverCommand } from "../../../src/git/repository/driverLines.ts";
import { configuredDriver, ensureDriver, missingPrograms } from "../../../src/git/repository/mergeDriver.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** A repository with two branches that changed one line of a file. */
function parted(file: string): { dir: string; repository: Repository } {
  const dir = gitRepo();
  const commit = (text: string): void => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
    git(dir, "add", "-A");
    git(dir, "commit", "-qm", text);
  };
  commit("base");
  git(dir, "branch", "other");
  commit("ours");
  git(dir, "checkout", "-q", "other");
  commit("theirs");
  return { dir, repository: openRepository(dir) as Repository };
}

test("git runs a program whose path has quotes, blanks and percent signs, for files of the store alone", () => {
  const script = path.join(tempDir(), `it's "100%" \\ %A $HOME`, "ayo.cjs");
  mkdirSync(path.dirname(script));
  writeFileSync(script, 'const a = process.argv; require("fs").writeFileSync(a[4], a[2] + " " + a[6]);');
  const file = `.tick[e]ts/archive/it's/a b.md`;
  const { dir, repository } = parted(file);
  const command = driverCommand([process.execPath, script]) as string;
  ensureDriver(repository, ".tick[e]ts", command);
  git(dir, "merge", "-q", "--no-edit", "-");
  expect(readFileSync(path.join(dir, file), "utf8")).toBe(`merge-file ${file}`);
  expect(git(dir, "check-attr", "merge", "--", "a.md", ".tick[e]ts/b.md", ".tickets/b.md").match(/\S+$/gm)).toEqual([
    "unspecified",
    "ayo",
    "unspecified",
  ]);
  expect(missingPrograms(command)).toEqual([]);
  expect(missingPrograms(driverCommand([process.execPath, `${script}x`]) as string)).toEqual([`${script}x`]);
});

test("a second time changes nothing, another program takes the place of the first, and what people wrote stays", () => {
  const dir = gitRepo();
  const repository = openRepository(dir) as Repository;
  const [config, attributes] = ["config", "info/attributes"].map((name) => path.join(dir, ".git", name)) as [
    string,
    string,
  ];
  mkdirSync(path.dirname(attributes), { recursive: true });
  writeFileSync(attributes, "*.png binary");
  git(dir, "config", "merge.ayo.recursive", "text");
  git(dir, "config", "alias.st", "status");
  const before = readFileSync(config, "utf8");
  ensureDriver(repository, ".tickets", "first");
  ensureDriver(repository, ".tickets", "first");
  expect(readFileSync(attributes, "utf8")).toBe('*.png binary\n"/.tickets/**/*.md" merge=ayo\n');
  expect(readFileSync(config, "utf8")).toBe(`${before}[merge "ayo"]\n\tname = tickets by field\n\tdriver = "first"\n`);
  ensureDriver(repository, ".tickets", 'sec"ond\\');
  expect(git(dir, "config", "--get-all", "merge.ayo.driver")).toBe('sec"ond\\');
  expect(configuredDriver(repository, {})).toEqual({ command: 'sec"ond\\', isUsed: true });
  expect(git(dir, "config", "alias.st")).toBe("status");
});

test("a program that no configuration can name is none", () => {
  expect(driverCommand(["/node", "/a\nb"])).toBeUndefined();
});

test("a configuration that git is changing is left alone", () => {
  const dir = gitRepo();
  const config = path.join(dir, ".git", "config");
  writeFileSync(`${config}.lock`, "");
  const before = readFileSync(config, "utf8");
  expect(() => ensureDriver(openRepository(dir) as Repository, "", "x")).toThrow("is being changed");
  expect(readFileSync(config, "utf8")).toBe(before);
});
