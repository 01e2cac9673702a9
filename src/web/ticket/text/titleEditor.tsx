import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Shown } from "../../data/shapes.ts";
import { draftName, useChange } from "../../page/drafts.ts";
import { toast } from "../../page/toasts.tsx";
import { capital } from "../../words/forms.ts";
import { say } from "../../words/say.ts";
import { saveFields } from "./save.ts";

/** The title, which a click makes a field. */
export function TitleEditor({
  shown,
  read,
}: {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const { id, title } = shown.ticket;
  const { change, put, latest } = useChange(draftName("title", id));
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), [change !== undefined]);
  const save = async (): Promise<void> => {
    const typed = latest.current;
    const text = typed?.text.trim() ?? "";
    if (typed === undefined || text === "" || text === title) return put(undefined);
    if (typed.was !== title) {
      toast({ text: say.ticket.titleChanged(title), kind: "error" });
      return put({ text: typed.text, was: title });
    }
    const saved = await saveFields(shown, { title: text });
    await read();
    if (saved === "saved") return latest.current === typed ? put(undefined) : undefined;
    if (typeof saved === "object") {
      const theirs = saved.conflict.ticket.title;
      toast({ text: say.ticket.titleChanged(theirs), kind: "error" });
    }
  };
  if (change === undefined) return <Title title={title} onEdit={() => put({ text: title, was: title })} />;
  return (
    <form
      class="title-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        ref={field}
        aria-label={capital(say.fields.title)}
        dir="auto"
        maxLength={500}
        value={change.text}
        onInput={(event) => put({ text: event.currentTarget.value, was: latest.current?.was ?? title })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          put(undefined);
        }}
      />
      <button type="submit" class="main">
        {say.save}
      </button>
      <button type="button" onClick={() => put(undefined)}>
        {say.cancel}
      </button>
    </form>
  );
}

function Title({ title, onEdit }: { readonly title: string; readonly onEdit: () => void }): JSX.Element {
  return (
    <h1 tabIndex={-1} data-heading>
      <span dir="auto">{title}</span>{" "}
      <button type="button" class="quiet" aria-label={say.ticket.changeTitle} onClick={onEdit}>
        ✎
      </button>
    </h1>
  );
}
