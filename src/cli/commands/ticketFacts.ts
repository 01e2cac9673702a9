import type { Claim } from "../../actions/answers/describe.ts";
import type { Named, Shown, ShownItem } from "../../actions/show/show.ts";
import { shownTime } from "../../ticket/moments.ts";
import { labelOf, PLAIN_FIELDS } from "../../ticket/plainFields.ts";
import { collaboratorsOf } from "../../ticket/rules/collaborators.ts";
import { toLandText } from "../../ticket/rules/landed.ts";
import type { FieldName } from "../../ticket/ticket.ts";
import { questionFacts } from "./questionFacts.ts";
import { verificationFacts } from "./verify.ts";

/** What stands below the title of a ticket: who has it, what it waits for, and its other fields. */
export function factsOf({
  ticket,
  ranOut,
  waitsFor,
  unlocks,
  parent,
  children,
  links,
  overdue,
  history,
  verification,
  item,
}: Shown): string[] {
  const lines = ticket.category === "review" ? whoseReview(ticket) : whose(ticket, ranOut);
  for (const { id, state, status = state, title, base, unlanded } of waitsFor) {
    const ways = {
      unconfirmed: `${status} by hand, not confirmed by a person yet`,
      unlanded: `${status}, ${toLandText(id, base, unlanded)}`,
    };
    const how = state === "unconfirmed" || state === "unlanded" ? ways[state] : status;
    lines.push(`${state === "done" ? "waited" : "waits"} for ${id} (${how})${title ? `: ${title}` : ""}`);
  }
  for (const one of unlocks) lines.push(`unlocks ${named(one)}`);
  if (parent !== null) lines.push(`part of ${named(parent)}`);
  for (const child of children) lines.push(`child ${named(child)}`);
  for (const link of links) lines.push(`linked to ${named(link)}`);
  if (ticket.unconfirmed !== undefined) {
    lines.push(`changed by hand past a gate (${(ticket.unconfirmed as string[]).join(", ")}): waits for a person`);
  }
  lines.push(...verificationFacts(verification));
  lines.push(...itemFacts(item, ticket), ...moreFacts(ticket, overdue, item), ...madeText(ticket.created, history));
  return lines;
}

/** The other fields that are shown where they are set: in the order that people know, then what is new. */
const MORE = new Set<FieldName>([
  ...(["due", "closed", "project", "externalRef", "duplicateOf", "blockedReason", "question", "role"] as const),
  ...(["review", "reviewer", "verify", "landed", "unlanded", "outputSchema"] as const),
  ...PLAIN_FIELDS,
]);

/** When it was made, and by whom where the history was asked for. */
function madeText(created: string | null, history: Shown["history"]): string[] {
  const by = history?.findLast(({ kind }) => kind === "created")?.actor;
  const facts = [...(created === null ? [] : [shownTime(created)]), ...(by === undefined ? [] : [`by ${by}`])];
  return facts.length === 0 ? [] : [`created: ${facts.join(" ")}`];
}

/** How it stands with its item, where that is not the same as it. */
const STANDING: Readonly<Record<ShownItem["state"], string>> = {
  linked: "",
  creating: " (sent, and no answer yet)",
  archived: " (archived there: not synced until it is back)",
  detached: " (gone there: kept here, and not synced)",
  severed: " (unlinked: not synced)",
  unread: "",
};

/** What a tracker calls it and where; and what is to be done before agents may begin with what came from there. */
function itemFacts(item: ShownItem | undefined, { id, origin }: Shown["ticket"]): string[] {
  const foreign =
    origin === undefined
      ? []
      : [`came from ${origin}: no agent is started for it until a person says so (ayo ticket accept ${id})`];
  if (item === undefined) return foreign;
  const { tracker, key, url, state, why } = item;
  const words = why ?? ([key, url].filter((word) => word !== "").join(" ") || "no key yet");
  return [`${tracker}: ${words}${STANDING[state]}`, ...foreign];
}

function moreFacts(ticket: Shown["ticket"], overdue: boolean, item: ShownItem | undefined): string[] {
  const tags = ticket.tags.length > 0 ? [`tags: ${ticket.tags.join(", ")}`] : [];
  // What it is called elsewhere is told with its key, where that is known.
  const ref = item === undefined || item.why !== undefined ? undefined : `${item.tracker}:`;
  const isTold = (name: FieldName): boolean =>
    name === "externalRef" && ref !== undefined && ticket.externalRef?.startsWith(ref) === true;
  const fields = [...MORE].flatMap((name) => (ticket[name] && !isTold(name) ? fieldFacts(name, ticket, overdue) : []));
  const extra = Object.entries(ticket.extra).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [...tags, ...fields, ...followers(ticket), ...extra];
}

function followers({ collaborators }: Shown["ticket"]): string[] {
  const all = collaboratorsOf((collaborators as readonly string[] | undefined) ?? []);
  const named = all.map(({ who, role }) => (role === "owner" ? `${who} (owner)` : who));
  return named.length === 0 ? [] : [`followed by ${named.join(", ")}`];
}

function fieldFacts(name: FieldName, ticket: Shown["ticket"], overdue: boolean): string[] {
  const value = String(ticket[name]);
  if (name === "question") return questionFacts(ticket);
  if (name === "landed") return [`landed with ${value.slice(0, 7)}`];
  if (name === "unlanded") return [`on the base branch no more since ${value.slice(0, 7)}`];
  if (name === "closed") return [`closed: ${shownTime(value)}`];
  if (name !== "due") return [`${labelOf(name)}: ${value}`];
  return [`${overdue ? "overdue" : "due"}: ${/^\d{4}-\d\d-\d\d$/.test(value) ? value : shownTime(value)}`];
}

function since(started: string | null): string {
  return started === null ? "" : ` since ${shownTime(started)}`;
}

function named({ id, title, status }: Named): string {
  return title === "" ? `${id} (${status})` : `${id} (${status}): ${title}`;
}

/** Who holds it or is to do it. */
function whose({ claim, assignee, started }: Shown["ticket"], ranOut: string | undefined): string[] {
  if (claim !== null) return [`held by ${claim.by}${since(started)}${untilOf(claim)}`];
  return [
    ...(assignee === null ? [] : [`assigned to ${assignee}${since(started)}`]),
    ...(ranOut === undefined ? [] : ["its lease ran out: whoever claims it next has it"]),
  ];
}

/** Whose work is in review, and who reviews it. */
function whoseReview({ claim, assignee, started, ...ticket }: Shown["ticket"]): string[] {
  const { authors = [] } = ticket as { readonly authors?: readonly string[] };
  const isReviewed = claim !== null && authors.length > 0 && !authors.includes(claim.by);
  const by = isReviewed || claim === null ? authors.join(", ") || assignee : claim.by;
  return [
    ...(by === null ? [] : [`work of ${by}${since(started)}`]),
    ...(isReviewed ? [`in review by ${claim.by}${untilOf(claim)}`] : []),
  ];
}

function untilOf({ until, confirmed }: Pick<Claim, "until"> & Partial<Pick<Claim, "confirmed">>): string {
  const unsure = confirmed === false ? ", not confirmed by others yet" : "";
  return `${until === null ? "" : ` until ${shownTime(until)}`}${unsure}`;
}
