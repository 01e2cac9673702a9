import type { JSX } from "preact";
import type { Shown } from "../../data/shapes.ts";
import { ago, fullTime } from "../../page/times.ts";
import { say } from "../../words/say.ts";
import type { Attaching } from "../../writing/files.ts";
import { Markdown } from "../../writing/markdown.tsx";
import { type Tick, tickNote } from "../text/tick.ts";
import { type ChangeItem, type Fold, foldText, type Item, type Run } from "./items.ts";

interface Props {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
  readonly isTicket: (id: string) => boolean;
  readonly attaching: Attaching;
}

/** One thing that happened. */
export function ItemView({ item, ...props }: Props & { readonly item: Item | Fold }): JSX.Element {
  switch (item.kind) {
    case "note":
      return <NoteView item={item} {...props} />;
    case "change":
      return (
        <li class="change">
          <Change item={item} />
        </li>
      );
    case "commit":
      return <CommitView {...item.commit} />;
    case "run":
      return <RunView {...item.run} />;
    default:
      return <FoldView fold={item} />;
  }
}

function NoteView({
  item: { note, n },
  shown,
  read,
  isTicket,
  attaching,
}: Props & { readonly item: Extract<Item, { kind: "note" }> }): JSX.Element {
  const tick: Tick = async (line, isDone) => {
    const isTicked = await tickNote(shown, n, line, isDone);
    await read();
    return isTicked;
  };
  return (
    <li class="note">
      <header>
        <b dir="auto">{note.by ?? say.ticket.somebody}</b> <When at={note.at} />
      </header>
      <Markdown text={note.text} isTicket={isTicket} files={attaching.files} onTick={tick} />
    </li>
  );
}

function Change({ item: { by, text, at, entry } }: { readonly item: ChangeItem }): JSX.Element {
  return (
    <>
      <b dir="auto">{by}</b> <span dir="auto">{text}</span> <When at={at} />
      {entry.byHand ? <span class="hint"> {say.ticket.byHand}</span> : null}
      {entry.commit === null ? <span class="hint"> {say.activity.uncommitted}</span> : null}
    </>
  );
}

/** Many small changes as one line, which opens. */
function FoldView({ fold }: { readonly fold: Fold }): JSX.Element {
  const { by, at, items } = fold;
  return (
    <li class="change">
      <details>
        <summary>
          <b dir="auto">{by}</b> {say.activity.smallChanges(items.length)}: <span dir="auto">{foldText(fold)}</span>{" "}
          <When at={at} />
        </summary>
        <ol class="stream">
          {items.map((item) => (
            <li key={item.key} class="change">
              <Change item={item} />
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

function CommitView({ oid, subject, author, date }: Shown["linkedCommits"][number]): JSX.Element {
  return (
    <li class="change commit">
      <b dir="auto">{author ?? say.ticket.somebody}</b> {say.activity.committed} <code>{oid.slice(0, 10)}</code>{" "}
      <span dir="auto">{subject}</span> {date === null ? null : <When at={date} />}
    </li>
  );
}

function RunView({ run, agent, state, outcome, why, review, at, started, cost, said }: Run): JSX.Element {
  const standing = state === "ended" ? (outcome ?? "ended") : state;
  const facts = [
    standing,
    ...(cost === null || cost === 0 ? [] : [`$${cost.toFixed(2)}`]),
    ...(why === null ? [] : [why]),
  ];
  return (
    <li class="change run">
      <b>{agent}</b> {say.activity[review ? "begunToReview" : "begun"](<code>{run}</code>)}{" "}
      <span class="hint" dir="auto">
        {facts.join(", ")}
      </span>{" "}
      <When at={started ?? at} />
      {said === null ? null : (
        <details>
          <summary>{say.activity.lastWords}</summary>
          <p dir="auto">{said}</p>
        </details>
      )}
    </li>
  );
}

function When({ at }: { readonly at: string }): JSX.Element {
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ago(at)}
    </time>
  );
}
