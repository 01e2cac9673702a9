import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, Problem } from "../../data/api.ts";
import type { Model } from "../../data/model.ts";
import type { Shown } from "../../data/shapes.ts";
import { Counts } from "../../data/shown/counts.tsx";
import { PullRequest } from "../../data/shown/pullRequest.tsx";
import { doVerb, nextVerbs, verbName } from "../../data/verbs.ts";
import { say } from "../../words/say.ts";
import { FileView } from "./fileView.tsx";
import { countLines, type DiffFile, parseDiff } from "./parseDiff.ts";

/** What the server says of a ticket's work; see TicketDiff in /api/openapi.json. */
interface Answer {
  readonly branch: string | null;
  readonly base: string | null;
  readonly commits: readonly string[];
  readonly pullRequestUrl: string | null;
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
  model,
  read,
}: {
  readonly shown: Shown;
  readonly model: Model;
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
      {changed === undefined || changed instanceof Problem ? null : (
        <Files shown={shown} changed={changed} read={read} />
      )}
      {isOpen && category === "review" ? <Judge shown={shown} model={model} read={read} /> : null}
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

/** What can be done with work that waits for review, where one has read to its end. */
function Judge({ shown: { ticket }, model, read }: Parameters<typeof Changes>[0]): JSX.Element {
  const offers = nextVerbs(ticket, model.config).filter(({ verb }) => verb === "approve" || verb === "reject");
  return (
    <div class="buttons">
      {offers.map((offer) => (
        <button key={offer.verb} type="button" onClick={() => void doVerb(ticket.id, offer).then(read)}>
          {verbName(offer.verb)}
        </button>
      ))}
    </div>
  );
}

function Files({
  shown,
  changed,
  read,
}: {
  readonly shown: Shown;
  readonly changed: Changed;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const { id, notes } = shown.ticket;
  if (changed.files.length === 0) return <p class="empty">{say.changes.nothing}</p>;
  let room = LONG_ALL;
  return (
    <>
      <PullRequest url={changed.pullRequestUrl} />
      {changed.files.map((file, at) => {
        const { added, removed } = countLines(file);
        const isShort = added + removed <= LONG && room > 0;
        if (isShort) room -= added + removed;
        return <FileView key={`${file.path} ${at}`} id={id} notes={notes} file={file} isOpen={isShort} read={read} />;
      })}
      {changed.truncated ? <p class="empty">{say.changes.cut}</p> : null}
    </>
  );
}
