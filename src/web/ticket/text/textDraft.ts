import { useEffect, useRef, useState } from "preact/hooks";
import type { Shown } from "../../data/shapes.ts";
import { draftName, useStored } from "../../page/drafts.ts";
import { readStored } from "../../page/state.ts";
import { mergeText } from "./mergeText.ts";
import { saveText } from "./save.ts";
import { shownText } from "./shownText.ts";

/** What is being edited. */
export interface Draft {
  /** The text that the editing began with. */
  readonly base: string;
  readonly text: string;
  /** What another made of the same lines meanwhile, once that was shown. */
  readonly theirs?: string;
}

/** The draft of a ticket's text, which is `now` as others have left it, and what saves it. */
export function useTextDraft(shown: Shown, now: string, read: () => Promise<void>) {
  const name = draftName("text", shown.ticket.id);
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(name));
  // What is typed while a save is under way is known when it is done.
  const latest = useRef(draft);
  const isSaving = useRef(false);
  const keep = useStored(name);
  useEffect(() => {
    // Nothing was typed yet: the editing begins with what is there now.
    const { base, text, theirs } = latest.current ?? {};
    if (text !== undefined && text === base && theirs === undefined && base !== now) put({ base: now, text: now });
  }, [now]);
  const put = (next: Draft | undefined): void => {
    latest.current = next;
    setDraft(next);
    keep(next === undefined ? "" : JSON.stringify(next));
  };
  const save = async (): Promise<void> => {
    if (latest.current === undefined || isSaving.current) return;
    const { base, text, theirs } = latest.current;
    if (text === base && theirs === undefined) return put(undefined);
    isSaving.current = true;
    const saved = await saveText(shown, theirs ?? base, text).finally(() => {
      isSaving.current = false;
    });
    const typed = latest.current?.text ?? text;
    if (saved === "refused") return;
    if ("conflict" in saved) {
      const other = shownText(saved.conflict.ticket.body);
      const from = theirs ?? base;
      return put({ base: from, text: mergeText(typed, from, other).text, theirs: other });
    }
    // More was typed: that is a change of what was sent.
    put(typed === text ? undefined : { base: text, text: typed });
    await read();
  };
  return { draft, put, save };
}

/** What was typed for a ticket's text and not saved. */
export function typedText(id: string): string | undefined {
  return readDraft(draftName("text", id))?.text;
}

function readDraft(name: string): Draft | undefined {
  try {
    const { base, text, theirs } = JSON.parse(readStored(name) ?? "") as Partial<Draft>;
    if (text === undefined) return undefined;
    // One of an older page is of the whole body, and of what nobody knows: it meets what is there now.
    return base === undefined
      ? { base: "", text: shownText(text) }
      : { base, text, ...(theirs === undefined ? {} : { theirs }) };
  } catch {
    return undefined;
  }
}
