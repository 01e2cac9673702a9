import type { Category } from "../rules/board.ts";
import { CLAIM_FIELDS } from "../rules/claim.ts";
import { categoryOf } from "../rules/columns.ts";
import { FIELDS } from "../ticket.ts";
import { compareTime } from "../time.ts";
import { type Front, type FrontItem, type Fronts, isClaimKey } from "./frontItems.ts";
import { choose, type Job, nameOf, otherOf, pickQuietly, type Which, winnerOf } from "./sides.ts";

/** The keys of a claim, with what they say. */
export type Claim = ReadonlyMap<string, FrontItem>;

const KEYS = CLAIM_FIELDS.map((name) => FIELDS[name].key);
const FIELD = "claim";
const FINISHED: readonly (Category | undefined)[] = ["done", "failed", "cancelled"];

/**
 * A claim as one value: the one that its ref knows; else that of the one side that changed it. Of two that were taken at
 * once none is left, and none on a ticket that the other side has finished, or sent back after it was handed in; which is told.
 */
export function mergeClaim(fronts: Fronts, status: string, job: Job): Claim {
  const claim = claimOfBoth(fronts, job);
  const category = categoryOf(job.context.board, status);
  const movers = (["a", "b"] as const).filter((which) => statusIn(fronts[which]) === status);
  if (claim.size === 0 || movers.some((which) => claimOf(fronts[which]).size > 0)) return claim;
  const isFinished = FINISHED.includes(category);
  // A review that goes on is for its reviewer to end, and who is at work stays so (mergeFront.ts).
  const isSentBack = category === "todo" && isHandedIn(fronts, claim, job);
  if (!isFinished && !isSentBack) return claim;
  const what = isFinished ? "finished the ticket" : "sent the ticket back";
  job.losses.push({
    field: FIELD,
    text: `the claim of ${textOf(claim, "claimed-by")} is over: the other side has ${what}`,
  });
  return new Map();
}

/** Whether it says no more than whose work is in review. */
function isHandedIn(fronts: Fronts, claim: Claim, { context: { board } }: Job): boolean {
  if (textOf(claim, "lease") !== "") return false;
  return (["a", "b"] as const).some(
    (which) => isSameHolder(claimOf(fronts[which]), claim) && categoryOf(board, statusIn(fronts[which])) === "review",
  );
}

function statusIn(front: Front): string {
  return String(front.get("status")?.value ?? "");
}

function claimOfBoth({ base, a, b }: Fronts, job: Job): Claim {
  const [o, x, y] = [claimOf(base), claimOf(a), claimOf(b)];
  const choice = choose(o, x, y, isSameClaim);
  if (choice === "either") return pickQuietly(o, x, y, winnerOf(job, FIELD), isSameRaw);
  const held = heldBy(job);
  if (choice !== "clash" && (held === undefined || held === choice)) return choice === "a" ? x : y;
  const stays = held ?? laterOf(o, x, y, job);
  const told = claimWords({ a: x, b: y }, job);
  if (stays === undefined) {
    job.losses.push({ field: FIELD, text: `${told.a} and ${told.b} met: neither is left` });
    return new Map();
  }
  const kept = stays === "a" ? x : y;
  const gone = stays === "a" ? y : x;
  if (gone.size > 0 && !isSameHolder(x, y)) {
    job.losses.push({ field: FIELD, text: `${told[stays]} stays; ${told[otherOf(stays)]} is over` });
  }
  return kept;
}

/** The side whose claim the ref knows. */
function heldBy({ a, b }: Job): Which | undefined {
  if (a.claim === "held" || b.claim === "lost") return "a";
  return b.claim === "held" || a.claim === "lost" ? "b" : undefined;
}

/** Of a claim that was renewed twice the longer one, of one that ended on a side what came of it; else none. */
function laterOf(base: Claim, x: Claim, y: Claim, job: Job): Which | undefined {
  if (x.size === 0 || y.size === 0) {
    const other = x.size === 0 ? y : x;
    // A renewal does not undo the end of the same claim; a new claim came after it.
    return (x.size === 0) === isSameHolder(base, other) ? "a" : "b";
  }
  if (isSameHolder(base, x) !== isSameHolder(base, y)) return isSameHolder(base, x) ? "b" : "a";
  if (!isSameHolder(x, y)) return undefined;
  const longer = compareTime(textOf(x, "lease"), textOf(y, "lease"));
  if (longer === 0) return winnerOf(job, FIELD);
  return longer > 0 ? "a" : "b";
}

function claimOf(front: Front): Claim {
  return new Map([...front].filter(([key, { value }]) => isClaimKey(key) && value !== undefined));
}

function isSameClaim(one: Claim, other: Claim): boolean {
  return KEYS.every((key) => textOf(one, key) === textOf(other, key));
}

function isSameRaw(one: Claim, other: Claim): boolean {
  return KEYS.every((key) => one.get(key)?.raw === other.get(key)?.raw);
}

/** One claim, though it was renewed. */
function isSameHolder(one: Claim, other: Claim): boolean {
  return ["claim", "claimed-by"].every((key) => textOf(one, key) === textOf(other, key));
}

function textOf(claim: Claim, key: string): string {
  return String(claim.get(key)?.value ?? "");
}

function claimWords(claims: { readonly a: Claim; readonly b: Claim }, job: Job): Record<Which, string> {
  const said = (which: Which): string => {
    const holder = textOf(claims[which], "claimed-by");
    const what = holder === "" ? "the end of the claim" : `the claim of ${holder}`;
    return `${what}, by ${nameOf(job, which, FIELD)},`;
  };
  return { a: said("a"), b: said("b") };
}
