import { realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import { isFolder, readNamed } from "./directory.ts";
import { FOLDERS, type Kind, NAMES } from "./kinds.ts";
import { FOLDER_KINDS, kindOfFolder, looksLike, readFolder } from "./readFolder.ts";
import { readText, type Source } from "./readText.ts";

/** What the user points at. */
export interface Wanted {
  /** A directory or file, relative to the working directory; `-` is standard input. */
  readonly path: string;
  /** Overrides what the path looks like. */
  readonly from?: Kind | undefined;
  readonly stdin?: (() => Promise<string>) | undefined;
}

/** Where projects keep their tickets: a project's own path is enough. */
const USUAL = [".tickets", ".beads", "backlog", ".backlog", ".beans", ".tbd", ".ank", ".taskmaster"];

/**
 * Reads a source, finding out by itself what it is.
 * @throws not_found where there is nothing, bad_input for what is no source, or is the store itself
 */
export async function readSource(store: Store, wanted: Wanted): Promise<Source> {
  const { from, path: shown } = wanted;
  if (shown === "-") {
    refuseFile("(stdin)", from);
    return readText(Buffer.from(await readStdin(wanted)), "(stdin)", { from });
  }
  const where = path.resolve(store.host.cwd, shown);
  const stat = statOf(where);
  if (stat === undefined) throw new AyoError("not_found", `${shown} does not exist`, { data: { path: where } });
  if (stat.isDirectory()) return readDirectory(store, where, wanted);
  refuseFile(shown, from);
  if (!stat.isFile() && !stat.isFIFO()) throw new AyoError("bad_input", `${shown} is neither a file nor a directory`);
  return readText(readNamed(where, shown), shown, { from, dir: path.dirname(where) });
}

async function readStdin({ stdin }: Wanted): Promise<string> {
  if (stdin === undefined) throw new AyoError("bad_input", "there is no standard input to read here");
  return stdin();
}

function refuseFile(shown: string, from: Kind | undefined): void {
  if (from === undefined || !FOLDERS.includes(from)) return;
  throw new AyoError("bad_input", `${shown} is a file; ${from} keeps its tickets in a directory`);
}

async function readDirectory(store: Store, dir: string, { path: shown, from }: Wanted): Promise<Source> {
  const inside = sourcesIn(store, dir);
  const kind = from ?? kindOfFolder(dir);
  const within = (name: string) => readDirectory(store, path.join(dir, name), { path: path.join(shown, name), from });
  if (kind === undefined) {
    const [only = ""] = inside;
    if (inside.length === 1) return within(only);
    throw unknownDirectory(shown, inside);
  }
  const usual = looksLike(kind, dir) ? undefined : inside.find((name) => looksLike(kind, path.join(dir, name)));
  if (usual !== undefined) return within(usual);
  refuseItself(store, dir, shown);
  return { ...(await readFolder(kind, dir, shown)), kind };
}

/** The folders of tools within a project; the store that they are to go into is only one of them where it is alone. */
function sourcesIn(store: Store, dir: string): string[] {
  const inside = USUAL.filter((name) => isFolder(path.join(dir, name)));
  const others = inside.filter((name) => path.join(dir, name) !== store.dir);
  return others.length === 0 ? inside : others;
}

/** Importing a store into itself would make every ticket its own duplicate. */
function refuseItself(store: Store, dir: string, shown: string): void {
  const own = statOf(store.dir);
  const from = statOf(dir);
  const isSame = own !== undefined && own.dev === from?.dev && own.ino === from.ino;
  const inside = own === undefined ? ".." : path.relative(realpathSync(store.dir), realpathSync(dir));
  if (!isSame && (inside.startsWith("..") || path.isAbsolute(inside))) return;
  throw new AyoError("bad_input", `${shown} is the store itself: its tickets are here already`, {
    data: { path: dir, store: store.dir },
  });
}

function unknownDirectory(shown: string, inside: readonly string[]): AyoError {
  const [first] = inside;
  const message =
    first === undefined
      ? `${shown} holds no tickets of ${FOLDER_KINDS.map((kind) => NAMES[kind]).join(", ")}; --from says what it is`
      : `${shown} holds ${inside.join(" and ")}: name one of them`;
  return new AyoError("bad_input", message, {
    ...(first === undefined ? {} : { try: ["ayo", "import", path.join(shown, first)] }),
    data: { found: inside },
  });
}

function statOf(where: string): Stats | undefined {
  try {
    return statSync(where, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
