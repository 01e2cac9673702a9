import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Found } from "../../search/fuse.ts";
import type { SearchIndex } from "../../search/index/searchIndex.ts";
import type { Progress } from "../../search/index/ticketVectors.ts";
import { queryStems } from "../../search/keyword/keyword.ts";
import type { Embedder } from "../../search/meaning/embedder.ts";
import { EndpointError } from "../../search/meaning/endpoint.ts";
import { type SearchRequest, type SearchResult, type SearchType, search } from "../../search/search.ts";
import { type Snippet, snippetOf } from "../../search/snippet.ts";
import { readArchive } from "../../store/disk/archive/archive.ts";
import { idOfKey } from "../../store/disk/trackerItem.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { type ParsedQuery, takenAsText } from "../../ticket/filter/query.ts";
import { compareReady } from "../../ticket/rules/readyOrder.ts";
import { fieldOf, type Problem, type Ticket } from "../../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "../answers/describe.ts";
import { action, flag, limitOf, text } from "../input/action.ts";
import { conditionsOf, fieldFilters, filters } from "../list.ts";
import { conditionsTest } from "../query/filter.ts";
import { alternativesOf, joined, matchesAny } from "./alternatives.ts";
import { MODES, type WithMode, withMode } from "./mode.ts";
import { matchesPhrases } from "./phrases.ts";
import { builtinWords, embedderOf, searchIndex } from "./session.ts";
import { searchSettings } from "./settings.ts";
import { type TicketTexts, ticketTexts } from "./ticketTexts.ts";

const { status, assignee, tag, priority, parent } = filters;

const input = v.object({
  query: text('words to look for, with filters and "exact phrases"'),
  mode: v.optional(v.pipe(v.picklist(MODES), v.description("how to look: hybrid by default"))),
  limit: limitOf("how many"),
  explain: flag("say for each ticket why it was found"),
  all: flag("the archive too"),
  comments: flag("search notes too; true unless told otherwise"),
  filters: v.optional(
    v.pipe(
      v.union([v.string(), v.record(v.string(), v.unknown())]),
      v.description("more filters, in the query's language or as an object: {status: [open], priority: <2}"),
    ),
  ),
  status,
  assignee,
  // A text too: what was the mode's name.
  type: v.optional(v.pipe(v.union([v.array(v.string()), v.string()]), v.description("types"))),
  ...{ tag, priority, parent, ...fieldFilters },
});

type Given = v.InferOutput<typeof input>;

/** The input with the mode where it belongs. */
type Input = WithMode<Given>;

/** A ticket that was found. */
export interface FoundTicket extends TicketJson {
  /** From 0 to 1, by which the list is sorted. A cosine for a semantic search, else relative to the best possible. */
  readonly score: number;
  /** One line of its text. */
  readonly snippet: string;
  /** Where the words stand in the snippet: from, and after. */
  readonly marks: Snippet["marks"];
  /** With `explain`. */
  readonly why?: Found["why"];
}

/** What a search answers, best first. */
export interface Searched {
  readonly tickets: readonly FoundTicket[];
  readonly total: number;
  readonly truncated: boolean;
  readonly mode: SearchType;
  /** With `explain`: what each list counted. */
  readonly weights?: SearchResult["weights"];
  readonly notices: readonly string[];
  readonly problems: readonly Problem[];
}

/** So many results where no limit is given: agents pay for every token they read. */
const LIMIT = 10;

/** `ayo ticket search <query>`. */
export const searchTickets = action({
  name: "search",
  summary: "Find tickets by words, by meaning and by filters, best first",
  writes: false,
  input,
  run: (store, input) => runSearch(store, input),
});

/** The search itself; `progress` hears of a first build. */
export async function runSearch(store: Store, given: Given, progress?: Progress): Promise<Searched> {
  const view = await readStore(store);
  const input: Input = withMode(given, view.board.types);
  const all = input.all ? [...view.tickets, ...(await readArchive(store, view.byId))] : view.tickets;
  const alternatives = alternativesOf(input);
  const tests = await Promise.all(
    alternatives.map(({ conditions }) => conditionsTest({ store, view, tickets: all }, conditions)),
  );
  // The same list as before costs less to search.
  const isFiltered = alternatives.every(({ conditions }) => conditions.length > 0);
  const candidates = isFiltered ? all.filter((ticket) => tests.some((test) => test(ticket))) : all;
  const parsed = joined(alternatives);
  const mode = input.mode ?? "hybrid";
  const texts = ticketTexts(store);
  if (parsed.text === "" && parsed.excluded.length === 0) return filtered(texts, view, candidates, input, mode);
  const index = await searchIndex(store, view, { tickets: all, texts, archive: input.all === true }, progress);
  const matching = matchesAny(alternatives, tests, candidates, (some, alternative) =>
    matchesPhrases(index, some, alternative, { texts, notes: input.comments !== false }),
  );
  const { result, notices } = await find(store, view, index, {
    text: parsed.text,
    named: idOfKey(store.dir, view.config, parsed.text),
    type: mode,
    weights: searchSettings(view.config).weights,
    notes: input.comments !== false,
    candidates: matching,
    exactly: parsed.phrases.length > 0,
    limit: input.limit ?? LIMIT,
    ...(progress === undefined ? {} : { progress }),
  });
  const { found, total } = result;
  const tickets = ticketsOf(found, view, matching);
  return {
    tickets: found.map((one) => describe(texts, view, tickets(one.id), one, input, parsed)),
    total,
    truncated: found.length < total,
    mode,
    ...(input.explain ? { weights: result.weights } : {}),
    notices: total > 0 ? notices : [...notices, ...(await whyNothing(parsed.text, result.common, all))],
    problems: view.problems,
  };
}

