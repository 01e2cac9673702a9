import type { JSX } from "preact";
import { runVerb } from "../../data/commands.ts";
import { draftName, useDraft } from "../../page/drafts.ts";
import { say } from "../../words/say.ts";
import type { Attaching } from "../../writing/files.ts";
import { Writing } from "../../writing/writing.tsx";

/** A place to say something; what was typed survives a reload. */
export function NoteBox({
  id,
  read,
  attaching,
}: {
  readonly id: string;
  readonly read: () => Promise<void>;
  readonly attaching: Attaching;
}): JSX.Element {
  const { text, put, sent } = useDraft(draftName("note", id));
  const send = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || !(await runVerb(id, "comments", { text }))) return;
    sent(text);
    await read();
  };
  return (
    <form class="note-box" onSubmit={(event) => void send(event)}>
      <Writing
        label={say.ticket.noteLabel}
        placeholder={say.ticket.note}
        rows={3}
        text={text}
        put={put}
        send={() => void send()}
        attaching={attaching}
        more={{ "data-note": true }}
      />
      <button type="submit" disabled={text.trim() === ""}>
        {say.ticket.addNote}
      </button>
    </form>
  );
}
