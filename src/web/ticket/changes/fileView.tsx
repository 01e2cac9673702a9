import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { runVerb } from "../../data/commands.ts";
import type { Shown } from "../../data/shapes.ts";
import { Counts } from "../../data/shown/counts.tsx";
import { draftName, useDraft } from "../../page/drafts.ts";
import { ago, fullTime } from "../../page/times.ts";
import { say } from "../../words/say.ts";
import { Writing } from "../../writing/writing.tsx";
import { noteOnLine, notesOnLine } from "./lineNotes.ts";
import { countLines, type DiffFile, type DiffLine, isCutAbove } from "./parseDiff.ts";

interface Props {
  readonly id: string;
  /** Those that may be about a line. */
  readonly notes: Shown["ticket"]["notes"];
  readonly file: DiffFile;
  readonly isOpen: boolean;
  readonly read: () => Promise<void>;
}

const SIGN = { same: " ", added: "+", removed: "−" } as const;

/** A file with its changed lines; each line has a button to say something about it. */
export function FileView({ id, notes, file, isOpen: isFirst, read }: Props): JSX.Element {
  const [isOpen, setOpen] = useState(isFirst);
  const [at, setAt] = useState("");
  const { path, from, facts, hunks } = file;
  const name = from === "" || from === path ? path : `${from} → ${path}`;
  return (
    <details class="file" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{name}</code> <Counts {...countLines(file)} />
      </summary>
      {!isOpen ? null : (
        // It scrolls where lines are long.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        <section class="lines" aria-label={path} tabIndex={0}>
          {hunks.length === 0 ? <p class="empty">{facts.join(", ") || say.changes.noLines}</p> : null}
          <table>
            {hunks.map((hunk, nth) => (
              <tbody key={nth}>
                {isCutAbove(hunk) ? (
                  <tr class="hunk">
                    <td colSpan={4}>{`… ${hunk.heading}`.trim()}</td>
                  </tr>
                ) : null}
                {hunk.lines.map((line, n) => {
                  const key = `${nth} ${n}`;
                  return (
                    <LineView
                      key={key}
                      line={line}
                      notes={notesOnLine(notes, path, line)}
                      isAsked={at === key}
                      ask={() => setAt(at === key ? "" : key)}
                      box={(close) => <LineBox id={id} path={path} line={line} close={close} read={read} />}
                    />
                  );
                })}
              </tbody>
            ))}
          </table>
        </section>
      )}
    </details>
  );
}

function LineView({
  line,
  notes,
  isAsked,
  ask,
  box,
}: {
  readonly line: DiffLine;
  readonly notes: Props["notes"];
  readonly isAsked: boolean;
  readonly ask: () => void;
  readonly box: (close: () => void) => JSX.Element;
}): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  // The keyboard goes on at the line.
  const close = (): void => {
    ask();
    button.current?.focus();
  };
  return (
    <>
      <tr class={line.kind}>
        <td class="number">{line.before ?? ""}</td>
        <td class="number">{line.after ?? ""}</td>
        <td class="say">
          <button
            ref={button}
            type="button"
            class="plain"
            aria-expanded={isAsked}
            aria-label={labelOf(line)}
            onClick={ask}
          >
            {SIGN[line.kind]}
          </button>
        </td>
        <td>
          <code>{line.text}</code>
        </td>
      </tr>
      {notes.map(({ id, by, at, text }) => (
        <tr key={id} class="box">
          <td colSpan={4}>
            <b>{by ?? say.somebody}</b> <time title={fullTime(at)}>{ago(at)}</time>
            <p dir="auto">{text}</p>
          </td>
        </tr>
      ))}
      {isAsked ? (
        <tr class="box">
          <td colSpan={4}>{box(close)}</td>
        </tr>
      ) : null}
    </>
  );
}

function labelOf({ kind, before, after }: DiffLine): string {
  const label = say.changes.comment(after ?? before ?? 0);
  return kind === "removed" ? say.changes.removed(label) : label;
}

/** What is typed about a line becomes a note of the ticket, which whoever works on it reads. */
function LineBox({
  id,
  path,
  line,
  close,
  read,
}: {
  readonly id: string;
  readonly path: string;
  readonly line: DiffLine;
  readonly close: () => void;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const { text, put, sent } = useDraft(draftName(`line ${path}:${line.before ?? ""}:${line.after ?? ""}`, id));
  const send = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || !(await runVerb(id, "comments", { text: noteOnLine(path, line, text) }))) return;
    sent(text);
    close();
    await read();
  };
  return (
    <form class="note-box" onSubmit={(event) => void send(event)}>
      <Writing label={labelOf(line)} rows={2} isSmall field={field} text={text} put={put} send={() => void send()} />
      <button type="submit" disabled={text.trim() === ""}>
        {say.changes.send}
      </button>{" "}
      <button type="button" class="quiet" onClick={close}>
        {say.cancel}
      </button>
    </form>
  );
}
