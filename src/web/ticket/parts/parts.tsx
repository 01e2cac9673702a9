import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { call, ticketPath } from "../../data/api.ts";
import { runVerb } from "../../data/commands.ts";
import type { Model } from "../../data/model.ts";
import { type Category, isFinished, type Named, type Shown } from "../../data/shapes.ts";
import { StatusMark } from "../../data/shown/statusMark.tsx";
import { verbName } from "../../data/verbs.ts";
import { ticketHref } from "../../page/router.ts";
import { say } from "../../words/say.ts";
import { AddPart } from "./addPart.tsx";
import { type Line, seenLines } from "./folded.ts";

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

interface Props {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}

/** The parts of a ticket and theirs: how far they are, who does them, a tick that closes one, and a line that adds one. */
export function Parts({ shown, model, read }: Props): JSX.Element {
  const parts = useParts(shown, model).map((part) => {
    const category = categoryOf(part, model);
    return { ...part, category, isOver: isFinished({ category }) };
  });
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  const turn = (id: string, isOpen: boolean): void => setTurned(new Map(turned).set(id, isOpen));
  const own = parts.filter(({ depth }) => depth === 1);
  const done = own.filter(({ category }) => category === "done").length;
  return (
    <section class="parts" aria-label={say.ticket.parts}>
      {own.length === 0 ? null : (
        <>
          <h2>
            {say.ticket.parts} <span class="count">{say.ofTotal(done, own.length)}</span>
          </h2>
          <progress aria-label={say.ticket.partsDone} max={own.length} value={done} />
          <ul>
            {seenLines(parts, turned).map((line) => (
              <PartLine key={line.part.id} line={line} turn={turn} shown={shown} model={model} read={read} />
            ))}
          </ul>
        </>
      )}
      <AddPart parent={shown.ticket.id} read={read} />
    </section>
  );
}

function PartLine({
  line: { part: whole, total, done, isOpen },
  turn,
  shown,
  model,
  read,
}: Props & {
  readonly line: Line<Part & { readonly category: Category | null; readonly isOver: boolean }>;
  readonly turn: (id: string, isOpen: boolean) => void;
}): JSX.Element {
  const { id, title, depth, category, isOver, ...part } = whole;
  const verb = isOver ? "reopen" : "close";
  const standing = standingOf(part, shown.ticket.assignee);
  const tick = async (box: HTMLInputElement): Promise<void> => {
    if (!(await runVerb(id, verb))) box.checked = isOver;
    await read();
  };
  return (
    <li style={{ paddingInlineStart: `${Math.min(depth - 1, 6)}rem` }}>
      <input
        type="checkbox"
        checked={isOver}
        disabled={!model.config.verbs.includes(verb)}
        aria-label={say.palette.verb(verbName(verb), id)}
        onChange={(event) => void tick(event.currentTarget)}
      />
      {total === 0 ? null : (
        <button
          type="button"
          class="quiet fold"
          aria-expanded={isOpen}
          aria-label={say.ticket.partsOf(id)}
          onClick={() => turn(id, !isOpen)}
        >
          {isOpen ? "▾" : "▸"}
        </button>
      )}
      <a href={ticketHref(id)}>
        <span class="id">{id}</span> <span dir="auto">{title}</span>
        {total === 0 ? null : <span class="count"> {say.ofTotal(done, total)}</span>}
      </a>{" "}
      <StatusMark status={part.status} category={category} />
      {standing === "" ? null : <span class="hint">{standing}</span>}
    </li>
  );
}

function categoryOf({ id, status }: Named, { cards, columns }: Model): Category | null {
  return cards.get(id)?.category ?? columns.find((column) => column.id === status)?.category ?? null;
}

/** `@coder, from @lead, run failed`; that a part is from whoever has the ticket goes without saying. */
function standingOf(
  { assignee, delegatedBy, run, cost }: Pick<Part, "assignee" | "delegatedBy" | "run" | "cost">,
  owner: string | null,
): string {
  return [
    ...(assignee === null ? [] : [assignee]),
    ...(delegatedBy === null || delegatedBy === owner ? [] : [say.ticket.from(delegatedBy)]),
    ...(run === null ? [] : [say.ticket.run(run)]),
    ...(cost > 0 ? [`$${cost.toFixed(2)}`] : []),
  ].join(", ");
}

/** What the ticket's own answer says of its parts, until the tree is there; a part in the archive is only in that. */
function useParts({ ticket, children }: Shown, { cards }: Model): readonly Part[] {
  const [tree, setTree] = useState<readonly Part[]>([]);
  const inner = useMemo(() => partsOfParts(children, tree, cards), [children, tree, cards]);
  const has = children.length > 0;
  useEffect(() => {
    if (!has) return setTree([]);
    const stop = new AbortController();
    call<{ tickets: readonly Part[] }>(ticketPath(ticket.id, "/parts"), { signal: stop.signal }).then(
      ({ tickets }) => setTree(tickets.filter(({ depth }) => depth > 0)),
      () => undefined, // the parts stay as the ticket's answer has them
    );
    return () => stop.abort();
  }, [children, has, inner]);
  // What the ticket's answer says is newer: the tree is read after it.
  const now = new Map(children.map((one) => [one.id, one]));
  const known = new Set(tree.map(({ id }) => id));
  const others = children.filter(({ id }) => !known.has(id));
  return [
    ...tree.map((part) => ({ ...part, ...now.get(part.id) })),
    ...others.map((one) => ({ ...one, assignee: null, delegatedBy: null, depth: 1, run: null, cost: 0 })),
  ];
}

/** The parts of parts that the board knows, with their versions: another text where the tree is another one. */
function partsOfParts(children: readonly Named[], tree: readonly Part[], cards: Model["cards"]): string {
  const above = new Set([...children, ...tree].map(({ id }) => id));
  const found = [...cards.values()].filter(({ parent }) => parent !== null && above.has(parent));
  return found.map(({ id, shortVersion }) => `${id} ${shortVersion}`).join();
}
