import type { ComponentChildren, JSX } from "preact";
import { ticketHref } from "../page/router.ts";

/** A name and what it says. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Tickets with a word on each; "" for what is about none. */
export function TicketLines({
  heading,
  hint = "",
  lines,
}: {
  readonly heading: string;
  readonly hint?: string;
  readonly lines: readonly { readonly id: string; readonly text: string }[];
}): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <>
      {heading === "" ? null : (
        <h3>
          {heading} <span class="count">{lines.length}</span>
        </h3>
      )}
      {hint === "" ? null : <p class="hint">{hint}</p>}
      <ul class="lines">
        {lines.map(({ id, text }) => (
          <li key={`${id} ${text}`}>
            {id === "" ? null : (
              <a class="id" href={ticketHref(id)}>
                {id}
              </a>
            )}
            <span dir="auto">{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
