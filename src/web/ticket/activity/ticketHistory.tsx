import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, ticketPath } from "../../data/api.ts";
import type { Shown } from "../../data/shapes.ts";
import { ago, fullTime } from "../../page/times.ts";

interface Entry {
  readonly commit: string | null;
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly byHand: boolean;
}

/** Who changed what when, and the commits of the project that name the ticket. */
export function TicketHistory({
  id,
  version,
  commits,
}: {
  readonly id: string;
  readonly version: string;
  readonly commits: Shown["linkedCommits"];
}): JSX.Element {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    call<{ entries: Entry[] }>(ticketPath(id, "/history?limit=200"), { signal: stop.signal }).then(
      (answer) => setEntries(answer.entries),
      () => {},
    );
    return () => stop.abort();
  }, [id, version]);
  return (
    <section aria-label="History">
      {commits.length === 0 ? null : (
        <>
          <h2>Commits</h2>
          <ul class="commits">
            {commits.map(({ oid, subject, author, date }) => (
              <li key={oid}>
                <code>{oid.slice(0, 10)}</code> {subject} <span class="hint">{author}</span>{" "}
                {date === null ? null : <time title={fullTime(date)}>{ago(date)}</time>}
              </li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>History ({entries.length})</summary>
        <ol class="history">
          {entries.map(({ commit, at, actor, subject, byHand }) => (
            <li key={commit ?? at}>
              <time title={fullTime(at)}>{ago(at)}</time> <b>{actor}</b> {subject}
              {byHand ? <span class="hint"> by hand</span> : null}
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}
