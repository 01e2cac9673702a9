import type { JSX } from "preact";
import { ticketPath } from "../../data/api.ts";
import { sendChange } from "../../data/changes.ts";
import { confirmChange, runVerb } from "../../data/commands.ts";
import type { Shown, Written } from "../../data/shapes.ts";
import { type Awaited, howFar } from "../../data/shown/landing.ts";
import { draftName, useDraft } from "../../page/drafts.ts";
import { pick } from "../../page/pick.ts";
import { hrefOf, ticketHref } from "../../page/router.ts";
import { toast } from "../../page/toasts.tsx";
import { capital } from "../../words/forms.ts";
import { say } from "../../words/say.ts";

interface Props {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
}

/** What the ticket waits for, what waits for it, and what it is linked to. */
export function Relations({ shown, read }: Props): JSX.Element {
  const { ticket, waitsFor, unlocks, links } = shown;
  const drop = async (dep: string): Promise<void> => {
    try {
      const path = ticketPath(ticket.id, `/dependencies/${encodeURIComponent(dep)}`);
      confirmChange(
        `${ticket.id}: ${say.did.waitsNoLonger(dep)}`,
        await sendChange<Written>(path, { method: "DELETE" }),
      );
    } catch (error) {
      toast({ text: (error as Error).message, kind: "error" });
    }
    await read();
  };
  return (
    <section class="relations" aria-label={say.ticket.relations}>
      <h2>{capital(say.fields.deps)}</h2>
      <List tickets={waitsFor} empty={say.board.nothing} drop={(id) => void drop(id)} />
      <AddDependency id={ticket.id} read={read} />
      {unlocks.length === 0 ? null : (
        <>
          <h2>{say.ticket.unlocks}</h2>
          <List tickets={unlocks} empty="" />
        </>
      )}
      {links.length === 0 ? null : (
        <>
          <h2>{say.ticket.related}</h2>
          <List tickets={links} empty="" />
        </>
      )}
      <a class="graph-link" href={hrefOf("graph", { focus: ticket.id })}>
        {say.ticket.inGraph}
      </a>
    </section>
  );
}

function List({
  tickets,
  empty,
  drop,
}: {
  readonly tickets: readonly Awaited[];
  readonly empty: string;
  readonly drop?: (id: string) => void;
}): JSX.Element {
  if (tickets.length === 0) return <p class="empty">{empty}</p>;
  return (
    <ul class="named">
      {tickets.map((one) => (
        <li key={one.id}>
          <a href={ticketHref(one.id)}>
            <span class="id">{one.id}</span> <span dir="auto">{one.title}</span>
          </a>{" "}
          <span class="hint">{howFar(one)}</span>
          {drop === undefined ? null : (
            <button
              type="button"
              class="quiet"
              aria-label={say.ticket.waitNoLonger(one.id)}
              onClick={() => drop(one.id)}
            >
              ×
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function AddDependency({ id, read }: { readonly id: string; readonly read: () => Promise<void> }): JSX.Element {
  const { text: dep, put, sent } = useDraft(draftName("dep", id));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (dep.trim() === "" || !(await runVerb(id, "dependencies", { dep: dep.trim() }))) return;
    sent(dep);
    await read();
  };
  return (
    <form class="add-dep" onSubmit={(event) => void submit(event)}>
      <input
        aria-label={say.ticket.waitForId}
        placeholder={say.ticket.waitForHint}
        value={dep}
        onInput={(event) => put(event.currentTarget.value)}
      />
      <button
        type="button"
        class="quiet"
        aria-label={say.ticket.choose}
        title={say.ticket.chooseFor(capital(say.fields.deps))}
        onClick={(event) => pick("deps", [id], event.currentTarget)}
      >
        ▾
      </button>
    </form>
  );
}
