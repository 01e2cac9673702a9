import type { JSX } from "preact";
import type { Model } from "../data/model.ts";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { draftName, useDraft } from "../page/drafts.ts";
import { useFollowed } from "../page/followed.ts";
import { useValue } from "../page/state.ts";
import { ago, clockTime, fullTime, halfMinute } from "../page/times.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Fact, TicketLines } from "./facts.tsx";
import { type Mapped, Mapping } from "./mapping.tsx";
import { answers, useAsking } from "./useAsking.ts";

interface Item {
  readonly id: string;
  readonly key: string;
}

/** A tracker as it is known here without asking it; see TrackerStatus in /api/openapi.json. */
interface Standing {
  readonly tracker: string;
  readonly place: string;
  readonly url: string;
  readonly push: "linked" | "all";
  readonly key: boolean;
  readonly allowed: boolean;
  readonly syncedAt: string | null;
  readonly trouble: readonly string[];
  readonly linked: number;
  readonly detached: readonly Item[];
  readonly unlinked: readonly Item[];
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly refused: readonly { readonly id: string; readonly part: string; readonly why: string | null }[];
  readonly until: string | null;
}

interface Synced {
  readonly came: number;
  readonly sent: number;
  readonly told: readonly { readonly id: string; readonly text: string }[];
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly notices: readonly string[];
}

/** The trackers that the store is kept the same with. */
export function Trackers({ model }: { readonly model: Model }): JSX.Element {
  const { answer, problem, read } = useAnswer<{ trackers: readonly Standing[] }>("/trackers");
  useFollowed([answers], () => void read(), 0);
  if (answer === undefined) return <Unanswered problem={problem} read={read} />;
  return (
    <section aria-label={say.sync.trackers}>
      <h2>{say.sync.trackers}</h2>
      {answer.trackers.length === 0 ? <p class="empty">{say.sync.noTracker(<code>ayo tracker add</code>)}</p> : null}
      {answer.trackers.map((standing) => (
        <Tracker key={standing.tracker} standing={standing} model={model} />
      ))}
    </section>
  );
}

interface Props {
  readonly standing: Standing;
  readonly model: Model;
}

function Tracker({ standing, model }: Props): JSX.Element {
  const { tracker, place, push, key, allowed, syncedAt, linked, until, trouble } = standing;
  useValue(halfMinute);
  return (
    <section class="panel" aria-label={`${tracker} ${place}`}>
      <h3>{tracker}</h3>
      <dl class="facts">
        <Fact name={say.sync.place}>
          <b>{place}</b> <span class="hint">{say.sync.pushed[push]}</span>
        </Fact>
        <Fact name={say.sync.lastSync}>
          {syncedAt === null ? say.sync.never : <time title={fullTime(syncedAt)}>{ago(syncedAt)}</time>}
        </Fact>
        <Fact name={say.sync.linked}>{number(linked)}</Fact>
      </dl>
      {[
        ...trouble,
        ...(key ? [] : [say.sync.noKey]),
        ...(until === null ? [] : [say.sync.until(clockTime(until))]),
      ].map((text) => (
        <p key={text} class="notice">
          {text}
        </p>
      ))}
      {allowed ? null : <p class="notice">{say.sync.notAllowed(<code>ayo allow trackers.{tracker}.url</code>)}</p>}
      <Waiting standing={standing} />
      <Acts standing={standing} model={model} />
    </section>
  );
}

function Waiting({ standing: { left, refused, detached, unlinked } }: Pick<Props, "standing">): JSX.Element {
  const named = (items: readonly Item[]) => items.map(({ id, key }) => ({ id, text: key }));
  return (
    <>
      <TicketLines heading={say.sync.waiting} lines={left.map(({ id, why }) => ({ id, text: why }))} />
      <TicketLines
        heading={say.sync.refused}
        hint={say.sync.refusedHint}
        lines={refused.map(({ id, part, why }) => ({ id, text: `${part}: ${why ?? say.sync.notSaid}` }))}
      />
      <TicketLines heading={say.sync.detached} lines={named(detached)} />
      <TicketLines heading={say.sync.unlinked} lines={named(unlinked)} />
    </>
  );
}

function Acts({ standing: { tracker }, model }: Props): JSX.Element {
  const { busy, result, problem, ask } = useAsking<Synced>();
  const mapping = useAsking<Mapped>();
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          class="main"
          aria-disabled={busy !== ""}
          onClick={() => void ask("sync", "/trackers/sync", { tracker })}
        >
          {busy === "" ? say.sync.now : say.sync.syncing}
        </button>
        <button type="button" onClick={() => void mapping.ask("map", `/trackers/mapping?tracker=${tracker}`)}>
          {say.sync.mapping}
        </button>
      </div>
      <div class="toolbar">
        <One
          kind="pull"
          tracker={tracker}
          name={say.sync.pull}
          hint={say.sync.pullHint}
          act={(key) => ask("pull", "/trackers/pull", { tracker, keys: [key] })}
        />
        <One
          kind="publish"
          tracker={tracker}
          name={say.sync.publish}
          hint={say.sync.publishHint}
          act={(id) => ask("publish", "/trackers/publish", { tracker, ids: [id] })}
        />
      </div>
      <div role="status">
        {result === undefined ? null : <Result synced={result} />}
        {[problem, mapping.problem].map((text) =>
          text === "" ? null : (
            <p key={text} class="notice">
              {text}
            </p>
          ),
        )}
      </div>
      {mapping.result === undefined ? null : <Mapping mapped={mapping.result} model={model} />}
    </>
  );
}

function Result({ synced: { came, sent, told, left, notices } }: { readonly synced: Synced }): JSX.Element {
  const lines = [
    ...told,
    ...left.map(({ id, why }) => ({ id, text: why })),
    ...notices.map((text) => ({ id: "", text })),
  ];
  return (
    <>
      <p>{say.sync.result(came, sent)}</p>
      <TicketLines heading="" lines={lines} />
    </>
  );
}

/** A field for the name of one thing, and the button that does something with it. */
function One({
  kind,
  tracker,
  name,
  hint,
  act,
}: {
  /** Under which its words are kept until they are taken. */
  readonly kind: string;
  readonly tracker: string;
  readonly name: string;
  readonly hint: string;
  readonly act: (text: string) => Promise<boolean>;
}): JSX.Element {
  const { text, put, sent } = useDraft(draftName(kind, tracker));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.trim() !== "" && (await act(text.trim()))) sent(text);
  };
  return (
    <form class="buttons" onSubmit={(event) => void submit(event)}>
      <input
        aria-label={`${name}: ${hint}`}
        placeholder={hint}
        value={text}
        onInput={(event) => put(event.currentTarget.value)}
      />
      <button type="submit">{name}</button>
    </form>
  );
}
