import { runGit } from "../../../git/binary/gitBinary.ts";
import { objectExists, readObject } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { ROOT_COMMIT } from "../../../git/repository/initRepository.ts";
import type { Repository } from "../../../git/repository/repository.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { commitsSince } from "../../events/branchLine.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { Remote } from "../findRemote.ts";
import { configOf } from "../lookHere.ts";
import { type Bundle, MAX_BUNDLE, parseBundle } from "./bundle.ts";
import { type Found, findOutboxes, keyOf, placeOf } from "./findOutboxes.ts";
import { type Memory, NOTHING, readMemory, type Settled, writeMemory } from "./outboxMemory.ts";

/** A bundle in branches of the project, and what a sync made of it. */
export interface Outbox {
  /** Its path in the tree. */
  readonly file: string;
  /** The branches that have it: `origin/agent-1`. */
  readonly branches: readonly string[];
  /** `taken`: this sync brought it; `known`: all of it was here; `new`: a sync would take it in; `written`: it was made here. */
  readonly state: "taken" | "known" | "refused" | "new" | "written";
  /** Why it was refused. */
  readonly why?: string;
  /** Of one that is written here: where it lies, and how many commits are in it. */
  readonly path?: string;
  readonly commits?: number;
  /** Whether everybody has what is in it. */
  readonly deletable: boolean;
}

/** What a sync knows of bundles; in the end what it tells. */
export interface Outboxes {
  readonly memory: Memory;
  readonly list: readonly (Outbox & { readonly key: string })[];
}

interface Taking {
  readonly store: Store;
  readonly journal: Journal;
  readonly project: Repository;
  readonly head: () => string;
  /** Merges a commit; undefined where nothing is to be changed. */
  readonly bring: ((commit: string) => Promise<void>) | undefined;
}

/** What was refused is looked at again after so long: by then another ayo may be here. In milliseconds. */
const AGAIN_MS = 24 * 3_600_000;
const NEVER: Outboxes = { memory: NOTHING, list: [] };

/**
 * Looks for bundles in the branches that the project has fetched, and hands the commits of those that are new to `bring`.
 * What is wrong with one is told of that one, and stops nothing else. A commit `seen` elsewhere is known too.
 * @throws what lies here: disk_full, git_busy, …
 */
export async function takeOutboxes(
  store: Store,
  journal: Journal,
  remote: Remote,
  { bring, seen }: { readonly bring?: Taking["bring"]; readonly seen?: string },
): Promise<Outboxes> {
  const project = placeOf(store, remote)?.project;
  if (project === undefined) return NEVER;
  const before = readMemory(store);
  const memory = await findOutboxes(store, remote, before);
  if (memory.found.length > 0 && (await configOf(store)).sync?.outbox === false) return NEVER;
  const taking = { store, journal, project, bring, head: () => seen ?? headOf(journal) };
  const past = await holding(memory, taking);
  const sizes = await sizesOf(
    taking,
    memory.found.filter((one) => one.odd === undefined && !past.has(keyOf(one))),
  );
  const list: Outboxes["list"][number][] = [];
  const settled: Record<string, Settled> = {};
  for (const one of memory.found) {
    const key = keyOf(one);
    const outcome = past.get(key) ?? (await outcomeOf(taking, one, sizes));
    const { state, why } = outcome;
    const branches = one.refs.map((ref) => ref.slice("refs/remotes/".length)).sort();
    list.push({ key, file: one.file, branches, state, ...(why === undefined ? {} : { why }), deletable: false });
    if (state !== "new")
      settled[key] = settledBy(outcome, memory.settled[key], { at: taking.head(), when: store.host.now() });
  }
  const now = { ...memory, settled, ...(list.length === 0 ? {} : { known: headOf(journal) }) };
  const isNews = memory !== before || past.size < list.length || now.known !== memory.known;
  if (bring !== undefined && isNews) writeMemory(store, now);
  return { memory: now, list };
}

/** Once all that is here is at the remote: what may be deleted, and what a person has not heard of yet. */
export function tellOutboxes(store: Store, { memory, list }: Outboxes): { outbox: Outbox[]; notices: string[] } {
  const notices: string[] = [];
  const settled = { ...memory.settled };
  const outbox = list.map(({ key, ...one }): Outbox => {
    const past = settled[key];
    if (past !== undefined && !past.told) {
      notices.push(noticeOf(one));
      settled[key] = { ...past, told: true };
    }
    return { ...one, deletable: one.state === "known" || one.state === "taken" };
  });
  if (notices.length > 0) writeMemory(store, { ...memory, settled });
  return { outbox, notices };
}

