import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Shown } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import type { Attaching, TextFiles } from "../../writing/files.ts";
import { Markdown } from "../../writing/markdown.tsx";
import { Writing } from "../../writing/writing.tsx";
import { Conflict } from "./conflict.tsx";
import { shownText } from "./shownText.ts";
import { useTextDraft } from "./textDraft.ts";
import { type Tick, tickText } from "./tick.ts";

interface Props {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
  readonly isTicket: (id: string) => boolean;
  readonly attaching: Attaching;
}

/** The ticket's text, to read and to edit; a draft survives a reload, and another's change meanwhile. */
export function TextEditor({ shown, read, isTicket, attaching }: Props): JSX.Element {
  const now = shownText(shown.ticket.body);
  const { draft, put, save } = useTextDraft(shown, now, read);
  const field = useRef<HTMLTextAreaElement>(null);
  const isOpen = draft !== undefined;
  useLayoutEffect(() => field.current?.focus(), [isOpen]);
  const drop = (): void => {
    put(undefined);
    void read();
  };
  const type = (text: string): void => {
    if (draft !== undefined) put({ ...draft, text });
  };
  if (draft === undefined) {
    const begin = (): void => put({ base: now, text: now });
    const tick = ticking(shown, read);
    return <Text text={now} isTicket={isTicket} tick={tick} files={attaching.files} begin={begin} />;
  }
  if (draft.theirs !== undefined) {
    return (
      <Conflict
        base={draft.base}
        mine={draft.text}
        theirs={draft.theirs}
        put={type}
        onSave={() => void save()}
        onDrop={drop}
      />
    );
  }
  return (
    <section class="editor" aria-label={say.ticket.text}>
      {now === draft.base ? null : (
        <p class="notice" role="status">
          {say.ticket.textChanged}
        </p>
      )}
      <Writing
        field={field}
        label={say.ticket.textLabel}
        rows={Math.min(30, Math.max(12, draft.text.split("\n").length + 2))}
        text={draft.text}
        put={type}
        send={() => void save()}
        attaching={attaching}
        more={{ "data-edit": true }}
      />
      <div class="buttons">
        <button type="button" class="main" onClick={() => void save()}>
          {say.save}
        </button>
        <button type="button" onClick={() => put(undefined)}>
          {say.discard}
        </button>
        <span class="hint">{say.ticket.ctrlEnterSaves}</span>
      </div>
    </section>
  );
}

/** What ticks a box of the text. */
function ticking(shown: Shown, read: () => Promise<void>): Tick {
  return async (line, isDone) => {
    const isTicked = await tickText(shown, line, isDone);
    await read();
    return isTicked;
  };
}

function Text({
  text,
  isTicket,
  tick,
  files,
  begin,
}: {
  readonly text: string;
  readonly isTicket: (id: string) => boolean;
  readonly tick: Tick;
  readonly files: TextFiles;
  readonly begin: () => void;
}): JSX.Element {
  return (
    <section aria-label={say.ticket.text}>
      {text === "" ? (
        <p class="empty">{say.ticket.noText}</p>
      ) : (
        <Markdown text={text} isTicket={isTicket} files={files} onTick={tick} />
      )}
      <button type="button" class="quiet" data-edit onClick={begin}>
        {say.ticket.edit}
      </button>
    </section>
  );
}
