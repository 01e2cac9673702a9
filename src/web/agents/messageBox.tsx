import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { runVerb } from "../data/commands.ts";
import { draftName, useDraft } from "../page/drafts.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";

interface Props {
  /** The ticket whose notes are the way to its agent. */
  readonly id: string;
  readonly isLive: boolean;
  readonly close: () => void;
}

/** What is said to an agent is a note of its ticket: it is told while it works, or when it goes on. */
export function MessageBox({ id, isLive, close }: Props): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  const { text, put, sent } = useDraft(draftName("note", id));
  const send = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || !(await runVerb(id, "comments", { text }))) return;
    sent(text);
    close();
  };
  return (
    <form class="note-box" onSubmit={(event) => void send(event)}>
      <Writing
        label={say.agents.messageLabel(id)}
        rows={3}
        isSmall
        field={field}
        text={text}
        put={put}
        send={() => void send()}
      />
      <p class="hint">{isLive ? say.agents.told : say.agents.toldLater}</p>
      <button type="submit" disabled={text.trim() === ""}>
        {say.agents.send}
      </button>{" "}
      <button type="button" class="quiet" onClick={close}>
        {say.cancel}
      </button>
    </form>
  );
}