function noticeOf({ file, branches, state, why }: Outbox): string {
  const [first = "", ...more] = branches;
  const where = more.length === 0 ? first : `${first} and ${more.length} more`;
  if (state === "refused") return `${where}: ${file} is not taken in: ${why}`;
  return `${where}: ${file} is taken in, it may be deleted`;
}

/** What is remembered of it; a person hears again of what is not as it was. */
function settledBy(outcome: Outcome, past: Settled | undefined, now: Pick<Settled, "at" | "when">): Settled {
  const state = outcome.state === "refused" ? "refused" : "known";
  const told = past?.told === true && past.state === state && past.why === outcome.why;
  return { ...now, ...outcome, state, told };
}

/** What of the past still holds, by key. */
async function holding({ found, settled, known }: Memory, taking: Taking): Promise<Map<string, Settled>> {
  const held = new Map<string, Settled>();
  const head = taking.head();
  const now = taking.store.host.now();
  // A store that was put back, or is another one, has to take them in again.
  const isSound = found.length > 0 && known !== undefined && (await isIn(taking.journal, known, head));
  for (const key of found.map(keyOf)) {
    const past = settled[key];
    if (past === undefined) continue;
    const isFresh = past.waits === true ? past.at === head : Math.abs(now - past.when) < AGAIN_MS;
    if (past.state === "known" ? isSound : isFresh) held.set(key, past);
  }
  return held;
}

type Outcome = Pick<Outbox, "state" | "why"> & Partial<Pick<Settled, "waits" | "at">>;

async function outcomeOf(taking: Taking, one: Found, sizes: ReadonlyMap<string, number>): Promise<Outcome> {
  const { store, journal, bring } = taking;
  const read = one.odd ?? (await readBundle(taking.project, one, sizes));
  if (typeof read === "string") return { state: "refused", why: read };
  if ("waits" in read) return { state: "refused", ...read };
  if (await isIn(journal, read.head, taking.head())) return { state: "known" };
  const missing = await missingOf(journal, read);
  if (missing !== undefined)
    return { state: "refused", why: `what it goes on from is not here: ${missing}`, waits: true };
  if (bring === undefined) return { state: "new" };
  const { takeBundle } = await import("./takeBundle.ts");
  const why = await takeBundle(store, journal, read, bring);
  return why === undefined ? { state: "taken" } : { state: "refused", why };
}

async function missingOf({ repository }: Journal, { needs }: Bundle): Promise<string | undefined> {
  for (const oid of needs) if (!(await objectExists(repository, oid))) return oid.slice(0, 12);
  return undefined;
}

type Read =
  | (Bundle & { readonly bytes: Buffer })
  | string
  | { readonly why: string; readonly waits: true; readonly at: "" };

async function readBundle(project: Repository, { blob }: Found, sizes: ReadonlyMap<string, number>): Promise<Read> {
  const size = sizes.get(blob);
  if (size === undefined) return { why: "this clone of the project has not got the file", waits: true, at: "" };
  if (size > MAX_BUNDLE) return `it has more than ${MAX_BUNDLE / 1024 / 1024} MiB`;
  const { bytes } = await readObject(project, blob);
  const bundle = parseBundle(bytes);
  return typeof bundle === "string" ? bundle : { ...bundle, bytes };
}

/** How long files are, before any of them is read: an object says more than it is stored in. */
async function sizesOf({ store, project }: Taking, found: readonly Found[]): Promise<Map<string, number>> {
  if (found.length === 0) return new Map();
  const input = found.map(({ blob }) => `${blob}\n`).join("");
  const options = { at: project.commonDir, objects: project, env: gitEnv(store), input };
  const { stdout } = await runGit(["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"], options);
  const lines = stdout.split("\n").map((line) => line.split(" "));
  return new Map(lines.flatMap(([oid = "", type, size]) => (type === "blob" ? [[oid, Number(size)] as const] : [])));
}

/** Whatever the clocks of machines say. */
async function isIn(journal: Journal, commit: string, head: string): Promise<boolean> {
  return commit === head || (await commitsSince(journal, commit, head)) !== undefined;
}

function headOf({ repository }: Journal): string {
  return readHead(repository).oid ?? ROOT_COMMIT;
}
