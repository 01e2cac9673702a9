import { AyoError } from "../../../error.ts";
import { runGit } from "../../../git/binary/gitBinary.ts";
import { readObject } from "../../../git/objects/objects.ts";
import { readTips } from "../../../git/refs/tips.ts";
import { type Repository, whyUnreadable } from "../../../git/repository/repository.ts";
import { branchBehind, type Refspec, refspecsOf } from "../../../git/transport/refspecs.ts";
import { treeAt } from "../../../git/trees/lsTree.ts";
import { parseTree } from "../../../git/trees/tree.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import type { Remote } from "../findRemote.ts";
import { isBundleName, OUTBOX } from "./bundle.ts";
import { type Memory, NOTHING } from "./outboxMemory.ts";

/** A bundle at the end of branches that the project has fetched. */
export interface Found {
  /** Its path in the tree; as it may be shown. */
  readonly file: string;
  /** Its content's id; "" where there is none to look at. */
  readonly blob: string;
  /** The refs here that have it. */
  readonly refs: readonly string[];
  /** Why nobody looks into it. */
  readonly odd?: string;
}

/** So many bundles in one branch are no accident. */
const MAX_FILES = 100;
/** More commits than this are asked of git. */
const MANY = 50;
const TICKETS = "refs/heads/ayo/";

/** The project that a store's bundles come by, and the branches of a remote that it keeps; undefined where it has none. */
export function placeOf(store: Store, { name, url }: Remote): { project: Repository; specs: Refspec[] } | undefined {
  const project = projectRepository(store);
  if (project === undefined || name === url) return undefined;
  return { project, specs: refspecsOf(project, gitEnv(store), name) };
}

/**
 * The bundles in the branches of the remote that the store is shared by, as they were fetched last: nobody is asked, and
 * while no ref has moved nothing is read. Branches of other remotes, and what may be a stranger's pull request, are not
 * looked at.
 */
export async function findOutboxes(store: Store, remote: Remote, before: Memory): Promise<Memory> {
  const place = placeOf(store, remote);
  if (place === undefined || whyUnreadable(place.project) !== undefined) return NOTHING;
  const { project, specs } = place;
  const of = JSON.stringify([remote.name, remote.leadsTo, specs]);
  const tips = readTips(project);
  const { fingerprint } = tips;
  if (before.of === of && before.fingerprint === fingerprint) return before;
  const known = before.of === of ? before : NOTHING;
  const now: Record<string, string> = {};
  const found = new Map<string, Found>();
  const all = [...tips.all()].filter(([ref]) => isLookedAt(specs, ref));
  const isKnown = ([ref, commit]: readonly [string, string]): boolean => known.tips[ref] === commit;
  const news = new Set(all.filter((tip) => !isKnown(tip)).map(([, commit]) => commit));
  const some = await thatMayHaveOne(store, project, [...news]);
  for (const [ref, commit] of all) {
    now[ref] = commit;
    const past = isKnown([ref, commit]) ? known.found.filter(({ refs }) => refs.includes(ref)) : undefined;
    for (const one of past ?? (some.has(commit) ? await lookAt(project, commit) : [])) {
      const refs = found.get(keyOf(one))?.refs ?? [];
      found.set(keyOf(one), { ...one, refs: [...refs, ref] });
    }
  }
  const sorted = [...found.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return { ...before, of, fingerprint, tips: now, found: sorted };
}

/** What a bundle is remembered by. */
export function keyOf({ file, blob }: Pick<Found, "file" | "blob">): string {
  return `${file} ${blob}`;
}

function isLookedAt(specs: readonly Refspec[], ref: string): boolean {
  const branch = ref.startsWith("refs/remotes/") ? branchBehind(specs, ref) : undefined;
  return branch !== undefined && !branch.startsWith(TICKETS);
}

/** Of many commits those that have an outbox, or cannot be looked into: one git is quicker than many looks. */
async function thatMayHaveOne(store: Store, project: Repository, commits: readonly string[]): Promise<Set<string>> {
  if (commits.length <= MANY) return new Set(commits);
  const input = commits.map((oid) => `${oid}^{tree}\n${oid}:${OUTBOX}\n`).join("");
  const options = { at: project.commonDir, objects: project, env: gitEnv(store), input };
  const { code, stdout } = await runGit(["cat-file", "--batch-check=%(objecttype)"], options);
  const lines = stdout.trimEnd().split("\n");
  if (code !== 0 || lines.length !== 2 * commits.length) return new Set(commits);
  const isTree = (line: number): boolean => lines[line] === "tree";
  return new Set(commits.filter((_, at) => !isTree(2 * at) || isTree(2 * at + 1)));
}

/** What lies in the outbox of one commit. */
async function lookAt(project: Repository, commit: string): Promise<Omit<Found, "refs">[]> {
  try {
    const folder = await treeAt(project, commit, OUTBOX);
    if (folder === undefined) return [];
    const entries = parseTree((await readObject(project, folder)).bytes).filter(({ name }) => name.endsWith(".bundle"));
    if (entries.length > MAX_FILES) return [unread(`it has more than ${MAX_FILES} bundles`)];
    return entries.map(({ name, mode, oid }) => {
      const odd = oddity(name, mode);
      return { file: `${OUTBOX}/${shown(name)}`, blob: oid, ...(odd === undefined ? {} : { odd }) };
    });
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    return [unread("this clone of the project has not got what lies in it, or has it damaged")];
  }
}

function unread(odd: string): Omit<Found, "refs"> {
  return { file: OUTBOX, blob: "", odd };
}

function oddity(name: string, mode: string): string | undefined {
  if (mode !== "100644" && mode !== "100755") return "it is no file";
  return isBundleName(name) ? undefined : "its name is none that ayo gives";
}

/** A name as it can stand in a line. */
function shown(name: string): string {
  return name.slice(0, 80).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
}
