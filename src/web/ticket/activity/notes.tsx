import type { JSX } from "preact";
import { runVerb } from "../../data/commands.ts";
import type { Shown } from "../../data/shapes.ts";
import { draftName, useDraft } from "../../page/drafts.ts";
import { ago, fullTime } from "../../page/times.ts";
import { Markdown } from "../../writing/markdown.tsx";
import { Writing } from "../../writing/writing.tsx";

/** Who said what, and a place to say more; what was typed survives a reload. */
export function Notes({
  shown,
  read,
  isTicket,
}: {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
  readonly isTicket: (id: string) => boolean;
}): JSX.Element {
  const { id, notes } = shown.ticket;
  const { text, put, sent } = useDraft(draftName("note", id));
  const send = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || !(await runVerb(id, "comments", { text }))) return;
    sent(text);
    await read();
  };
  return (
    <section aria-label="Notes">
      <h2>Notes</h2>
      <ol class="notes">
        {notes.map((note) => (
          <li key={`${note.at}${note.text}`}>
            <header>
              <b>{note.by ?? "somebody"}</b> <time title={fullTime(note.at)}>{ago(note.at)}</time>
            </header>
            <Markdown text={note.text} isTicket={isTicket} />
          </li>
        ))}
      </ol>
      <form onSubmit={(event) => void send(event)}>
        <Writing
          label="A note, in markdown"
          placeholder="A note"
          rows={3}
          text={text}
          put={put}
          send={() => void send()}
          more={{ "data-note": true }}
        />
        <button type="submit" disabled={text.trim() === ""}>
          Add note
        </button>
      </form>
    </section>
  );
}
