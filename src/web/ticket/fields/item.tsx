import type { JSX } from "preact";
import type { Shown } from "../../data/shapes.ts";

/** How a ticket stands with its item at a tracker, where that is not the same as it. */
const STANDING: Readonly<Record<NonNullable<Shown["item"]>["state"], string>> = {
  linked: "",
  creating: "sent, and no answer yet",
  archived: "archived there: not synced until it is back",
  detached: "gone there: kept here, and not synced",
  severed: "unlinked: not synced",
  unread: "",
};

/** What a tracker calls the ticket, with the way there; and what agents wait for where it came from there. */
export function Item({ shown: { item, ticket } }: { readonly shown: Shown }): JSX.Element {
  const { id, origin } = ticket;
  return (
    <>
      {item === undefined ? null : (
        <p class="item">
          {item.tracker}: {item.why ?? <Key words={item.key || "no key yet"} url={item.url} />}{" "}
          <span class="hint">{STANDING[item.state]}</span>
        </p>
      )}
      {origin === undefined ? null : (
        <p class="hint">
          came from {origin}: no agent is started for it until a person says so: <code>ayo ticket accept {id}</code>
        </p>
      )}
    </>
  );
}

/** A link only to what a browser may be sent to. */
function Key({ words, url }: { readonly words: string; readonly url: string }): JSX.Element {
  if (!/^https?:\/\//i.test(url)) return <b>{words}</b>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  );
}
