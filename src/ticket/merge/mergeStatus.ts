import type { Category } from "../rules/board.ts";
import { categoryOf } from "../rules/columns.ts";
import { compareTime } from "../time.ts";
import type { FrontItem, Fronts } from "./frontItems.ts";
import { choose, compareText, type Job, nameOf, otherOf, type Which, winnerOf } from "./sides.ts";

type Item = FrontItem | undefined;

/** Of two moves the one that is further stays. */
const RANK: Readonly<Record<Category, number>> = {
  done: 6,
  failed: 5,
  cancelled: 4,
  review: 3,
  active: 2,
  blocked: 1,
  todo: 0,
};
const FINISHED: readonly (Category | undefined)[] = ["done", "failed", "cancelled"];

/** The status, and the time of closing that goes with it, where both sides moved the ticket; else nothing. */
export function mergeStatus({ base, a, b }: Fronts, job: Job): ReadonlyMap<string, Item> {
  const [o, x, y] = [base, a, b].map((front) => front.get("status")) as [Item, Item, Item];
  const choice = choose(statusOf(o), statusOf(x), statusOf(y));
  const isReviewed = isJudgedTwice(o, x, y, job);
  if (choice !== "clash" && !isReviewed) return new Map();
  const stays = furthest(x, y, job);
  const words = (which: Which): string => {
    const status = statusOf(which === "a" ? x : y);
    return `${status === "" ? "no status" : `status '${status}'`} of ${nameOf(job, which, "status")}`;
  };
  if (isReviewed) {
    job.losses.push({ field: "status", text: `${words(stays)} and ${words(otherOf(stays))}: it is in review again` });
    return withTime(o, undefined);
  }
  const gone = `${words(otherOf(stays))} gave way`;
  job.losses.push({ field: "status", text: `${words(stays)} stays; ${gone}`, gone });
  const item = stays === "a" ? x : y;
  if (!FINISHED.includes(categoryOf(job.context.board, statusOf(item)))) return withTime(item, undefined);
  const times = [a, b].flatMap((front) =>
    statusOf(front.get("status")) === statusOf(item) ? front.get("closed") : [],
  );
  return withTime(item, times.filter((time) => time !== undefined).sort(byTime)[0]);
}

function withTime(status: Item, closed: Item): ReadonlyMap<string, Item> {
  return new Map([
    ["status", status],
    ["closed", closed],
  ]);
}

function byTime(one: FrontItem, other: FrontItem): number {
  return compareTime(String(one.value), String(other.value)) || compareText(one.raw, other.raw);
}

function statusOf(item: Item): string {
  return String(item?.value ?? "");
}

/** One side approved what the other sent back, or sent back and handed in again. */
function isJudgedTwice(o: Item, x: Item, y: Item, { a, b, context: { board } }: Job): boolean {
  const [before, left, right] = [o, x, y].map((item) => categoryOf(board, statusOf(item)));
  if (before !== "review") return false;
  const isSentBack = (category: Category | undefined, { stamps }: Job["a"]): boolean =>
    category === "review" ? stamps.status !== undefined : !FINISHED.includes(category);
  return (left === "done" && isSentBack(right, b)) || (right === "done" && isSentBack(left, a));
}

function furthest(x: Item, y: Item, job: Job): Which {
  const rankOf = (item: Item): number => {
    const category = categoryOf(job.context.board, statusOf(item));
    return category === undefined ? -1 : RANK[category];
  };
  const [left, right] = [rankOf(x), rankOf(y)];
  if (left === right) return winnerOf(job, "status");
  return left > right ? "a" : "b";
}
