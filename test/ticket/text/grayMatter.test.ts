import fc from "fast-check";
import matter from "gray-matter";
import { FAILSAFE_SCHEMA, load } from "js-yaml";
import { expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { mendYaml } from "../../../src/ticket/text/mendYaml.ts";
import { readBody, readValues } from "../../../src/ticket/text/parseTicket.ts";
import { frontOf } from "../../../src/ticket/text/splitDocument.ts";
import { soup, yaml } from "../../helpers/yamlSoup.ts";

const body = fc.array(fc.oneof(soup, fc.constantFrom("# Title", "", "---", "----", "text", "a: b")), { maxLength: 5 });
const document = fc.tuple(yaml, fc.constantFrom("---", ""), body).map(([front, fence, lines]) => {
  const eol = front.endsWith("\r\n") ? "\r\n" : "\n";
  return `---${eol}${front}${fence}${eol}${lines.join(eol)}`;
});

/** What gray-matter makes of a file, with js-yaml as we use it: every scalar as it is written. */
function byGrayMatter(text: string): { data: object; content: string } | undefined {
  const parse = (matter: string): object => {
    const front = matter.replace(/^\r?\n/, "");
    const isEmpty = front.split("\n").every((line) => /^\s*(?:#|$)/.test(line));
    return isEmpty ? {} : (load(front, { schema: FAILSAFE_SCHEMA, maxAliases: 1000 }) as object);
  };
  try {
    const { data, content } = matter(text, { language: "yaml", engines: { yaml: { parse, stringify: String } } });
    // An empty text, e.g. of a lone `|`, has no values.
    return { data: (data as unknown) === "" ? {} : data, content };
  } catch {
    return undefined;
  }
}

test("a file is what gray-matter says it is, or is refused: its values and the text below them", () => {
  let [agreed, refused, mended] = [0, 0, 0];
  const check = (text: string): void => {
    let values: object;
    try {
      values = readValues(text, "x.md", parseFrontMatter);
    } catch (error) {
      expect(error).toBeInstanceOf(AyoError);
      refused++;
      return;
    }
    const theirs = byGrayMatter(text);
    if (theirs === undefined) {
      // What no YAML reader takes is read with what people usually mean, and only then.
      const { start, end } = frontOf(text, "x.md");
      expect(mendYaml(text.slice(start, end))).not.toBe(text.slice(start, end));
      mended++;
      return;
    }
    expect({ ...values }).toEqual(theirs.data);
    expect(readBody(text)).toBe(theirs.content);
    agreed++;
  };
  // gray-matter ends a front matter at every line that begins with dashes, and takes blanks behind them for text.
  const isAmbiguous = (text: string): boolean => /^---(?!\r?$)/m.test(text);
  fc.assert(
    fc.property(
      document.filter((text) => !isAmbiguous(text)),
      check,
    ),
    { numRuns: Number(process.env.FUZZ ?? 3000) },
  );
  check("---\r\nid:   a\r\r\n\r\n a\r\n---");
  expect(agreed).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(300);
  expect(mended).toBeGreaterThan(0);
});
