import { readParts } from "./readParts.ts";
import type { MergeContext } from "./sides.ts";

/**
 * Whether two files of one id that were made on two sides are one ticket: made by the same cause (`once`), or at the
 * same time; where neither says when, by the same title. A file that cannot be read is taken for the same.
 * @throws NeedsYaml without a parser that is needed
 */
export function isSameTicket(one: string, other: string, reading: Pick<MergeContext, "path" | "frontMatter">): boolean {
  const [left, right] = [one, other].map((text) => readParts(text, reading));
  if (left === undefined || right === undefined) return true;
  const valuesOf = (key: string): readonly [unknown, unknown] => [
    left.front.get(key)?.value,
    right.front.get(key)?.value,
  ];
  const [once, otherOnce] = valuesOf("once");
  if (once !== undefined || otherOnce !== undefined) return once === otherOnce;
  const [created, otherCreated] = valuesOf("created");
  if (created !== undefined || otherCreated !== undefined) return created === otherCreated;
  return left.body.title === right.body.title;
}
