import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Host } from "../../host.ts";
import { decodeText, withYaml } from "../../store/disk/readFile.ts";
import { isTicketPath } from "../../store/events/commitEvents.ts";
import { boardIn } from "../../store/open/config/boardIn.ts";
import { looksLikeConfig } from "../../store/open/config/config.ts";
import { mergeTicket, type TicketMerge } from "../../ticket/merge/mergeTicket.ts";
import { isSameTicket } from "../../ticket/merge/sameTicket.ts";
import type { Stamp } from "../../ticket/merge/sides.ts";
import { isProjectPath, mergeProject } from "../../ticket/merge/trees/mergeProject.ts";
import type { FrontMatterParser } from "../../ticket/text/parseTicket.ts";
import { formatTime } from "../../ticket/time.ts";

/** The files that git hands to a merge driver, and the path that they are merged for. */
export interface MergedFiles {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** From the top of the working tree, where git runs its drivers. */
  readonly path: string;
}

/** Git says nothing of who changed what: ours stays where both changed one value. */
const OURS: Stamp = { by: "ours", kind: "person", time: 0, oid: "2" };
const THEIRS: Stamp = { by: "theirs", kind: "agent", time: 0, oid: "1" };

/**
 * Merges a ticket by field for git, and puts the result in the place of ours. Undefined, with nothing written, for
 * another file: a template, a README.
 * @throws conflict, with nothing written, where the two are different tickets, or one cannot be read as a ticket
 */
export async function mergeFile(files: MergedFiles, host: Host): Promise<TicketMerge["losses"] | undefined> {
  const at = files.path.split(path.sep).join("/");
  const root = rootOf(host.cwd, at);
  const name = root === "" ? at : at.slice(root.length + 1);
  if (isProjectPath(name)) return mergeProjectFile(files, host.cwd, at);
  if (!isTicketPath(name)) return undefined;
  const [base, ours, theirs] = [files.base, files.ours, files.theirs].map((file) =>
    textOf(path.resolve(host.cwd, file), at),
  ) as [string, string, string];
  const board = await boardIn(path.join(host.cwd, root));
  const merge = (frontMatter?: FrontMatterParser): TicketMerge => {
    const reading = { path: at, frontMatter };
    // Two files that were added: git has an empty base for them.
    if (base === "" && !isSameTicket(ours, theirs, reading)) throw refused(at, "two different tickets have this id");
    const sides = [
      { text: ours, stamps: {}, tip: OURS },
      { text: theirs, stamps: {}, tip: THEIRS },
    ] as const;
    return mergeTicket(base === "" ? undefined : base, ...sides, { ...reading, at: formatTime(host.now()), board });
  };
  const merged = await withYaml(merge);
  if (merged.setAside !== undefined) throw refused(at, "one side cannot be read as a ticket");
  writeFileSync(path.resolve(host.cwd, files.ours), merged.text);
  return merged.losses;
}

/** A project's file: of one value ours stays; lines that both changed are for a person. @throws conflict */
function mergeProjectFile(files: MergedFiles, cwd: string, at: string): TicketMerge["losses"] {
  const [base, ours, theirs] = [files.base, files.ours, files.theirs].map((file) =>
    textOf(path.resolve(cwd, file), at),
  ) as [string, string, string];
  const merged = mergeProject(base === "" ? undefined : base, ours, theirs, "a");
  if (merged === undefined) throw refused(at, "one side cannot be read as a project");
  if (merged.lostLines) throw refused(at, "both sides changed the same lines of the description");
  writeFileSync(path.resolve(cwd, files.ours), merged.text);
  return merged.lost.map((key) => ({ field: key, text: `${key} of ours stays; that of theirs gave way` }));
}

function refused(file: string, why: string): AyoError {
  return new AyoError("conflict", `${file} is not merged by field: ${why}`, { data: { path: file } });
}

function textOf(file: string, at: string): string {
  try {
    return decodeText(readFileSync(file), at);
  } catch (error) {
    if (error instanceof AyoError) throw refused(at, error.message);
    throw new AyoError("not_found", `${file} cannot be read: ${(error as Error).message}`, { data: { path: file } });
  }
}

/** The store's directory from the top of the working tree: where config.yml is, else where tickets would be. */
function rootOf(top: string, file: string): string {
  const folder = path.posix.dirname(file);
  for (let dir = folder; ; dir = path.posix.dirname(dir)) {
    if (looksLikeConfig(path.join(top, dir))) return dir === "." ? "" : dir;
    if (dir === "." || dir === "/") break;
  }
  const root = folder.replace(/(?:^|\/)(?:archive\/[^/]+|projects)$/, "");
  return root === "." ? "" : root;
}
