import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../data/api.ts";
import { FIRST_LINES, lines, needs, refreshInbox, wantLines } from "../data/inbox.ts";
import type { Model } from "../data/model.ts";
import { hrefOf, route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { kindName } from "./kinds.ts";
import { LineList } from "./lineList.tsx";
import { NotifyButton } from "./notifyButton.tsx";

/** So many lines are shown at first. */
const FIRST = FIRST_LINES.limit;

/** What needs who looks at the page, and what can be done about it right here. */
export function InboxView({ model }: { readonly model: Model }): JSX.Element {
  const { kind = "" } = useValue(route).params;
  const { workflow, dir } = model.config;
  const [limits, setLimits] = useState({ kind, limit: FIRST });
  const limit = limits.kind === kind ? limits.limit : FIRST;
  const page = useValue(lines);
  useEffect(() => {
    document.title = `${say.header.inbox} · ${workflow} · ayo`;
  }, [workflow]);
  useEffect(() => wantLines({ kind, limit }), [kind, limit, dir]);
  useEffect(() => () => wantLines(undefined), []);
  return (
    <>
      <h1 class="sr">{say.inbox.heading(workflow)}</h1>
      <Kinds kind={kind} />
      {page instanceof Problem ? <Failed problem={page} /> : null}
      {page === undefined || (!(page instanceof Problem) && page.kind !== kind) ? (
        <p class="waiting" aria-busy="true">
          {say.inbox.reading}
        </p>
      ) : null}
      {page !== undefined && !(page instanceof Problem) && page.kind === kind ? (
        <LineList
          key={`${dir} ${kind}`}
          page={page}
          config={model.config}
          at={route.get().params.line ?? ""}
          more={() => setLimits({ kind, limit: 2 * limit })}
        />
      ) : null}
    </>
  );
}

/** How much there is of each kind, and the way to see only that. */
function Kinds({ kind }: { readonly kind: string }): JSX.Element {
  const { total = 0, counts = {} } = useValue(needs) ?? {};
  const all: [kind: string, count: number][] = [["", total], ...Object.entries(counts)];
  // The one that is shown stays when the last of it has gone.
  if (all.every(([name]) => name !== kind)) all.push([kind, 0]);
  return (
    <div class="toolbar">
      {all.length < 3 && kind === "" ? null : (
        <nav class="kinds" aria-label={say.inbox.kinds}>
          {all.map(([name, count]) => (
            <a
              key={name}
              href={hrefOf("inbox", { kind: name })}
              {...(name === kind ? { "aria-current": "page" as const } : {})}
            >
              {name === "" ? say.all : kindName(name)} <span class="count">{count}</span>
            </a>
          ))}
        </nav>
      )}
      <span class="sr" role="status">
        {total === 0 ? "" : say.header.needsYou(total)}
      </span>
      <NotifyButton />
    </div>
  );
}

function Failed({ problem }: { readonly problem: Problem }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <p>{say.inbox.unreadable(problem.message)}</p>
      <button type="button" onClick={() => void refreshInbox()}>
        {say.tryAgain}
      </button>
    </div>
  );
}
