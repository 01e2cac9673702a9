import { call, Problem, ticketPath } from "../../data/api.ts";
import { sendChange } from "../../data/changes.ts";
import { confirmChange } from "../../data/commands.ts";
import type { Shown, Written } from "../../data/shapes.ts";
import { toast } from "../../page/toasts.tsx";
import { say } from "../../words/say.ts";
import { mergeText } from "./mergeText.ts";
import { shownText } from "./shownText.ts";
import { type Spliced, spliceText } from "./spliceText.ts";

/** How saving went: another changed the ticket meanwhile, and here is how it is now. */
export type Saved = "saved" | "refused" | { readonly conflict: Shown };

/** A save is tried so often where others keep changing other fields. */
const TRIES = 10;

/**
 * Changes fields of the version that was shown; says what was refused. What others changed meanwhile in other fields
 * is no conflict.
 */
export async function saveFields(shown: Shown, fields: Readonly<Record<string, unknown>>): Promise<Saved> {
  const { id } = shown.ticket;
  let { version } = shown.ticket;
  for (let attempt = 1; ; attempt++) {
    const ifMatch = version;
    const saved = await save(id, () => sendChange<Written>(ticketPath(id), { method: "PATCH", body: fields, ifMatch }));
    if (typeof saved !== "object" || attempt === TRIES) return saved;
    const now = saved.conflict.ticket as unknown as Readonly<Record<string, unknown>>;
    const old = shown.ticket as unknown as Readonly<Record<string, unknown>>;
    const isTouched = Object.keys(fields).some((name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]));
    if (isTouched) return saved;
    version = saved.conflict.ticket.version;
  }
}

/** Puts in and takes out the tags that were put in and taken out of the ones that were there; what others made of them stays. */
export function saveTags({ ticket: { id } }: Shown, tags: readonly string[], was: readonly string[]): Promise<Saved> {
  const body = {
    addTag: tags.filter((tag) => !was.includes(tag)),
    removeTag: was.filter((tag) => !tags.includes(tag)),
  };
  return save(id, () => sendChange<Written>(ticketPath(id), { method: "PATCH", body }));
}

/** How saving a text went: another changed the same lines meanwhile, and this is the ticket now. */
export type SavedText = { readonly text: string } | "refused" | { readonly conflict: Shown };

/**
 * Puts `text`, which was made of `base`, in place of the text that the page shows. What others changed meanwhile stays:
 * the rest of the ticket as it is now, and other lines of the text. Says what was refused.
 */
export function saveText(shown: Shown, base: string, text: string): Promise<SavedText> {
  const make = (now: Shown): string | undefined => {
    const theirs = shownText(now.ticket.body);
    if (theirs === base) return text;
    const merged = mergeText(text, base, theirs);
    return merged.isClean ? merged.text : undefined;
  };
  return saveEdit(shown, { base, make, into: spliceText });
}

/** A change of a part of a body: the part as it is to be, made of the ticket as it is now, and how it is put there. */
export interface Edit {
  /** The text of the page that it was made on. */
  readonly base: string;
  /** Undefined where it does not go together with what others made of it. */
  readonly make: (now: Shown) => string | undefined;
  readonly into: (body: string, text: string) => Spliced;
}

/** Changes a part of a ticket's body, of whatever others leave there meanwhile. Says what was refused. */
export async function saveEdit(shown: Shown, { base, make, into }: Edit): Promise<SavedText> {
  let now = shown;
  for (let attempt = 1; ; attempt++) {
    const text = make(now);
    if (text === undefined) return { conflict: now };
    const spliced = into(now.ticket.body, text);
    if ("problem" in spliced) return refused(say.ticket.notSaved(spliced.problem));
    const detail = shownText(now.ticket.body) === base ? "" : `, ${say.ticket.putTogether}`;
    const saved = await saveBody(now, spliced.body, detail);
    if (saved === "saved") return { text };
    if (saved === "refused") return saved;
    if (attempt === TRIES) return refused(say.ticket.othersKeep(shown.ticket.id));
    now = saved.conflict;
  }
}

function refused(text: string): "refused" {
  toast({ text, kind: "error" });
  return "refused";
}

async function saveBody(shown: Shown, body: string, detail: string): Promise<Saved> {
  const { id, version, body: old } = shown.ticket;
  if (body === old) return "saved";
  const front = shown.text.slice(0, shown.text.length - old.length);
  const text = `${front}${body}${body.endsWith("\n") ? "" : "\n"}`;
  return save(
    id,
    () => sendChange<Written>(ticketPath(id, "/text"), { method: "PUT", body: { text, version } }),
    detail,
  );
}

async function save(id: string, send: () => Promise<Written>, detail = ""): Promise<Saved> {
  try {
    confirmChange(`${say.ticket.saved(id)}${detail}`, await send());
    return "saved";
  } catch (error) {
    const isConflict = error instanceof Problem && error.code === "conflict";
    const now = isConflict ? await call<Shown>(ticketPath(id)).catch(() => undefined) : undefined;
    return now === undefined ? refused((error as Error).message) : { conflict: now };
  }
}
