import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Shown } from "../shapes.ts";
import { toast } from "../toasts.tsx";
import { saveFields } from "./save.ts";

/** The title, which a click makes a field. */
export function TitleEditor({
  shown,
  read,
}: {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const { title } = shown.ticket;
  // The version that the editing began with: what is saved is a change of that one.
  const [begun, setBegun] = useState<Shown>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), [begun !== undefined]);
  const save = async (): Promise<void> => {
    const text = field.current?.value.trim() ?? "";
    if (begun === undefined || text === "" || text === begun.ticket.title) return setBegun(undefined);
    const saved = await saveFields(begun, { title: text });
    if (typeof saved === "object") {
      const theirs = saved.conflict;
      toast({
        text: `changed meanwhile; now it is called "${theirs.ticket.title}". Save again to take yours.`,
        kind: "error",
      });
      return setBegun(theirs);
    }
    await read();
    if (saved === "saved") setBegun(undefined);
  };
  if (begun === undefined) {
    return (
      <h1>
        {title}{" "}
        <button type="button" class="quiet" aria-label="Change the title" onClick={() => setBegun(shown)}>
          ✎
        </button>
      </h1>
    );
  }
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
        aria-label="Title"
        maxLength={500}
        defaultValue={title}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setBegun(undefined);
        }}
      />
      <button type="submit" class="main">
        Save
      </button>
      <button type="button" onClick={() => setBegun(undefined)}>
        Leave it
      </button>
    </form>
  );
}
