import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, Problem } from "../../data/api.ts";
import type { Shown } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import { Counts } from "./counts.tsx";
import { FileView } from "./fileView.tsx";
import { countLines, type DiffFile, parseDiff } from "./parseDiff.ts";

/** What the server says of a ticket's work; see TicketDiff in /api/openapi.json. */
interface Answer {
  readonly branch: string | null;
  readonly base: string | null;
  readonly commits: readonly string[];
  readonly diff: string;
  readonly truncated: boolean;
}

interface Changed extends Omit<Answer, "diff"> {
  readonly files: readonly DiffFile[];
}

/** Files with more lines than that are closed at first; in all no more are open. */
const LONG = 400;
const LONG_ALL = 1500;

/**
 * What the work on a ticket has changed, file by file, with a word to say on each line. It is read when it is opened;
 * while a ticket waits for review it is open.
 */
export function Changes({
  shown,
  read,
}: {
  readonly shown: Shown;
  readonly read: () => Promise<void>;
}): JSX.Element | null {
  const { id, category, claim, status } = shown.ticket;
  const hasWork = shown.linkedCommits.length > 0 || typeof claim?.branch === "string";
  const [isOpen, setOpen] = useState(category === "review");
  const [changed, setChanged] = useState<Changed | Problem>();
  const newest = shown.linkedCommits[0]?.oid ?? "";
  useEffect(() => {
    if (!isOpen || !hasWork) return;
    const ending = new AbortController();
    call<Answer>(`/tickets/${encodeURIComponent(id)}/diff`, { signal: ending.signal }).then(
      ({ diff, ...rest }) => setChanged({ ...rest, files: parseDiff(diff) }),
      (error: unknown) => !ending.signal.aborted && error instanceof Problem && setChanged(error),
    );
    return () => ending.abort();
  }, [isOpen, id, status, newest, hasWork]);
  if (!hasWork) return null;
  return (
    <details class="changes" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{say.changes.heading}</h2>
        {changed === undefined || changed instanceof Problem ? null : <Sum changed={changed} />}
      </summary>
      {!isOpen ? null : changed === undefined ? <p class="waiting">{say.changes.reading}</p> : null}
      {changed instanceof Problem ? <p class="failure">{changed.message}</p> : null}
      {changed === undefined || changed instanceof Problem ? null : <Files id={id} changed={changed} read={read} />}
    </details>
  );
}

function Sum({ changed: { files, branch, base, commits } }: { readonly changed: Changed }): JSX.Element {
  const counts = files.map(countLines);
  const added = counts.reduce((sum, file) => sum + file.added, 0);
  const removed = counts.reduce((sum, file) => sum + file.removed, 0);
  return (
    <span class="sum">
      {branch === null ? say.changes.commits(commits.length) : say.changes.since(branch, base ?? "")}
      {" · "}
      {say.changes.files(files.length)} <Counts added={added} removed={removed} />
    </span>
  );
}

function Files({
  id,
  changed,
  read,
}: {
  readonly id: string;
  readonly changed: Changed;
  readonly read: () => Promise<void>;
}): JSX.Element {
  if (changed.files.length === 0) return <p class="empty">{say.changes.nothing}</p>;
  let room = LONG_ALL;
  return (
    <>
      {changed.files.map((file, at) => {
        const { added, removed } = countLines(file);
        const isShort = added + removed <= LONG && room > 0;
        if (isShort) room -= added + removed;
        return <FileView key={`${file.path} ${at}`} id={id} file={file} isOpen={isShort} read={read} />;
      })}
      {changed.truncated ? <p class="empty">{say.changes.cut}</p> : null}
    </>
  );
}
