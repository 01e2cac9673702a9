import type { JSX } from "preact";
import type { Shown } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";

/** What a tracker calls the ticket, with the way there; and what agents wait for where it came from there. */
export function Item({ shown: { item, ticket } }: { readonly shown: Shown }): JSX.Element {
  const { id, origin } = ticket;
  return (
    <>
      {item === undefined ? null : (
        <p class="item">
          {item.tracker}: {item.why ?? <Key words={item.key || say.ticket.noKey} url={item.url} />}{" "}
          <span class="hint">{item.state === "linked" || item.state === "unread" ? "" : say.items[item.state]}</span>
        </p>
      )}
      {origin === undefined ? null : (
        <p class="hint">{say.ticket.cameFrom(origin, <code>ayo ticket accept {id}</code>)}</p>
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
