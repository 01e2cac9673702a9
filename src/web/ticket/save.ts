import { tell } from "../act.ts";
import { call, Problem, ticketPath } from "../api.ts";
import { readSome } from "../model.ts";
import type { Shown, Written } from "../shapes.ts";
import { toast } from "../toasts.tsx";

/** How saving went: another changed the ticket meanwhile, and here is how it is now. */
export type Saved = "saved" | "refused" | { readonly conflict: Shown };

/** A save is tried so often where others keep changing other fields. */
const TRIES = 5;

/**
 * Changes fields of the version that was shown; says what was refused. What others changed meanwhile in other fields
 * is no conflict.
 */
export async function saveFields(shown: Shown, fields: Readonly<Record<string, unknown>>): Promise<Saved> {
  const { id } = shown.ticket;
  let { version } = shown.ticket;
  for (let attempt = 1; ; attempt++) {
    const ifMatch = version;
    const saved = await save(id, () => call<Written>(ticketPath(id), { method: "PATCH", body: fields, ifMatch }));
    if (typeof saved !== "object" || attempt === TRIES) return saved;
    const now = saved.conflict.ticket as unknown as Readonly<Record<string, unknown>>;
    const old = shown.ticket as unknown as Readonly<Record<string, unknown>>;
    const isTouched = Object.keys(fields).some((name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]));
    if (isTouched) return saved;
    version = saved.conflict.ticket.version;
  }
}

/** Replaces the ticket's body, of the version that was shown. */
export async function saveBody(shown: Shown, body: string): Promise<Saved> {
  const { id, version, body: old } = shown.ticket;
  const front = shown.text.slice(0, shown.text.length - old.length);
  const eol = old.includes("\r\n") ? "\r\n" : "\n";
  const ending = body.endsWith("\n") ? "" : eol;
  const text = `${front}${body.replaceAll(/\r?\n/g, eol)}${ending}`;
  return save(id, () => call<Written>(ticketPath(id, "/text"), { method: "PUT", body: { text, version } }));
}

async function save(id: string, send: () => Promise<Written>): Promise<Saved> {
  try {
    tell(`saved ${id}`, await send());
    await readSome([id]);
    return "saved";
  } catch (error) {
    if (error instanceof Problem && error.code === "conflict") {
      return { conflict: await call<Shown>(ticketPath(id)) };
    }
    toast({ text: (error as Error).message, kind: "error" });
    return "refused";
  }
}
