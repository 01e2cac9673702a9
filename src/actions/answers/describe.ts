import type { View } from "../../store/disk/view.ts";
import { stepOfKey } from "../../ticket/pipeline/pipeline.ts";
import { JSON_FIELDS, PLAIN_FIELDS, type PlainName, type PlainValues } from "../../ticket/plainFields.ts";
import { isLapsed } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Criterion, IdentifiedNote, Json, Ticket } from "../../ticket/ticket.ts";
import { type ProviderName, providerOf } from "../../ticket/tracked/trackerRef.ts";

/** A ticket as lists, events and JSON show it: camelCase, and what is derived beside what the file says. */
export interface TicketJson extends Omit<PlainValues, "project"> {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: string | null;
  readonly type: string | null;
  readonly priority: number;
  readonly assignee: string | null;
  readonly deps: readonly string[];
  readonly links: readonly string[];
  readonly parent: string | null;
  readonly tags: readonly string[];
  readonly project: string | null;
  readonly created: string | null;
  readonly started: string | null;
  readonly closed: string | null;
  readonly ready: boolean;
  readonly blockedBy: readonly string[];
  readonly blocks: readonly string[];
  readonly children: readonly string[];
  readonly claim: Claim | null;
  readonly commits: readonly string[];
  readonly version: string;
  readonly path: string;
  readonly extra: Readonly<Record<string, Json>>;
  /** Where it is kept: `local`, or the tracker whose item it is too. */
  readonly provider: ProviderName;
  /** What the tracker calls it, `ENG-12`, and where a browser finds it; of lists for who asks for them by name. */
  readonly externalKey?: string;
  readonly externalUrl?: string;
  /** Of what a run of a pipeline made: the step that did. */
  readonly pipelineStep?: string;
  readonly [more: string]: unknown;
}

/** Who works on a ticket, and until when the lease runs; `until` is null for a person. */
export interface Claim {
  readonly by: string;
  readonly until: string | null;
  readonly token: string | null;
  readonly branch: string | null;
  readonly head: string | null;
  /** Made on this machine, and others could not be asked yet whether it is theirs. */
  readonly confirmed?: false;
}

/** A ticket with its text. */
export interface FullTicketJson extends TicketJson {
  readonly body: string;
  readonly criteria: readonly Criterion[];
  readonly notes: readonly IdentifiedNote[];
  /** Why it is not ready, in sentences. */
  readonly reasons: readonly string[];
}

/** The JSON shape of a ticket in its store. */
export function ticketJson(view: View, ticket: Ticket): TicketJson {
  const whole = wholeOf(ticket);
  const { fields, extra, criteria } = whole;
  const more = givenOf(fields);
  const assignees = fields.assignee ?? [];
  const json: TicketJson = {
    id: ticket.id,
    title: ticket.title,
    status: ticket.status,
    category: categoryOf(view.board, ticket.status) ?? null,
    type: fields.type ?? null,
    priority: fields.priority ?? 2,
    assignee: assignees.length === 0 ? null : assignees.join(", "),
    deps: fields.deps ?? [],
    links: fields.links ?? [],
    parent: fields.parent ?? null,
    tags: fields.tags ?? [],
    project: fields.project ?? null,
    created: fields.created ?? null,
    started: fields.started ?? null,
    closed: fields.closed ?? null,
    // Worked out when they are looked at: a list of thousands prints none of them.
    get ready() {
      return view.isReady(ticket);
    },
    get blockedBy() {
      return view.blockers(ticket);
    },
    get blocks() {
      return view.dependents(ticket.id).map((dependent) => dependent.id);
    },
    get children() {
      return view.children(ticket.id).map((child) => child.id);
    },
    // What ran out counts as released, also before a write has recorded it.
    claim: isLapsed(ticket, view.now) ? null : claimOf(whole, view),
    ...more,
    ...stepOf(fields),
    criteria,
    commits: fields.commits ?? [],
    version: ticket.version,
    path: ticket.path,
    extra,
    provider: providerIn(view, whole),
  };
  return withNames(json, view, ticket);
}

/** So many of its fields are asked for that all are read at once. */
function wholeOf(ticket: Ticket): Ticket {
  return ticket.known?.whole ?? ticket;
}

function givenOf(fields: Ticket["fields"]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const key of JSON_FIELDS) if (fields[key] !== undefined) given[key] = fields[key];
  return given;
}

function stepOf({ pipelineRun, once }: Ticket["fields"]): Pick<TicketJson, "pipelineStep"> {
  const step = pipelineRun === undefined ? undefined : stepOfKey(once, pipelineRun);
  return step === undefined ? {} : { pipelineStep: step };
}

/** Where it is kept: its `external-ref` says so; only where that is a name of another kind, the file beside it. */
function providerIn(view: View, ticket: Ticket): ProviderName {
  const named = providerOf(ticket.fields);
  if (named !== "local" || ticket.fields.externalRef === undefined) return named;
  const item = view.item(ticket);
  return typeof item === "object" ? item.tracker : "local";
}

/** What its tracker calls a ticket: only where it has an item. */
type NamedThere = Pick<TicketJson, "externalKey" | "externalUrl">;

/** What its tracker calls a ticket, read from the file beside it. */
export function namedThere(view: View, ticket: Ticket): NamedThere {
  const item = view.item(ticket);
  if (typeof item !== "object") return {};
  const { key, url } = item;
  return { ...(key === "" ? {} : { externalKey: key }), ...(url === "" ? {} : { externalUrl: url }) };
}

/** With what its tracker calls it for who asks for that by name: reading a file a ticket is too much for a long list. */
function withNames(json: TicketJson, view: View, ticket: Ticket): TicketJson {
  if (json.provider === "local") return json;
  let known: NamedThere | undefined;
  const names = (): NamedThere => {
    known ??= namedThere(view, ticket);
    return known;
  };
  return Object.defineProperties(json, {
    externalKey: { configurable: true, get: () => names().externalKey },
    externalUrl: { configurable: true, get: () => names().externalUrl },
  });
}

/** The plain fields that a ticket's JSON has, for an answer that picks what it tells. */
export function plainOf(ticket: TicketJson): Partial<Record<PlainName, unknown>> {
  return Object.fromEntries(PLAIN_FIELDS.filter((name) => name in ticket).map((name) => [name, ticket[name]]));
}

/** The claim that a ticket's front matter records. */
export function claimOf({ fields }: Ticket, view?: Pick<View, "isUnconfirmed">): Claim | null {
  if (fields.claimedBy === undefined) return null;
  return {
    by: fields.claimedBy,
    until: fields.lease ?? null,
    token: fields.claim ?? null,
    branch: fields.claimBranch ?? null,
    head: fields.claimHead ?? null,
    ...(fields.claim !== undefined && view?.isUnconfirmed(fields.claim) ? { confirmed: false } : {}),
  };
}
