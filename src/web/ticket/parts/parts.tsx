import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, ticketPath } from "../../data/api.ts";
import type { Named, Shown } from "../../data/shapes.ts";
import { ticketHref } from "../../page/router.ts";

/** A part of a ticket, or a part of a part; see `ayo ticket tree`. */
interface Part extends Named {
  readonly assignee: string | null;
  readonly delegatedBy: string | null;
  /** 1 for a part of the ticket itself. */
  readonly depth: number;
  /** How its last run on the server's machine is, or ended. */
  readonly run: string | null;
  readonly cost: number;
}

/** The parts of a ticket and theirs: who does them, from whom they have them, and how they stand. */
export function Parts({ shown }: { readonly shown: Shown }): JSX.Element | null {
  const { ticket, children } = shown;
  const parts = useParts(shown);
  if (children.length === 0) return null;
  return (
    <>
      <h2>Parts</h2>
      <ul class="named parts">
        {parts.map(({ id, title, depth, ...part }) => (
          <li key={id} style={{ paddingInlineStart: `${Math.min(depth - 1, 6)}rem` }}>
            <a href={ticketHref(id)}>
              <span class="id">{id}</span> <span dir="auto">{title}</span>
            </a>{" "}
            <span class="hint">{standingOf(part, ticket.assignee)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** `in_progress, @coder, from @lead, run failed`; that a part is from whoever has the ticket goes without saying. */
function standingOf(
  { status, assignee, delegatedBy, run, cost }: Omit<Part, "id" | "title" | "depth">,
  owner: string | null,
): string {
  return [
    status,
    ...(assignee === null ? [] : [assignee]),
    ...(delegatedBy === null || delegatedBy === owner ? [] : [`from ${delegatedBy}`]),
    ...(run === null ? [] : [`run ${run}`]),
    ...(cost > 0 ? [`$${cost.toFixed(2)}`] : []),
  ].join(", ");
}

/** What the ticket's own answer says of its parts, until the tree is there; a part in the archive is only in that. */
function useParts({ ticket, children }: Shown): readonly Part[] {
  const [tree, setTree] = useState<readonly Part[]>([]);
  const has = children.length > 0;
  useEffect(() => {
    if (!has) return setTree([]);
    const stop = new AbortController();
    call<{ tickets: readonly Part[] }>(ticketPath(ticket.id, "/parts"), { signal: stop.signal }).then(
      ({ tickets }) => setTree(tickets.filter(({ depth }) => depth > 0)),
      () => undefined, // the parts stay as the ticket's answer has them
    );
    return () => stop.abort();
  }, [children, has]);
  const known = new Set(tree.map(({ id }) => id));
  const others = children.filter(({ id }) => !known.has(id));
  return [
    ...tree,
    ...others.map((one) => ({ ...one, assignee: null, delegatedBy: null, depth: 1, run: null, cost: 0 })),
  ];
}
