import path from "node:path";
import { git } from "../git.ts";
import type { LineChange, LineCommit } from "../lineHistory.ts";
import { tokensIn } from "./commands.ts";
import { BROKEN } from "./hands.ts";
import type { Told } from "./stage.ts";

/** What is known from one settling to the next. */
export interface Memory {
  /** Commands of the whole play. */
  readonly told: Told[];
  /** Tokens of hand edits and of what was pulled, and the tickets they went into. */
  readonly written: Map<string, string>;
  head: string;
}

/** How often a commit adds a token, less how often it takes it away: nought for what only moves. */
function netTokens({ files }: LineCommit): Map<string, number> {
  const net = new Map<string, number>();
  const count = (lines: readonly string[], by: number) => {
    for (const token of tokensIn(lines.join("\n"))) net.set(token, (net.get(token) ?? 0) + by);
  };
  for (const { added, removed } of files.values()) {
    count(added, 1);
    count(removed, -1);
  }
  return net;
}

/** The commits that added a token, as often as they did; what an undo brings back was there before. */
function addingCommits(commits: readonly LineCommit[]): (token: string) => readonly string[] {
  const adding = new Map<string, string[]>();
  for (const commit of commits.filter(({ event }) => event !== "undone")) {
    for (const [token, count] of netTokens(commit)) {
      const more = Array<string>(Math.max(count, 0)).fill(commit.oid);
      adding.set(token, [...(adding.get(token) ?? []), ...more]);
    }
  }
  return (token) => adding.get(token) ?? [];
}

/**
 * Whoever writes to a ticket while it is deleted has it back with all that was in it: in that commit only what is new
 * counts as added.
 */
export function withoutReturns(commits: readonly LineCommit[]): LineCommit[] {
  const gone = new Map<string, readonly string[]>();
  return commits.map((commit) => {
    const files = [...commit.files].map(([file, change]) => {
      if (change.kind === "deleted") gone.set(file, change.removed);
      const old = commit.isByHand && change.kind === "new" ? gone.get(file) : undefined;
      const added = old === undefined ? change.added : change.added.filter((line) => !old.includes(line));
      return [file, { ...change, added }] as const;
    });
    return { ...commit, files: new Map(files) };
  });
}

/** What is acknowledged is there once, what was refused is not, what was killed is there as a whole or not at all. */
export function told(memory: Memory, commits: readonly LineCommit[]): string[] {
  const adding = addingCommits(commits);
  const oids = new Set(commits.map(({ oid }) => oid));
  return memory.told.flatMap((one) => {
    const places = [...new Set(one.tokens.map((token) => adding(token).join(" ")))];
    const wrong = placesWrong(one, places);
    if (one.commit !== undefined && !oids.has(one.commit)) wrong.push("the branch has no such commit");
    const how = `'${one.script}' was ${one.outcome} (${one.commit ?? one.deferred ?? "nothing to commit"})`;
    return wrong.map((fact) => `${how}: ${fact}`);
  });
}

/** `places`: the commits of each token, the same for all of them. */
function placesWrong({ outcome, commit, deferred }: Told, places: readonly string[]): string[] {
  if (places.length === 0) return [];
  const [place = ""] = places;
  if (places.length > 1) return [`its parts are in ${places.map((one) => `'${one}'`).join(", ")}`];
  if (place.includes(" ")) return [`is there more than once: in '${place}'`];
  if (outcome === "unknown") return [];
  if (deferred !== undefined) return place === "" ? [`deferred (${deferred}), is nowhere`] : [];
  return place === (commit ?? "") ? [] : [`is in '${place}'`];
}

/** Every hand edit is committed once, unless its ticket is gone. */
export function edited(memory: Memory, commits: readonly LineCommit[]): string[] {
  const adding = addingCommits(commits);
  const gone = new Set(commits.flatMap(deletedBy));
  return [...memory.written].flatMap(([token, id]) => {
    const { length } = adding(token);
    return length === 1 || (length === 0 && gone.has(id)) ? [] : [`${token} of ${id} is committed ${length} times`];
  });
}

