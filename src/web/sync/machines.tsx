import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Model, readSome } from "../data/model.ts";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { useFollowed } from "../page/followed.ts";
import { ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { ago, fullTime, halfMinute } from "../page/times.ts";
import { say } from "../words/say.ts";
import { Fact, TicketLines } from "./facts.tsx";
import { answers, useAsking } from "./useAsking.ts";

/** How the store stands to where it is shared; see SyncStatus in /api/openapi.json. */
interface Standing {
  readonly shared: boolean;
  readonly remote: string | null;
  readonly url: string | null;
  readonly ref: string;
  readonly auto: boolean;
  readonly ahead: number;
  readonly behind: number;
  readonly unconfirmed: readonly string[];
  readonly setAside: readonly { readonly path: string; readonly at: string }[];
  readonly seenAt: string | null;
  readonly failure: string | null;
  readonly failedAt: string | null;
}

interface Synced {
  readonly came: number;
  readonly went: number;
  readonly told: readonly { readonly path: string; readonly message: string }[];
  readonly notices: readonly string[];
  readonly trackers?: readonly {
    readonly tracker: string;
    readonly told: readonly { readonly id: string; readonly text: string }[];
    readonly left: readonly { readonly id: string; readonly why: string }[];
  }[];
  readonly dryRun?: true;
}

/** The store's sync with its remote: how it stands, what to do, and a button that does it. */
export function Machines({ model }: { readonly model: Model }): JSX.Element {
  const { answer, problem, read } = useAnswer<Standing>("/sync");
  useFollowed([answers], () => void read(), 0);
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    // No event tells of what others have heard.
    const ids = new Set([...before.current, ...(answer?.unconfirmed ?? [])]);
    before.current = answer?.unconfirmed ?? [];
    if (ids.size > 0) void readSome(ids);
  }, [answer?.unconfirmed.join()]);
  return (
    <section class="panel" aria-label={say.sync.machines}>
      <h2>{say.sync.machines}</h2>
      {answer === undefined ? <Unanswered problem={problem} read={read} /> : null}
      {answer?.shared === false ? (
        <p>{answer.remote === null ? say.sync.noRemote : say.sync.notShared(<code>ayo sync</code>)}</p>
      ) : null}
      {answer?.shared === true ? <Shared standing={answer} model={model} /> : null}
    </section>
  );
}

function Shared({ standing, model }: { readonly standing: Standing; readonly model: Model }): JSX.Element {
  const { remote, url, ref, auto, ahead, behind, seenAt, failure, failedAt } = standing;
  useValue(halfMinute);
  return (
    <>
      <dl class="facts">
        <Fact name={say.sync.remote}>
          {remote} {url === remote ? "" : <span class="hint">{url}</span>} <span class="hint">{ref}</span>
        </Fact>
        <Fact name={say.sync.last}>
          {seenAt === null ? say.sync.never : <time title={fullTime(seenAt)}>{ago(seenAt)}</time>}
        </Fact>
        <Fact name={say.sync.toSend}>{say.sync.commits(ahead)}</Fact>
        <Fact name={say.sync.toTake}>{say.sync.commits(behind)}</Fact>
        <Fact name={say.sync.itself}>{auto ? say.sync.yes : say.sync.no}</Fact>
      </dl>
      {failure === null ? null : <p class="notice">{say.sync.failed(ago(failedAt ?? ""), failure)}</p>}
      <Open standing={standing} model={model} />
      <SyncNow />
    </>
  );
}

/** What is not settled: claims that others do not know of, and files that gave way. */
function Open({
  standing: { unconfirmed, setAside },
  model,
}: {
  readonly standing: Standing;
  readonly model: Model;
}): JSX.Element {
  return (
    <>
      {unconfirmed.length === 0 ? null : (
        <>
          <h3>{say.sync.unconfirmed}</h3>
          <p class="hint">{say.sync.unconfirmedHint}</p>
          <ul class="lines">
            {unconfirmed.map((id) => (
              <li key={id}>
                <a href={ticketHref(id)}>
                  <span class="id">{id}</span> <span dir="auto">{model.cards.get(id)?.title}</span>
                </a>
                <span class="hint">{model.cards.get(id)?.claim?.by}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {setAside.length === 0 ? null : (
        <>
          <h3>{say.sync.setAside}</h3>
          <p class="hint">{say.sync.setAsideHint}</p>
          <ul class="lines">
            {setAside.map(({ path, at }) => (
              <li key={path}>
                <code>{path}</code> <time class="hint">{fullTime(at)}</time>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What a person is to hear, with the ticket that it is about. */
function linesOf({ told, notices, trackers = [] }: Synced): { id: string; text: string }[] {
  const idOf = (file: string): string => /([^/]+)\.md$/.exec(file)?.[1] ?? "";
  const own = told.map(({ path, message }) => ({ id: path.startsWith("projects/") ? "" : idOf(path), text: message }));
  const theirs = trackers.flatMap(({ tracker, told: said, left }) => [
    ...said.map(({ id, text }) => ({ id, text: `${tracker}: ${text}` })),
    ...left.map(({ id, why }) => ({ id, text: `${tracker}: ${why}` })),
  ]);
  return [...own, ...theirs, ...notices.map((text) => ({ id: "", text }))];
}

function SyncNow(): JSX.Element {
  const { busy, result, problem, ask } = useAsking<Synced>();
  return (
    <>
      <div class="buttons">
        <button type="button" class="main" aria-disabled={busy !== ""} onClick={() => void ask("sync", "/sync", {})}>
          {busy === "sync" ? say.sync.syncing : say.sync.now}
        </button>
        <button type="button" aria-disabled={busy !== ""} onClick={() => void ask("look", "/sync", { dryRun: true })}>
          {busy === "look" ? say.sync.syncing : say.sync.look}
        </button>
      </div>
      <div role="status">
        {result === undefined ? null : (
          <p>{result.dryRun ? say.sync.would(result.came, result.went) : say.sync.result(result.came, result.went)}</p>
        )}
        {result === undefined ? null : <TicketLines heading="" lines={linesOf(result)} />}
        {problem === "" ? null : <p class="notice">{problem}</p>}
      </div>
    </>
  );
}
