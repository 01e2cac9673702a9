import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KINDS, NAMES } from "../../../src/actions/import/kinds.ts";

const PAGE = readFileSync(new URL("../../../templates/guide/import.md", import.meta.url), "utf8");
/** Their fields are those of ayo, which have a page of their own. */
const OURS = ["tk", "ayo", "jsonl"];

test("the guide says of every source how it is imported and what becomes of its fields", () => {
  const firsts = PAGE.split("\n").flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);
  const sources = firsts.flatMap((first) => [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(sources.filter((name) => name !== "--from").sort()).toEqual([...KINDS].sort());
  const told = KINDS.filter((kind) => !OURS.includes(kind)).map((kind) => NAMES[kind]);
  expect(told.filter((name) => !firsts.includes(name))).toEqual([]);
});
