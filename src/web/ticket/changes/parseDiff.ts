/** A line of a diff: in both, only after, or only before; with its number there. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Neighbouring lines. */
export interface Hunk {
  readonly heading: string;
  readonly lines: readonly DiffLine[];
}

/** Whether lines of the file are left out above these. */
export function isCutAbove({ lines }: Hunk): boolean {
  return (lines[0]?.before ?? 1) > 1 || (lines[0]?.after ?? 1) > 1;
}

/** A file that was changed. */
export interface DiffFile {
  readonly path: string;
  /** What it was called before, where that is another name; "" for a file that is new. */
  readonly from: string;
  /** What git says of it besides its lines: `new file mode 100644`. */
  readonly facts: readonly string[];
  readonly hunks: readonly Hunk[];
}

/** Reads what git shows; of several commits one after the other, whose messages are left out. */
export function parseDiff(text: string): DiffFile[] {
  const lines = text.split("\n");
  const files: DiffFile[] = [];
  for (let at = 0; at < lines.length; ) {
    if (!lines[at]?.startsWith("diff --git ")) {
      at++;
      continue;
    }
    let end = at + 1;
    while (
      end < lines.length &&
      !lines[end]?.startsWith("diff --git ") &&
      !/^commit [0-9a-f]{40}/.test(lines[end] ?? "")
    )
      end++;
    files.push(fileOf(lines.slice(at, end)));
    at = end;
  }
  return files;
}

function fileOf(lines: readonly string[]): DiffFile {
  const first = lines.findIndex((line) => line.startsWith("@@"));
  const head = lines.slice(1, first < 0 ? lines.length : first).filter((line) => line !== "");
  const named = (start: string): string | undefined =>
    head
      .find((line) => line.startsWith(start))
      ?.slice(start.length)
      .replace(/\t$/, "");
  const both = /^diff --git a\/(.*) b\/(.*)$/.exec(lines[0] ?? "");
  const before = withoutLead(named("--- ")) ?? named("rename from ") ?? both?.[1] ?? "";
  const after = withoutLead(named("+++ ")) ?? named("rename to ") ?? both?.[2] ?? "";
  return {
    path: after === "" ? before : after,
    from: before,
    facts: head.filter((line) => !/^(--- |\+\+\+ |index )/.test(line)),
    hunks: first < 0 ? [] : hunksOf(lines.slice(first)),
  };
}

/** `a/src/x.ts` is `src/x.ts`; `/dev/null` is no file. */
function withoutLead(name: string | undefined): string | undefined {
  if (name === "/dev/null") return "";
  return name?.replace(/^"?[ab]\//, "");
}

function hunksOf(lines: readonly string[]): Hunk[] {
  const hunks: { heading: string; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const line of lines) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line);
    if (start !== null) {
      [before, after] = [Number(start[1]), Number(start[2])];
      hunks.push({ heading: start[3] ?? "", lines: [] });
    }
    const hunk = hunks.at(-1);
    if (start !== null || hunk === undefined) continue;
    const text = line.slice(1);
    if (line.startsWith("+")) hunk.lines.push({ kind: "added", text, before: undefined, after: after++ });
    else if (line.startsWith("-")) hunk.lines.push({ kind: "removed", text, before: before++, after: undefined });
    else if (line.startsWith(" ")) hunk.lines.push({ kind: "same", text, before: before++, after: after++ });
  }
  return hunks;
}

/** How many lines a file has won and lost. */
export function countLines({ hunks }: DiffFile): { readonly added: number; readonly removed: number } {
  const count = (kind: DiffLine["kind"]): number =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0);
  return { added: count("added"), removed: count("removed") };
}
