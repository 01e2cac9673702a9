import { AyoError } from "../../error.ts";
import { nearest } from "../../ticket/nearest.ts";
import { type NamedProject, slugOf, slugsNamed } from "../../ticket/project.ts";
import type { Problem } from "../../ticket/ticket.ts";

/** The error for a project that there is not, with those whose slugs are near. */
export function noProject(word: string, slugs: readonly string[]): AyoError {
  const near = nearest(slugOf(word) ?? word, slugs);
  const hint = near.length === 0 ? "" : `; there is ${near.join(", ")}`;
  return new AyoError("not_found", `there is no project '${word}'${hint}`, {
    try: ["ayo", "project", "list", "--all"],
    data: { project: word, near },
  });
}

/** A name that two projects have means neither. @throws ambiguous_id */
export function assertOneNamed(projects: readonly NamedProject[], word: string): void {
  const candidates = slugsNamed(projects, word).sort();
  if (candidates.length < 2) return;
  throw new AyoError("ambiguous_id", `'${word.trim()}' is the name of ${candidates.join(" and ")}: say the slug`, {
    try: ["ayo", "project", "list", "--all"],
    data: { project: word.trim(), candidates },
  });
}

/** The error for a slug that no project can have. */
export function badSlug(slug: string, why: string): AyoError {
  return new AyoError("bad_input", `slug '${slug.slice(0, 80)}' ${why}`, { data: { field: "slug" } });
}

/** The error for a project's file that cannot be read. */
export function brokenProject(problem: Problem): AyoError {
  const place = problem.line > 0 ? `:${problem.line}` : "";
  return new AyoError("bad_ticket", `${problem.path}${place}: ${problem.message}`, { data: { ...problem } });
}