/** The branch only grows, one commit after the other. */
export function branchWrong(repo: string, memory: Memory, commits: readonly LineCommit[]): string[] {
  const wrong: string[] = [];
  if (memory.head !== "" && !commits.some(({ oid }) => oid === memory.head)) wrong.push(`${memory.head} is lost`);
  memory.head = commits.at(-1)?.oid ?? "";
  const merges = git(repo, "rev-list", "--merges", "HEAD");
  return merges === "" ? wrong : [...wrong, `there are merges: ${merges}`];
}

/** Tickets that a commit deleted; one that moves into the archive or out of it is not. */
function deletedBy({ files }: LineCommit): string[] {
  const named = (kind: LineChange["kind"]) =>
    [...files].flatMap(([file, change]) =>
      change.kind === kind && file.endsWith(".md") ? path.basename(file, ".md") : [],
    );
  const moved = new Set(named("new"));
  return named("deleted").filter((id) => !moved.has(id));
}

/** Nobody's change is in another's commit, and none is taken back by somebody who did not mean to. */
export function commitWrong(deletedByHand: ReadonlySet<string>, memory: Memory, commit: LineCommit): string[] {
  const { oid, subject, event, isByHand, files } = commit;
  const isByPerson = isByHand || isByGit(commit);
  const deleted = deletedBy(commit);
  const mayDelete = (id: string) => ["undone", "deleted"].includes(event) || (isByPerson && deletedByHand.has(id));
  const wrong = deleted.filter((id) => !mayDelete(id)).map((id) => `deletes ${id}`);
  // Who undoes takes away, and brings back, whatever it was.
  const net = event === "undone" ? [] : [...netTokens(commit)];
  for (const [token, count] of net) {
    if (count > 0) wrong.push(...addedWrong(memory, commit, token));
    if (count < 0 && deleted.length === 0 && !isReplacedField(commit, token)) wrong.push(`takes ${token} away`);
  }
  if (isByHand) wrong.push(...[...files].flatMap(([file, change]) => handWrong(file, change)));
  return wrong.map((fact) => `${oid.slice(0, 8)} '${subject}' ${fact}`);
}

function isByGit({ subject }: LineCommit): boolean {
  return subject.startsWith("by git ");
}

/** A person's own git commits what it finds; ayo commits each change as what it is. */
function addedWrong({ told, written }: Memory, commit: LineCommit, token: string): string[] {
  const { oid, isByHand } = commit;
  const command = told.find(({ tokens }) => tokens.includes(token));
  if (isByHand && command !== undefined) return [`has ${token} of '${command.script}' by hand`];
  if (!isByHand && !isByGit(commit) && written.has(token)) return [`has the hand edit ${token}`];
  if (command?.commit !== undefined && command.commit !== oid) return [`has ${token} of ${command.commit}`];
  return [];
}

/** Whether the field that a token is in has another one now. */
function isReplacedField({ files }: LineCommit, token: string): boolean {
  const isField = (line: string) => line.startsWith("who: ");
  return [...files.values()].some(
    ({ added, removed }) => removed.some((line) => isField(line) && line.includes(token)) && added.some(isField),
  );
}

/** A person's hands write tokens, and touch nothing else of a ticket. */
function handWrong(file: string, { kind, added, removed }: LineChange): string[] {
  if (kind !== "changed" || !file.endsWith(".md")) return [];
  const isMeant = (line: string) => line === "" || line === BROKEN || tokensIn(line).length > 0;
  const lines = [...added.map((line) => `+${line}`), ...removed.map((line) => `-${line}`)];
  return lines.filter((line) => !isMeant(line.slice(1))).map((line) => `by hand changes ${file}: ${line}`);
}
