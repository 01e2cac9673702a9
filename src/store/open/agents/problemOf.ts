import { AyoError } from "../../../error.ts";
import type { ParsedAgents } from "./parseAgents.ts";

/** The first fault of an agents.yml, with its line: `agents.yml:3: …`. Undefined where there is none. */
export function problemOf({ problems: [first] }: Pick<ParsedAgents, "problems">): string | undefined {
  // A file that is none has no line.
  return first === undefined ? undefined : `${first.path}${first.line > 0 ? `:${first.line}` : ""}: ${first.message}`;
}

/** @throws bad_config where anything of it is wrong: then nothing of it is in force */
export function assertSound(parsed: Pick<ParsedAgents, "problems">): void {
  const problem = problemOf(parsed);
  if (problem === undefined) return;
  throw new AyoError("bad_config", problem, { data: { ...parsed.problems[0] } });
}
