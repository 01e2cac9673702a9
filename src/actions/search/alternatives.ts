import { filterText, type ParsedQuery, parseQuery } from "../../ticket/filter/query.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { conditionsOf } from "../list.ts";

/** What a search is asked by. */
type Asked = Parameters<typeof conditionsOf>[0] & {
  readonly query: string;
  readonly filters?: Parameters<typeof filterText>[0];
};

/** The query, where `word:value` may be text, each alternative with each of the filters, where it is a filter. */
export function alternativesOf(input: Asked): ParsedQuery[] {
  const flags = { text: "", conditions: conditionsOf(input), phrases: [], excluded: [] };
  const more = parseQuery(filterText(input.filters), { strict: true });
  return parseQuery(input.query).flatMap((one) => more.map((other) => together(together(one, other), flags)));
}

function together(one: ParsedQuery, other: ParsedQuery): ParsedQuery {
  return {
    text: `${one.text} ${other.text}`.trim(),
    conditions: [...one.conditions, ...other.conditions],
    phrases: [...one.phrases, ...other.phrases],
    excluded: [...one.excluded, ...other.excluded],
  };
}

/** What is looked for: the words of all alternatives. */
export function joined(alternatives: readonly ParsedQuery[]): ParsedQuery {
  return alternatives.reduce(together);
}

/** The candidates that fit one of the alternatives, whose phrases `matches` looks for. */
export function matchesAny(
  alternatives: readonly ParsedQuery[],
  tests: readonly ((ticket: Ticket) => boolean)[],
  candidates: readonly Ticket[],
  matches: (some: readonly Ticket[], alternative: ParsedQuery) => readonly Ticket[],
): readonly Ticket[] {
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return matches(candidates, only);
  const fit = new Set(alternatives.flatMap((one, at) => matches(candidates.filter(tests[at] as never), one)));
  return candidates.filter((ticket) => fit.has(ticket));
}
