import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../../words/say.ts";
import type { TextFiles } from "../../writing/files.ts";
import { type Entry, entriesOf, type Fault, faultsAt, faultsWithin, isPictureData } from "./jsonRows.ts";

/** Where the tree begins it is open so deep, as long as there are not more entries than that. */
const OPEN_DEPTH = 3;
const OPEN_ENTRIES = 50;
/** So many entries are drawn at once. */
const PART = 100;

interface Props {
  readonly value: unknown;
  readonly pointer: string;
  readonly depth: number;
  readonly faults: readonly Fault[];
  readonly files: TextFiles;
}

/** A value of JSON as a tree that opens and closes, with what is wrong at its place; only what is open is drawn. */
export function JsonTree({ value, pointer, depth, faults, files }: Props): JSX.Element {
  const entries = entriesOf(value, pointer);
  const own = depth === 0 ? [] : faultsAt(faults, pointer);
  return (
    <>
      {entries === undefined ? (
        <Leaf value={value} pointer={pointer} files={files} />
      ) : (
        <Branch entries={entries} isList={Array.isArray(value)} {...{ pointer, depth, faults, files }} />
      )}
      {own.map(({ message }) => (
        <span key={message} class="fault">
          {message}
        </span>
      ))}
    </>
  );
}

function Branch({
  entries,
  isList,
  pointer,
  depth,
  faults,
  files,
}: Omit<Props, "value"> & { readonly entries: readonly Entry[]; readonly isList: boolean }): JSX.Element {
  const inside = faultsWithin(faults, pointer);
  const [isOpen, setOpen] = useState(inside > 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES));
  const [shown, setShown] = useState(PART);
  if (entries.length === 0) return <code>{isList ? "[]" : "{}"}</code>;
  const rest = entries.length - shown;
  return (
    <details
      open={isOpen}
      onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}
    >
      <summary>
        <span class="hint">
          {isList ? "[…] " : "{…} "}
          {say.ticket.entries(entries.length)}
        </span>
        {inside === 0 ? null : <span class="fault">{say.ticket.faults(inside)}</span>}
      </summary>
      {isOpen ? (
        <ul>
          {entries.slice(0, shown).map((entry) => (
            <li key={entry.key}>
              <b dir="auto">{entry.key}</b>{" "}
              <JsonTree value={entry.value} pointer={entry.pointer} depth={depth + 1} faults={faults} files={files} />
            </li>
          ))}
        </ul>
      ) : null}
      {isOpen && rest > 0 ? (
        <button type="button" onClick={() => setShown(shown + PART)}>
          {say.ticket.more(rest)}
        </button>
      ) : null}
    </details>
  );
}

/** A text as it reads, a picture where it is one or names one of the ticket's files, everything else as JSON writes it. */
function Leaf({ value, pointer, files }: Pick<Props, "value" | "pointer" | "files">): JSX.Element {
  if (typeof value !== "string") return <code>{JSON.stringify(value)}</code>;
  const file = files.get(value);
  if (file?.isPicture)
    return (
      <a href={file.href}>
        <img src={file.href} alt={value} width={file.width} height={file.height} loading="lazy" />
      </a>
    );
  if (file !== undefined) return <a href={file.href}>{value}</a>;
  if (isPictureData(value)) return <img src={value} alt={say.ticket.picture(pointer)} />;
  return (
    <span class="value" dir="auto">
      {value}
    </span>
  );
}
