import { git } from "./git.ts";

/** A commit as the real git tells it: who it is by, and which lines of a file it added and removed. */
export interface LineCommit {
  readonly oid: string;
  readonly parents: number;
  readonly author: string;
  readonly subject: string;
  readonly event: string;
  readonly isByHand: boolean;
  /** By path. */
  readonly files: ReadonlyMap<string, LineChange>;
}

/** What a commit did to a file. */
export interface LineChange {
  readonly kind: "new" | "deleted" | "changed";
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const FORMAT = ["%H", "%P", "%an", "%s", ...["Event", "By-hand"].map((key) => `%(trailers:key=${key},valueonly)`)];

/** Every commit of the branch, the oldest first, with the lines of the files under `paths`. */
export function lineHistory(repo: string, ...paths: readonly string[]): LineCommit[] {
  const flags = ["-p", "-U0", "--no-renames", "--no-color", "--no-ext-diff", "--full-history", "--sparse"];
  const format = `--format=%x00${FORMAT.join("%x01")}%x01`;
  const log = git(repo, "-c", "core.quotePath=false", "log", "--reverse", ...flags, format, "--", ...paths);
  return log.split("\0").slice(1).map(commitOf);
}

function commitOf(text: string): LineCommit {
  const [oid = "", parents = "", author = "", subject = "", event = "", byHand = "", patch = ""] = text.split("\x01");
  return {
    oid,
    parents: parents.split(" ").filter((one) => one !== "").length,
    author,
    subject,
    event: event.trim(),
    isByHand: byHand.trim() === "yes",
    files: filesOf(patch),
  };
}

function filesOf(patch: string): LineCommit["files"] {
  const files = new Map<string, LineChange>();
  for (const part of patch.split(/^diff --git /m).slice(1)) {
    const [head = "", ...hunks] = part.split(/^(?=@@ )/m);
    const [, name = ""] = /^a\/(.*) b\/\1$/m.exec(head) ?? [];
    const [, kind = "changed"] = /^(new|deleted) file mode/m.exec(head) ?? [];
    const lines = hunks.flatMap((hunk) => hunk.split("\n").slice(1));
    const marked = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1));
    files.set(name, { kind: kind as LineChange["kind"], added: marked("+"), removed: marked("-") });
  }
  return files;
}
