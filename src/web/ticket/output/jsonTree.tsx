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
  /** What it is called where it lies; "" for the whole. */
  readonly name: string;
  readonly pointer: string;
  readonly depth: number;
  readonly faults: readonly Fault[];
  readonly files: TextFiles;
}

/** A value of JSON as a tree that opens and closes, with what is wrong at its place; only what is open is drawn. */
export function JsonTree(props: Props): JSX.Element {
  const { value, pointer, depth, faults, files } = props;
  const entries = entriesOf(value, pointer);
  const own = depth === 0 ? [] : faultsAt(faults, pointer);
  const wrong = own.map(({ message }) => (
    <span key={message} class="fault">
      {message}
    </span>
  ));
  if (entries !== undefined && entries.length > 0)
    return (
      <>
        <Branch {...props} entries={entries} />
        {wrong}
      </>
    );
  return (
    <>
      <Name {...props} /> <Leaf value={value} pointer={pointer} files={files} /> {wrong}
    </>
  );
}

function Name({ name }: Pick<Props, "name">): JSX.Element | null {
  return name === "" ? null : <b dir="auto">{name}</b>;
}

function Branch({
  entries,
  value,
  name,
  pointer,
  depth,
  faults,
  files,
}: Props & { readonly entries: readonly Entry[] }): JSX.Element {
  const inside = faultsWithin(faults, pointer);
  const [isOpen, setOpen] = useState(inside > 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES));
  const [shown, setShown] = useState(PART);
  const rest = entries.length - shown;
  return (
    <details
      open={isOpen}
      onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}
    >
      <summary>
        <Name name={name} />{" "}
        <span class="hint">
          {Array.isArray(value) ? "[…] " : "{…} "}
          {say.ticket.entries(entries.length)}
        </span>
        {inside === 0 || isOpen ? null : <span class="fault">{say.ticket.faults(inside)}</span>}
      </summary>
      {isOpen ? (
        <ul>
          {entries.slice(0, shown).map(({ key, ...entry }) => (
            <li key={key}>
              <JsonTree {...entry} name={key} depth={depth + 1} faults={faults} files={files} />
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
