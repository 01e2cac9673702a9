import { AyoError } from "../../error.ts";

/** Never offered to somebody who mistyped an id. */
const RISKY = ["--force", "--yes", "-y"];

/**
 * Adds to a `not_found` of a ticket the line that helps: the caller's own with the id that comes nearest, else the
 * list of tickets. Other errors are returned as they are.
 */
export function withInstead(error: AyoError, argv: readonly string[]): AyoError {
  const { code, message, data, cause } = error;
  if (code !== "not_found" || error.try !== undefined || typeof data?.id !== "string") return error;
  const [near] = Array.isArray(data.near) ? (data.near as readonly string[]) : [];
  return new AyoError(code, message, { try: ["ayo", ...lineFor(argv, data.id, near)], data, cause });
}

function lineFor(argv: readonly string[], id: string, near: string | undefined): readonly string[] {
  if (near === undefined) return [...storeFlags(argv), "ticket", "list"];
  if (!argv.includes(id)) return [...storeFlags(argv), "ticket", "show", near];
  return argv.map((word) => (word === id ? near : word)).filter((word) => !RISKY.includes(word));
}

/** The flags that say which store is meant. */
function storeFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    if (word === "--global" || /^--(?:dir|session)=/.test(word)) return [word];
    return word === "--dir" || word === "--session" ? [word, argv[at + 1] ?? ""] : [];
  });
}
