import { queryItems } from "../../../ticket/filter/query.ts";

/** The terms of a filter, in their order. */
export function termsOf(q: string): readonly string[] {
  return queryItems(q);
}

/** The filter that a field has a value; undefined where the filter language cannot say it. */
export function termFor(key: string, value: string): string | undefined {
  if (value === "" || value.includes('"')) return undefined;
  return `${key}:${/[\s,]/.test(value) ? `"${value}"` : value}`;
}

/** A filter with a term more, or without it where it is there already. */
export function toggleTerm(q: string, term: string): string {
  const terms = termsOf(q);
  const at = terms.findIndex((one) => one.toLowerCase() === term.toLowerCase());
  return at >= 0 ? withoutTerm(q, at) : [...terms, term].join(" ");
}

/** A filter without one of its terms, and without the `OR` that then stands for nothing. */
export function withoutTerm(q: string, at: number): string {
  const terms = [...termsOf(q)];
  const isJoint = (word: string | undefined): boolean => word === "OR" || word === "AND";
  if (isJoint(terms[at - 1])) terms.splice(at - 1, 2);
  else terms.splice(at, isJoint(terms[at + 1]) ? 2 : 1);
  return terms.join(" ");
}