/** What to say of a query that found nothing. */
async function whyNothing(text: string, common: readonly string[], tickets: readonly Ticket[]): Promise<string[]> {
  if (common.length > 0) {
    const words = common.map((word) => `'${word}'`).join(", ");
    return [`${words}: almost every ticket has this, so it finds none by itself; add a word that tells more`];
  }
  return [...takenAsText(text), ...(await maybeMeant(text, tickets))];
}

/** What the words of a query that found nothing may have meant. */
async function maybeMeant(text: string, tickets: readonly Ticket[]): Promise<string[]> {
  const { suggestions } = await import("../../search/suggest.ts");
  const titles = new Set(tickets.flatMap((ticket) => [ticket.title, ...(fieldOf(ticket, "tags") ?? [])]));
  const found = suggestions(text, titles);
  return found.length === 0 ? [] : [`did you mean ${found.map((one) => `'${one}'`).join(" or ")}?`];
}

/** The tickets of what was found, some of them perhaps archived. */
function ticketsOf(found: readonly Found[], view: View, candidates: readonly Ticket[]): (id: string) => Ticket {
  const wanted = new Set(found.map(({ id }) => id));
  const others = candidates === view.tickets ? [] : candidates.filter(({ id }) => wanted.has(id));
  const byId = new Map(others.map((ticket) => [ticket.id, ticket]));
  return (id) => byId.get(id) ?? (view.byId.get(id) as Ticket);
}

/** Uses the builtin table, with one notice, where the endpoint may not be asked or does not answer. */
async function find(
  store: Store,
  view: View,
  index: SearchIndex,
  request: Omit<SearchRequest, "embedder">,
): Promise<{ readonly result: SearchResult; readonly notices: readonly string[] }> {
  const { embeddings } = searchSettings(view.config);
  const notices: string[] = [];
  const embedder = (): Embedder => {
    const chosen = embedderOf(store, embeddings);
    if (chosen.notice !== undefined) notices.push(chosen.notice);
    return chosen.embedder;
  };
  try {
    return { result: await search(index, { ...request, embedder }), notices };
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    const result = await search(index, { ...request, embedder: builtinWords });
    return { result, notices: [`embeddings: ${error.message}; searched with the builtin word vectors`] };
  }
}

/** Filters without words: every ticket that passes, in the order of work. */
function filtered(
  texts: TicketTexts,
  view: View,
  candidates: readonly Ticket[],
  input: Input,
  mode: SearchType,
): Searched {
  if (input.query.trim() === "" && input.filters === undefined && conditionsOf(input).length === 0) {
    throw new AyoError("bad_input", "the query is empty: say what to look for", {
      try: ["ayo", "ticket", "search", "login is:open"],
    });
  }
  const found = [...candidates].sort(compareReady);
  const shown = found.slice(0, input.limit ?? LIMIT);
  const nothing: ParsedQuery = { text: "", conditions: [], phrases: [], excluded: [] };
  return {
    tickets: shown.map((ticket) => describe(texts, view, ticket, { id: ticket.id, score: 1, why: {} }, input, nothing)),
    total: found.length,
    truncated: shown.length < found.length,
    mode,
    notices: [],
    problems: view.problems,
  };
}

function describe(
  texts: TicketTexts,
  view: View,
  ticket: Ticket,
  { score, why }: Found,
  input: Input,
  { text: query }: ParsedQuery,
): FoundTicket {
  const { text: body, notes } = texts.of(ticket) ?? { text: "", notes: "" };
  const stems = new Set([...queryStems(query), ...(why.keyword?.terms ?? [])]);
  const inBody = snippetOf(body, stems);
  const inNotes = inBody.marks.length === 0 && input.comments !== false ? snippetOf(notes, stems) : undefined;
  const snippet = inNotes !== undefined && inNotes.marks.length > 0 ? inNotes : inBody;
  // Not spread: what blocks it and what it blocks is worked out when somebody looks at it.
  return Object.assign(ticketJson(view, ticket), {
    score: Math.round(score * 1000) / 1000,
    snippet: snippet.text,
    marks: snippet.marks,
    ...(input.explain ? { why } : {}),
  });
}
