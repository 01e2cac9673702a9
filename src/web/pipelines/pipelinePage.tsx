import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { call, refusal } from "../data/api.ts";
import { runVerb } from "../data/commands.ts";
import { type Card, isFinished } from "../data/shapes.ts";
import type { Pipeline, PipelineRun } from "../data/shown/pipelines.ts";
import { RunStages } from "../data/shown/runStages.tsx";
import { StatusMark } from "../data/shown/statusMark.tsx";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { draftName, useDraft } from "../page/drafts.ts";
import { hrefOf, ticketHref } from "../page/router.ts";
import { toast } from "../page/toasts.tsx";
import { say } from "../words/say.ts";
import { About } from "./about.tsx";

interface Shown {
  readonly pipeline: Pipeline | null;
  readonly runs: readonly Card[];
}

/** A pipeline: its steps, its runs with the tickets of each step, and a way to run it by hand. */
export function PipelinePage({ name }: { readonly name: string }): JSX.Element {
  const { answer, problem, read } = useAnswer<Shown>(`/pipelines/${encodeURIComponent(name)}`);
  useEffect(() => {
    document.title = `${name} · ${say.header.pipelines} · ayo`;
  }, [name]);
  return (
    <div class="pages">
      <nav class="crumbs" aria-label={say.ticket.where}>
        <a href={hrefOf("pipelines")}>{say.header.pipelines}</a> / <span>{name}</span>
      </nav>
      <h1 data-heading tabIndex={-1}>
        {name}
      </h1>
      {answer?.pipeline == null ? (
        <Unanswered problem={problem} read={read} />
      ) : (
        <>
          <About pipeline={answer.pipeline} />
          {answer.pipeline.state === "allowed" ? <RunByHand key={name} name={name} read={read} /> : null}
          <Runs runs={answer.runs} read={read} />
        </>
      )}
    </div>
  );
}

function Runs({ runs, read }: Pick<Shown, "runs"> & { readonly read: () => Promise<void> }): JSX.Element {
  const open = runs.filter((run) => !isFinished(run));
  return (
    <section aria-label={say.pipelines.runsOf}>
      <h2>{say.pipelines.runsOf}</h2>
      {runs.length === 0 ? <p class="empty">{say.pipelines.noRuns}</p> : null}
      {open.map((run) => (
        <OpenRun key={run.id} run={run} read={read} />
      ))}
      <ul class="lines">
        {runs.filter(isFinished).map((run) => (
          <li key={run.id}>
            <RunLink run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RunLink({ run: { id, title, status, category } }: { readonly run: Card }): JSX.Element {
  return (
    <>
      <a href={ticketHref(id)}>
        <span class="id">{id}</span> <span dir="auto">{title}</span>
      </a>{" "}
      <StatusMark status={status} category={category} />
    </>
  );
}

function OpenRun({ run, read }: { readonly run: Card; readonly read: () => Promise<void> }): JSX.Element {
  const { answer } = useAnswer<{ run: PipelineRun | null }>(`/pipelines/${encodeURIComponent(run.id)}`);
  const cancel = async (): Promise<void> => {
    await sent(`/pipeline-runs/${encodeURIComponent(run.id)}/cancel`, {});
    await read();
  };
  const why = answer?.run?.why ?? null;
  return (
    <div class="panel">
      <RunLink run={run} />
      {why === null ? null : <p class="notice">{why}</p>}
      {answer?.run == null ? null : <RunStages run={answer.run} />}
      <div class="buttons">
        {why === null ? null : (
          <button type="button" onClick={() => void runVerb(run.id, "unblock").then(read)}>
            {say.verbs.unblock}
          </button>
        )}
        <button type="button" onClick={() => void cancel()}>
          {say.pipelines.cancel}
        </button>
      </div>
    </div>
  );
}

function RunByHand({ name, read }: { readonly name: string; readonly read: () => Promise<void> }): JSX.Element {
  const { text: ticket, put: putTicket, sent: ticketSent } = useDraft(draftName("run-about", name));
  const { text: values, put: putValues, sent: valuesSent } = useDraft(draftName("run-values", name));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const set = values.split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
    const body = { ...(ticket.trim() === "" ? {} : { ticket: ticket.trim() }), ...(set.length === 0 ? {} : { set }) };
    // What is refused stays as it was typed.
    if (await sent(`/pipelines/${encodeURIComponent(name)}/run`, body)) {
      ticketSent(ticket);
      valuesSent(values);
    }
    await read();
  };
  return (
    <form class="toolbar" onSubmit={(event) => void submit(event)}>
      <input
        aria-label={say.pipelines.ticket}
        placeholder={say.pipelines.ticket}
        value={ticket}
        onInput={(event) => putTicket(event.currentTarget.value)}
      />
      <input
        aria-label={say.pipelines.values}
        placeholder={say.pipelines.values}
        size={34}
        value={values}
        onInput={(event) => putValues(event.currentTarget.value)}
      />
      <button type="submit">{say.pipelines.run}</button>
    </form>
  );
}

/** Sends something and says why where it is refused; whether it was taken. */
async function sent(path: string, body: unknown): Promise<boolean> {
  try {
    const { notices = [] } = await call<{ notices?: readonly string[] }>(path, { body });
    for (const text of notices) toast({ text, kind: "note" });
    return true;
  } catch (error) {
    toast({ text: refusal(error), kind: "error" });
    return false;
  }
}
