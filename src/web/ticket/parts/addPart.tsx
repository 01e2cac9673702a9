import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { createTicket } from "../../data/commands.ts";
import { draftName, useDraft } from "../../page/drafts.ts";
import { say } from "../../words/say.ts";

/** Adds a part by its title and Enter, and is there for the next one at once. */
export function AddPart({
  parent,
  read,
}: {
  readonly parent: string;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const draft = useDraft(draftName("part", parent));
  const latest = useRef(draft);
  latest.current = draft;
  /** One after the other: they stand in the order in which they were typed. */
  const last = useRef<Promise<void>>(Promise.resolve());
  const add = async (title: string): Promise<void> => {
    const made = await createTicket({ title, parent });
    // What is refused is needed again.
    if (made === undefined) latest.current.put([title, latest.current.text].filter((words) => words !== "").join(" "));
    await read();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const title = draft.text.trim();
    if (title === "") return;
    draft.put("");
    last.current = last.current.then(() => add(title));
  };
  return (
    <form class="add-part" onSubmit={submit}>
      <input
        aria-label={say.ticket.addPart}
        placeholder={say.ticket.addPart}
        dir="auto"
        maxLength={500}
        value={draft.text}
        onInput={(event) => draft.put(event.currentTarget.value)}
      />
    </form>
  );
}
