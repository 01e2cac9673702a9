import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dialog } from "../../page/keys.ts";
import { ticketHref } from "../../page/router.ts";
import { say } from "../../words/say.ts";
import { call } from "../api.ts";
import type { Alike } from "../shapes.ts";
import { StatusMark } from "./statusMark.tsx";

/** What is there already is looked for when the typing rests so long, in milliseconds. */
const REST = 250;
/** With fewer letters nearly everything is similar. */
const LEAST = 4;

/** The tickets that may be about what is being typed, so that nobody makes one twice. */
export function Similar({ title, description = "" }: { readonly title: string; readonly description?: string }) {
  const found = useSimilar(title.trim(), description.trim());
  return (
    <div class="similar" role="status">
      {found.length === 0 ? null : (
        <>
          <p>{say.data.similar(found.length)}</p>
          <ul class="named">{found.map(item)}</ul>
        </>
      )}
    </div>
  );
}

function item({ id, title, status, category }: Alike): JSX.Element {
  return (
    <li key={id}>
      <StatusMark status={status} category={category} />{" "}
      <a href={ticketHref(id)} onClick={() => dialog.set("")}>
        <span class="id">{id}</span> <span dir="auto">{title}</span>
      </a>
    </li>
  );
}

/** The server is asked what making the ticket would answer. */
function useSimilar(title: string, description: string): readonly Alike[] {
  const [found, setFound] = useState<readonly Alike[]>([]);
  useEffect(() => {
    if (title.length < LEAST) return setFound([]);
    const stop = new AbortController();
    const { signal } = stop;
    const timer = setTimeout(() => {
      const body = { title, dryRun: true, ...(description === "" ? {} : { description }) };
      call<{ similar: readonly Alike[] }>("/tickets", { body, signal }).then(
        ({ similar }) => setFound(similar),
        // It is a hint: what is wrong with the ticket is said when it is made.
        () => signal.aborted || setFound([]),
      );
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [title, description]);
  return found;
}
