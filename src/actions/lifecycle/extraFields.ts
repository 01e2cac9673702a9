import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { fieldName } from "../../ticket/fields.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Json, Ticket } from "../../ticket/ticket.ts";
import { checkWord } from "../input/checkInput.ts";
import { assertSettable } from "./settable.ts";

/**
 * What a merge patch (RFC 7396) makes of the keys of a ticket that ayo does not know: null takes a key away, also one in
 * an object; everything else that is not named stays.
 * @throws bad_input for a key that ayo knows, or none, and for a text of several lines
 */
export function extraFields(draft: Draft, ticket: Ticket, patch: Readonly<Record<string, unknown>>): FieldChanges {
  const changes = Object.entries(patch).map(([key, value]) => {
    if (!/^[A-Za-z][\w-]{0,63}$/.test(key)) throw bad(key, `'${key}' is not a front matter key`);
    const known = fieldName(key);
    if (known !== undefined) throw bad(key, `extra: '${key}' is a field of its own: ${known}`);
    assertSettable(draft, key, "");
    if (value === null) return [key, null] as const;
    const json = merged(Object.hasOwn(ticket.extra, key) ? ticket.extra[key] : undefined, value as Json);
    assertOneLine(key, json);
    return [key, { json }] as const;
  });
  return Object.fromEntries(changes);
}

function merged(old: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const base = isObject(old) ? old : {};
  const kept = Object.entries(base).filter(([key]) => !Object.hasOwn(patch, key));
  const set = Object.entries(patch).filter(([, value]) => value !== null);
  const inner = set.map(
    ([key, value]) => [key, merged(Object.hasOwn(base, key) ? base[key] : undefined, value)] as const,
  );
  return Object.fromEntries([...kept, ...inner]);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Front matter has one line a value, and a number that is none would be a text. */
function assertOneLine(key: string, value: Json): void {
  if (typeof value === "string") checkWord(key, value);
  if (typeof value !== "object" || value === null) return;
  for (const one of Object.values(value)) assertOneLine(key, one);
}

function bad(field: string, message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
