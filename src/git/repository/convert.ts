import path from "node:path";
import { AyoError } from "../../error.ts";
import { type AttributeFile, type Attributes, applyWords, parseAttributes } from "./attributes.ts";
import { type ConfigEnv, readGitConfig } from "./gitConfig.ts";
import { type Repository, readText } from "./repository.ts";

/** How git would change a file's line ends on its way into a commit. */
export interface Conversion {
  readonly autocrlf: boolean;
  readonly worktree: string;
  /** The folder of the worktree that files are named from; "" for its top. */
  readonly prefix: string;
  /** The user's attributes, the weakest, and the repository's private ones, the strongest. */
  readonly user: AttributeFile;
  readonly info: AttributeFile;
  /** The `.gitattributes` of each folder that was asked for, "" for the top; read once. */
  readonly folders: Map<string, AttributeFile>;
}

/**
 * The conversion that a user's repository asks for: core.autocrlf and all gitattributes files that git reads. Files are
 * named from the folder `prefix` of its worktree.
 */
export function readConversion(repository: Repository, env: ConfigEnv, prefix = ""): Conversion {
  const config = readGitConfig(repository, env);
  return {
    autocrlf: /^(?:true|yes|on|1|input)$/i.test(config("core.autocrlf") ?? ""),
    worktree: repository.worktree,
    prefix,
    user: attributesAt(userFile(config("core.attributesfile"), env)),
    info: attributesAt(path.join(repository.commonDir, "info", "attributes")),
    folders: new Map(),
  };
}

/**
 * The bytes that git would commit for a file of the worktree. Where nothing but a guess (autocrlf, text=auto) says
 * that it is text, git leaves a file alone that is `committed` with CRLF; without that argument it is converted.
 * @throws git_unsupported for a path with a filter (LFS) or another encoding, which we cannot apply
 */
export function gitBytes(file: string, bytes: Buffer, conversion: Conversion, committed?: Buffer): Buffer {
  const { prefix } = conversion;
  const attributes = attributesOf(prefix === "" ? file : `${prefix}/${file}`, conversion);
  refuseFilters(file, bytes, attributes);
  if (!bytes.includes("\r\n")) return bytes;
  const kind = kindOf(attributes, conversion.autocrlf);
  if (kind === "binary") return bytes;
  if (kind === "auto" && (looksBinary(bytes) || (committed?.includes("\r\n") && !looksBinary(committed)))) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

function userFile(configured: string | undefined, env: ConfigEnv): string | undefined {
  if (configured !== undefined) return configured.replace(/^~(?=\/)/, env.HOME ?? "~");
  if (env.XDG_CONFIG_HOME) return path.join(env.XDG_CONFIG_HOME, "git", "attributes");
  return env.HOME ? path.join(env.HOME, ".config", "git", "attributes") : undefined;
}

function attributesAt(file: string | undefined): AttributeFile {
  return parseAttributes(file === undefined ? "" : readText(file));
}

/** Git's one macro of its own. */
const BUILT_IN = ["binary", ["-diff", "-merge", "-text"]] as const;

function attributesOf(file: string, conversion: Conversion): Attributes {
  const found: Record<string, string | boolean> = {};
  const levels: [folder: string, attributes: AttributeFile][] = [["", conversion.user]];
  for (const folder of foldersOf(file)) levels.push([folder, attributesIn(folder, conversion)]);
  levels.push(["", conversion.info]);
  if (levels.every(([, { rules }]) => rules.length === 0)) return found;
  const macros = new Map<string, readonly string[]>([BUILT_IN]);
  for (const [, level] of levels) for (const [name, words] of level.macros) macros.set(name, words);
  for (const [folder, { rules }] of levels) {
    const inside = folder === "" ? file : file.slice(folder.length + 1);
    for (const rule of rules) if (rule.matches(inside)) applyWords(rule.words, macros, found);
  }
  return found;
}

/** The folders above a file, the top ("") first. */
function foldersOf(file: string): string[] {
  const names = file.split("/").slice(0, -1);
  return ["", ...names.map((_, at) => names.slice(0, at + 1).join("/"))];
}

function attributesIn(folder: string, { folders, worktree }: Conversion): AttributeFile {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const read = attributesAt(path.join(worktree, folder, ".gitattributes"));
  folders.set(folder, read);
  return read;
}

function refuseFilters(file: string, bytes: Buffer, attributes: Attributes): void {
  const refuse = (what: string, data: Readonly<Record<string, unknown>>): never => {
    throw new AyoError("git_unsupported", `${file} goes through ${what}, which ayo cannot run`, {
      data: { file, ...data },
    });
  };
  const { filter, ident } = attributes;
  const encoding = attributes["working-tree-encoding"];
  if (typeof filter === "string") refuse(`the git filter '${filter}'`, { filter });
  if (typeof encoding === "string" && !/^utf-?8$/i.test(encoding)) refuse(`an encoding (${encoding})`, { encoding });
  if (ident === true && bytes.includes("$Id:")) refuse("git's ident expansion", { ident });
}

/** Git's crlf_action (convert.c): `eol` alone makes a text, `crlf` is the old name of `text`. */
function kindOf(attributes: Attributes, autocrlf: boolean): "text" | "auto" | "binary" {
  const text = attributes.text ?? (attributes.crlf === "input" ? true : attributes.crlf);
  if (text === false) return "binary";
  if (text === "auto") return "auto";
  if (text === true || attributes.eol === "lf" || attributes.eol === "crlf") return "text";
  return autocrlf ? "auto" : "binary";
}

/** Git's guess (convert.c, gather_stats): a NUL, a lone CR, or one strange byte in 128. */
function looksBinary(bytes: Buffer): boolean {
  let printable = 0;
  let strange = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0 || (byte === 13 && bytes[at + 1] !== 10)) return true;
    if (byte === 13 || byte === 10) continue;
    if (byte === 127 || (byte < 32 && ![8, 9, 12, 27].includes(byte))) strange++;
    else printable++;
  }
  if (bytes.at(-1) === 26) strange--;
  return strange > printable >> 7;
}
