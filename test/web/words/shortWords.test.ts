import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../helpers/pages.ts";

const WEB = path.join(ROOT, "src/web");

interface Plugin {
  readonly transform: { handler(code: string, id: string): { readonly code: string } };
}

/** What the words of a file are called, by section and long name; sections have nothing before the dot. */
function* namesIn(long: string, short: string): Generator<readonly [string, string]> {
  const after = short.split("\n");
  let section = "";
  for (const [n, line] of long.split("\n").entries()) {
    const [, gap = "", name, rest = ""] = /^( {2}| {4})(\w+)(:.*)$/.exec(line) ?? [];
    if (name === undefined) expect(after[n]).toBe(line);
    else {
      if (gap === "  ") section = name;
      yield [`${gap === "  " ? "" : section}.${name}`, (after[n] ?? "").slice(gap.length).replace(rest, "")];
    }
  }
}

test("in the bundle a word has one short name, in each language and wherever it is asked for", async () => {
  const { shortWords } = (await import(path.join(ROOT, ".ci/shortWords.mjs"))) as { shortWords(root: string): Plugin };
  const { transform } = shortWords(ROOT);
  const shortened = (file: string): readonly [string, string] => {
    const code = readFileSync(path.join(WEB, file), "utf8");
    return [code, transform.handler(code, path.join(WEB, file)).code];
  };
  const given = (files: readonly string[]): Map<string, string> =>
    new Map(files.flatMap((file) => [...namesIn(...shortened(file))]));
  const english = given(["words/en.ts", "words/later/en.ts"]);
  // A short section may stand on one line, in one of the languages.
  const german = [...given(["words/de.ts", "words/later/de.ts"])].filter(([long]) => english.has(long));
  expect(german).toEqual(german.map(([long]) => [long, english.get(long)]));
  expect(german.filter(([long, short]) => !long.endsWith(`.${short}`)).length).toBeGreaterThan(300);
  const inSections = [...english].map(([long, short]) => `${long.split(".")[0]}.${short}`);
  expect(new Set(inSections).size).toBe(english.size);

  const sources = readdirSync(WEB, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  for (const file of sources.filter((name) => !/^words\//.test(name))) {
    const [before, after] = shortened(file);
    const uses = (code: string) =>
      [...code.matchAll(/\bsay\.(\w+)\.(\w+)/g)].map(([, section, key]) => ({ section, key }));
    const wanted = uses(before).map(({ section, key }) => ({
      section: english.get(`.${section}`),
      key: english.get(`${section}.${key}`) ?? key,
    }));
    expect(uses(after), file).toEqual(wanted);
  }
});
