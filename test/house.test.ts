import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const SRC = path.resolve(import.meta.dirname, "../src");

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name))
  .map((file) => ({ name: path.relative(SRC, file), lines: readFileSync(file, "utf8").trimEnd().split("\n") }));

/** The value below which `share` of the sorted `values` lie. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

/** Exports without a doc comment; adjacent ones (no blank line between) share the comment above the first. */
function undocumented(lines: readonly string[]): string[] {
  const declaration = /^export (?:async )?(?:abstract )?(?:function|const|class|interface|type) (\w+)/;
  return lines.flatMap((line, i) => {
    const name = declaration.exec(line)?.[1];
    const above = lines[i - 1] ?? "";
    return name === undefined || above.endsWith("*/") || declaration.test(above) ? [] : [name];
  });
}

describe("the house stays tidy (src/README.md, the rooms)", () => {
  const lengths = files.map((file) => file.lines.length);

  test("no file is longer than 400 lines, but for what the board says in a language", () => {
    const long = files.filter(
      ({ name, lines }) => lines.length > 400 && !/^web\/words\/(?:later\/)?[a-z]{2}\.ts$/.test(name),
    );
    expect(long.map((file) => file.name)).toEqual([]);
  });

  test("95 % of the files have at most 250 lines, half of them at most 120", () => {
    expect(percentile(lengths, 0.95)).toBeLessThanOrEqual(250);
    expect(percentile(lengths, 0.5)).toBeLessThanOrEqual(120);
  });

  test("no function of a view is longer than 60 lines", () => {
    const long = files
      .filter(({ name }) => name.endsWith(".tsx"))
      .flatMap(({ name, lines }) =>
        lines.flatMap((line, at) => {
          if (!/^(?:export )?(?:async )?function /.test(line)) return [];
          const length = lines.slice(at).indexOf("}") + 1;
          return length > 60 ? [`${name}: ${line} ${length}`] : [];
        }),
      );
    expect(long).toEqual([]);
  });

  test.each(files.map((file) => [file.name, file.lines] as const))("%s: every export has a doc comment", (_, lines) => {
    expect(undocumented(lines)).toEqual([]);
  });

  test("no comment cites a document that is not in the repository", () => {
    const cites = /design\.md|[Aa]mendments? \d|ecosystem\.md|\bseeds? \d{3}|\bissue \d+|\bsection \d/;
    const found = files.flatMap(({ name, lines }) =>
      lines.flatMap((line, at) => (/^\s*(?:\/\/|\/?\*)/.test(line) && cites.test(line) ? [`${name}:${at + 1}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test("no more than two files import each other, types included", () => {
    const importsOf = new Map(
      files.map(({ name, lines }) => {
        const found = lines.join("\n").matchAll(/from "(\.[^"]+)"/g);
        return [name, [...found].map(([, to = ""]) => path.join(path.dirname(name), to))] as const;
      }),
    );
    const reached = (from: string): Set<string> => {
      const seen = new Set<string>();
      const open = [from];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        for (const to of importsOf.get(at) ?? []) if (!seen.has(to) && seen.add(to)) open.push(to);
      }
      return seen;
    };
    const reach = new Map([...importsOf.keys()].map((name) => [name, reached(name)] as const));
    const circles = [...reach].map(([name, seen]) =>
      [name, ...seen].filter((other) => seen.has(name) && reach.get(other)?.has(name)),
    );
    expect(circles.filter((circle) => new Set(circle).size > 2)).toEqual([]);
  });
});
