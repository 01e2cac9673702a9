import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Shown } from "../shapes.ts";
import { readKept, writeKept } from "../state.ts";
import { Conflict } from "./conflict.tsx";
import { Markdown } from "./markdown.tsx";
import { saveBody } from "./save.ts";
import { shownText } from "./shownText.ts";

interface Props {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
  readonly isTicket: (id: string) => boolean;
}

/** What is being edited: a draft of a change of one version. */
interface Draft {
  readonly version: string;
  readonly text: string;
}

/** The ticket's text, to read and to edit; a draft survives a reload, and another's change meanwhile. */
export function TextEditor({ shown, read, isTicket }: Props): JSX.Element {
  const { id, body } = shown.ticket;
  const name = `draft.text.${id}`;
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(name));
  const [base, setBase] = useState(shown);
  const [theirs, setTheirs] = useState<Shown>();
  const field = useRef<HTMLTextAreaElement>(null);
  const isOpen = draft !== undefined;
  useEffect(() => field.current?.focus(), [isOpen]);
  const put = (next: Draft | undefined): void => {
    setDraft(next);
    writeKept(name, next === undefined ? "" : JSON.stringify(next));
  };
  const begin = (): void => {
    setBase(shown);
    put({ version: shown.ticket.version, text: body });
  };
  const save = async (text: string, on: Shown): Promise<void> => {
    if (text === on.ticket.body) return put(undefined);
    const saved = await saveBody(on, text);
    if (typeof saved === "object") setTheirs(saved.conflict);
    if (saved !== "saved") return;
    setTheirs(undefined);
    put(undefined);
    await read();
  };
  if (draft === undefined) return <Text shown={shown} isTicket={isTicket} begin={begin} />;
  const began = base.ticket.version === draft.version ? base : undefined;
  const versionNow = shown.ticket.version;
  if (theirs !== undefined) {
    return (
      <Conflict
        mine={draft.text}
        theirs={theirs}
        onSave={(text) => void save(text, theirs)}
        onDrop={() => {
          setTheirs(undefined);
          put(undefined);
          void read();
        }}
      />
    );
  }
  return (
    <section class="editor" aria-label="Text">
      {versionNow === draft.version ? null : (
        <p class="notice" role="status">
          Somebody changed this ticket since you began. Nothing is lost: saving shows both.
        </p>
      )}
      <textarea
        ref={field}
        aria-label="Text, in markdown"
        rows={Math.min(30, Math.max(12, draft.text.split("\n").length + 2))}
        value={draft.text}
        onInput={(event) => put({ ...draft, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
        }}
      />
      <div class="buttons">
        <button type="button" class="main" onClick={() => void submit()}>
          Save
        </button>
        <button type="button" onClick={() => put(undefined)}>
          Throw away
        </button>
        <span class="hint">Ctrl Enter saves. The title, criteria and notes are part of the text.</span>
      </div>
    </section>
  );

  // A draft of an older version, say after a reload, is first shown beside what is there now.
  function submit(): Promise<void> {
    const { text } = draft as Draft;
    if (began === undefined && versionNow !== draft?.version) {
      setTheirs(shown);
      return Promise.resolve();
    }
    return save(text, began ?? shown);
  }
}

function Text({
  shown,
  isTicket,
  begin,
}: {
  readonly shown: Shown;
  readonly isTicket: (id: string) => boolean;
  readonly begin: () => void;
}): JSX.Element {
  const text = shownText(shown.ticket.body);
  return (
    <section aria-label="Text">
      {text === "" ? <p class="empty">No description yet.</p> : <Markdown text={text} isTicket={isTicket} />}
      <button type="button" class="quiet" data-edit onClick={begin}>
        Edit the text
      </button>
    </section>
  );
}

function readDraft(name: string): Draft | undefined {
  try {
    const { version, text } = JSON.parse(readKept(name) ?? "") as Partial<Draft>;
    return version === undefined || text === undefined ? undefined : { version, text };
  } catch {
    return undefined;
  }
}
