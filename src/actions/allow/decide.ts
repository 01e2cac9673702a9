import path from "node:path";
import { AyoError } from "../../error.ts";
import { differenceOf } from "../../store/allow/difference.ts";
import { effectsOf, type Kind } from "../../store/allow/kinds.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { assertSound } from "../../store/open/agents/problemOf.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { removeApproval, writeApproval } from "../../store/open/approvals.ts";
import { allowLine, type Effect, judge } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { formatTime } from "../../ticket/time.ts";

/** Which things are meant: those named, or all. */
export interface Choice {
  readonly what?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  /** Only while the content is this, by the beginning of its SHA-256. */
  readonly sha256?: string | undefined;
}

/** What a person says: yes, no, or that nothing was said. */
export type Decision = "allowed" | "denied" | "removed";

/** What came of it. */
export interface Decided {
  /** Those that were decided about, as they stand now, with what is new in those that were allowed before. */
  readonly effects: readonly (Effect & { readonly difference: string })[];
  /** With `all`: those that nobody can decide about as they are. */
  readonly broken: readonly Effect[];
}

/** How a room speaks of its things where one is not found. */
export interface DecideOptions {
  readonly kinds: readonly Kind[];
  readonly notNamed: string;
  readonly notFound: (word: string | undefined, known: readonly Effect[], store: Store) => AyoError;
}

/**
 * Records a decision about things, by the content that they have now.
 * @throws needs_person, bad_usage, not_found, bad_input for what is broken, conflict, store_not_writable, disk_full
 */
export async function decide(
  store: Store,
  choice: Choice & { readonly as?: string | undefined; readonly dryRun?: boolean | undefined },
  decision: Decision,
  decideOptions: DecideOptions,
): Promise<Decided> {
  const { name: by } = deciderOf(store, choice.as);
  if ((choice.all === true) === (choice.what ?? []).length > 0) throw new AyoError("bad_usage", decideOptions.notNamed);
  const chosen = await choose(store, choice, decideOptions);
  // What cannot take effect can still be forgotten.
  const isSound = (one: Effect): boolean => decision === "removed" || one.bytes !== undefined;
  const broken = chosen.filter((one) => !isSound(one));
  const [first] = broken;
  if (first !== undefined && choice.all !== true) {
    const message = `${first.name} cannot be ${decision}: ${first.problem?.message}`;
    throw new AyoError("bad_input", message, { data: { path: first.name, ...first.problem } });
  }
  const sound = chosen.filter(isSound);
  assertContent(store, sound, choice.sha256);
  const at = formatTime(store.host.now());
  const effects = sound.map((one) => {
    const difference = decision === "allowed" && one.state === "changed" ? differenceOf(one) : "";
    return { ...(choice.dryRun ? one : record(one, decision, { at, by })), difference };
  });
  return { effects, broken };
}

/** What was read is what is decided about, even if the file changes meanwhile. */
function record(effect: Effect, decision: Decision, { at, by }: { readonly at: string; readonly by: string }): Effect {
  const { approvalFolder, name, bytes, sha256 = "" } = effect;
  if (decision === "removed") removeApproval(approvalFolder, name);
  else
    writeApproval(approvalFolder, { store: approvalFolder.dir, path: name, decision, sha256, at, by }, bytes as Buffer);
  if (bytes === undefined) return effect;
  const { approval: _approval, trouble: _trouble, ...rest } = effect;
  return { ...rest, ...judge(approvalFolder, name, bytes) };
}

/**
 * The things that are meant, in the order they were named.
 * @throws not_found
 */
export async function choose(
  store: Store,
  { what = [], all = false }: Choice,
  decideOptions: DecideOptions,
): Promise<Effect[]> {
  const known = await knownHere(store, decideOptions);
  const isFound = ({ words }: Effect, word: string) => words.includes(word) || words.includes(fullPath(store, word));
  const isMissed = all ? known.length === 0 : what.some((word) => !known.some((one) => isFound(one, word)));
  // What a file that makes no sense was to say is not there.
  if (isMissed && decideOptions.kinds.some(({ name }) => name === "agent")) assertSound(await readAgents(store));
  if (all && known.length === 0) throw decideOptions.notFound(undefined, known, store);
  const chosen = all ? known : what.flatMap((word) => named(store, known, word, decideOptions));
  return [...new Set(chosen)];
}

/** What there is; pipelines are held to what the store has, where there are any. */
async function knownHere(store: Store, { kinds }: DecideOptions): Promise<Effect[]> {
  const known = await effectsOf(store, kinds);
  if (!known.some(({ kind }) => kind === "pipeline")) return known;
  return (await import("../pipeline/pipelineFaults.ts")).withFaults(store, known);
}

function named(store: Store, known: readonly Effect[], word: string, { notFound }: DecideOptions): Effect[] {
  const full = fullPath(store, word);
  const found = known.filter(({ words }) => words.includes(word) || words.includes(full));
  if (found.length > 0) return found;
  throw notFound(word, known, store);
}

function fullPath({ host }: Store, word: string): string {
  return path.resolve(host.cwd, word.replace(/^~(?=[/\\]|$)/, host.home));
}

/** @throws bad_usage, conflict */
function assertContent(store: Store, chosen: readonly Effect[], wanted: string | undefined): void {
  if (wanted === undefined) return;
  const [one, ...others] = chosen;
  if (!/^[0-9a-f]{8,64}$/i.test(wanted)) throw new AyoError("bad_usage", "--sha256 takes 8 to 64 hexadecimal digits");
  if (one === undefined || others.length > 0) {
    throw new AyoError("bad_usage", `--sha256 is for one thing, and ${chosen.length} are meant`);
  }
  if (one.sha256?.startsWith(wanted.toLowerCase())) return;
  throw new AyoError("conflict", `${one.name} is not what was looked at: its sha256 is ${one.sha256} now`, {
    try: [...allowLine(store, one.words[0]), "--diff"],
    data: { name: one.name, sha256: one.sha256 },
  });
}
