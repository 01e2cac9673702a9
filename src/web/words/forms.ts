import type { ComponentChildren } from "preact";

/** Something that stands within a sentence: a key, a link, an address. */
export type Part = ComponentChildren;

/** A text for each form that a language has for numbers, `#` where the number stands; all have `other`. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** In which language, and for which place, numbers and times are written: `de-AT`. */
let locale = "en";
/** What writes them: made once, since that takes longer than the writing. */
let made: Partial<Record<string, unknown>> = {};

/** Writes numbers and times from now on as this locale does. */
export function writeAs(tag: string): void {
  locale = tag;
  made = {};
}

function once<T>(name: string, make: () => T): T {
  made[name] ??= make();
  return made[name] as T;
}

/** Languages whose small numbers are written as they are and have two forms; a browser's rules take 20 ms to come. */
const PLAIN = /^(?:en|de)(?:-[A-Z]{2})?$/;

/** `10,000`, or `3.4`. */
export function number(n: number): string {
  return Number.isInteger(n) && n >= 0 && n < 1000 && PLAIN.test(locale) ? String(n) : n.toLocaleString(locale);
}

/** The text for so many. */
export function plural(n: number, forms: Forms): string {
  return (forms[formOf(n)] ?? forms.other).replaceAll("#", number(n));
}

function formOf(n: number): Intl.LDMLPluralRule {
  if (PLAIN.test(locale)) return n === 1 ? "one" : "other";
  return once("plural", () => new Intl.PluralRules(locale)).select(n);
}

/** `38%`. */
export function percent(hundredths: number): string {
  return once("percent", () => new Intl.NumberFormat(locale, { style: "percent" })).format(hundredths / 100);
}

/** A unit of time. */
export type Unit = "second" | "minute" | "hour" | "day";

/** `3.4 days`, or `3d`. */
export function inUnits(count: number, unit: Unit, unitDisplay: "long" | "narrow"): string {
  const options = { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return once(unit + unitDisplay, () => new Intl.NumberFormat(locale, options)).format(count);
}

/** `3h ago`. */
export function before(count: number, unit: Unit): string {
  return once("before", () => new Intl.RelativeTimeFormat(locale, { style: "narrow" })).format(-count, unit);
}

/** `in 3 days`, `tomorrow`, `2 days ago`. */
export function daysAway(count: number): string {
  return once("days away", () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" })).format(count, "day");
}

/** `Nov 21, 2026, 3:40 AM`. */
export function dateAndTime(date: Date): string {
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return once("time", () => new Intl.DateTimeFormat(locale, options)).format(date);
}

/** `3:40 AM`. */
export function clockOf(date: Date): string {
  return once("clock", () => new Intl.DateTimeFormat(locale, { timeStyle: "short" })).format(date);
}

/** `Nov 21, 2026`, of a moment in UTC. */
export function dayOf(at: number): string {
  const options = { dateStyle: "medium", timeZone: "UTC" } as const;
  return once("day", () => new Intl.DateTimeFormat(locale, options)).format(at);
}

/** `Dec 24`, of a moment in UTC. */
export function dayOfYear(at: number): string {
  const options = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return once("day of year", () => new Intl.DateTimeFormat(locale, options)).format(at);
}

/** `Dec 2026`, of a moment in UTC. */
export function monthOf(at: number): string {
  const options = { month: "short", year: "numeric", timeZone: "UTC" } as const;
  return once("month", () => new Intl.DateTimeFormat(locale, options)).format(at);
}

/** `$3.40`. */
export function money(dollars: number): string {
  const options = { style: "currency", currency: "USD" } as const;
  return once("money", () => new Intl.NumberFormat(locale, options)).format(dollars);
}

/** `Monday`, of a day here. */
export function weekday(date: Date): string {
  return once("weekday", () => new Intl.DateTimeFormat(locale, { weekday: "long" })).format(date);
}

/** With its first letter large: `In progress`. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
