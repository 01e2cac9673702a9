/** Merges what two versions changed of a third, line by line; undefined where both changed the same lines. */
export async function mergeLines(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Buffer | undefined> {
  const regions = await regionsOf(ours, base, theirs);
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  return joined(regions.map(({ ok }) => ok ?? []));
}

/** Two versions made one, and whether lines of ours had to give way. */
export interface Onto {
  readonly bytes: Buffer;
  readonly gaveWay: boolean;
}

/**
 * Puts a change onto a file that somebody changed meanwhile, line by line. What both added at one place stays, ours
 * first: who appends goes on at the end. Where both changed the same lines, theirs stay.
 */
export async function mergeOnto(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Onto> {
  let gaveWay = false;
  const parts = (await regionsOf(ours, base, theirs)).map(({ ok, conflict }) => {
    if (conflict === undefined) return ok ?? [];
    const both = bothOf(conflict.a, conflict.o, conflict.b) ?? lineByLine(conflict.a, conflict.o, conflict.b);
    gaveWay ||= both === undefined;
    return both ?? conflict.b;
  });
  return { bytes: joined(parts), gaveWay };
}

type Lines = readonly string[];

/** What two sides made of the same lines, where neither took anything away. */
function bothOf(ours: Lines, base: Lines, theirs: Lines): Lines | undefined {
  if (beginsWith(theirs, ours)) return theirs;
  if (beginsWith(ours, theirs)) return ours;
  if (base.length === 0) return [...ended(ours), ...theirs];
  // The last line of a file that did not end in a line break: each side went on from there.
  const [left, old, right] = [ours, base, theirs].map((lines) => lines.join("")) as [string, string, string];
  if (!left.startsWith(old) || !right.startsWith(old)) return undefined;
  return [...ended([right]), left.slice(old.length).replace(/^\r?\n/, "")];
}

/** Neighbouring lines that were changed on one side each. */
function lineByLine(ours: Lines, base: Lines, theirs: Lines): Lines | undefined {
  if (ours.length !== base.length || theirs.length !== base.length) return undefined;
  const isClean = base.every((line, at) => ours[at] === line || theirs[at] === line);
  return isClean ? base.map((line, at) => (ours[at] === line ? theirs[at] : ours[at]) as string) : undefined;
}

function beginsWith(lines: Lines, beginning: Lines): boolean {
  return beginning.length <= lines.length && beginning.every((line, at) => line === lines[at]);
}

/** Lines after which another may follow. */
function ended(lines: Lines): Lines {
  const last = lines.at(-1);
  return last === undefined || last.endsWith("\n") ? lines : [...lines.slice(0, -1), `${last}\n`];
}

interface Region {
  readonly ok?: string[];
  readonly conflict?: { readonly a: string[]; readonly o: string[]; readonly b: string[] };
}

/** Each line has its own end, so that a last one without is another line. Bytes that are no text stay as they are. */
async function regionsOf(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Region[]> {
  const { diff3Merge } = await import("node-diff3");
  const lines = (bytes: Buffer): string[] => bytes.toString("latin1").match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return diff3Merge(lines(ours), lines(base), lines(theirs), { excludeFalseConflicts: true }) as Region[];
}

function joined(parts: readonly Lines[]): Buffer {
  return Buffer.from(parts.flat().join(""), "latin1");
}
