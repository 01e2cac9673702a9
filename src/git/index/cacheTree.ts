/** One folder of git's cache tree: its line, its id if it is still right, and the folders in it. */
interface Folder {
  readonly name: Buffer;
  readonly counts: readonly [entries: number, folders: number];
  readonly oid: Buffer;
}

/**
 * Git's `TREE` extension, which remembers the tree ids of folders, without those that `paths` lie in; undefined for
 * one that cannot be read. Without it `git status` reads every tree of HEAD.
 */
export function forgetPaths(bytes: Buffer, paths: Iterable<string>): Buffer | undefined {
  const touched = new Set<string>([""]);
  const files = new Set<string>();
  for (const path of paths) {
    files.add(path);
    for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1))
      touched.add(path.slice(0, slash));
  }
  const parts: Buffer[] = [];
  try {
    const end = copyFolder(bytes, 0, "", { touched, files, parts });
    return end === bytes.length ? Buffer.concat(parts) : undefined;
  } catch {
    return undefined;
  }
}

interface Copy {
  /** Folders that something changed in. */
  readonly touched: ReadonlySet<string>;
  /** Changed paths: a folder of that name can be none any more. */
  readonly files: ReadonlySet<string>;
  readonly parts: Buffer[];
}

/** Copies a folder and those in it, and returns where the next one begins. */
function copyFolder(bytes: Buffer, at: number, above: string, copy: Copy): number {
  const { folder, end } = folderAt(bytes, at);
  const path = above + folder.name.toString("utf8");
  const isWhole = !copy.touched.has(path);
  const [entries, folders] = folder.counts;
  const line = copy.parts.push(Buffer.alloc(0)) - 1;
  let dropped = 0;
  let next = end;
  for (let inside = 0; inside < folders; inside++) {
    const length = copy.parts.length;
    const prefix = path === "" ? "" : `${path}/`;
    const name = prefix + folderAt(bytes, next).folder.name.toString("utf8");
    next = copyFolder(bytes, next, prefix, copy);
    if (copy.files.has(name)) {
      copy.parts.length = length;
      dropped++;
    }
  }
  const counts = Buffer.from(`\0${isWhole ? entries : -1} ${folders - dropped}\n`);
  copy.parts[line] = Buffer.concat([folder.name, counts, isWhole ? folder.oid : Buffer.alloc(0)]);
  return next;
}

function folderAt(bytes: Buffer, at: number): { folder: Folder; end: number } {
  const nameEnd = bytes.indexOf(0, at);
  const lineEnd = bytes.indexOf(10, nameEnd);
  const counts = /^(-?\d+) (\d+)$/.exec(bytes.toString("latin1", nameEnd + 1, lineEnd));
  if (nameEnd < 0 || lineEnd < 0 || counts === null) throw new RangeError("not a cache tree");
  const entries = Number(counts[1]);
  const end = lineEnd + 1 + (entries < 0 ? 0 : 20);
  if (end > bytes.length) throw new RangeError("not a cache tree");
  const folder: Folder = {
    name: bytes.subarray(at, nameEnd),
    counts: [entries, Number(counts[2])],
    oid: bytes.subarray(lineEnd + 1, end),
  };
  return { folder, end };
}
