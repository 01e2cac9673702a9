import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { type Card, isFinished } from "../data/shapes.ts";
import { StatusMark } from "../data/shown/statusMark.tsx";
import { Dot } from "../page/dot.tsx";
import { useKeys } from "../page/keys.ts";
import { route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { walkFound } from "./walkFound.ts";

type Found = Card & {
  readonly score: number;
  readonly snippet: string;
  readonly marks: readonly (readonly [from: number, after: number])[];
};

interface Answer {
  readonly tickets: readonly Found[];
  readonly total: number;
  readonly notices: readonly string[];
}

/** The first letter is searched for at once, and what is typed on at most so often, in milliseconds. */
const EVERY = 100;
const LIMIT = 50;

/** Finds tickets by words and by meaning, wherever they stand. */
export function SearchView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { q = "", type = "", all = "" } = params;
  const { answer, failure, isBusy } = useSearch(q, type, all, model);
  useKeys(walkFound);
  useEffect(() => {
    document.title = `${q === "" ? say.header.search : q} · ayo`;
  }, [q]);
  return (
    <div class="search">
      <h1 class="sr">{say.header.search}</h1>
      <div class="toolbar">
        <Field q={q} />
        <label>
          {say.search.by}{" "}
          <select value={type} onChange={(event) => setParams({ type: event.currentTarget.value })}>
            <option value="">{say.search.both}</option>
            <option value="keyword">{say.search.words}</option>
            <option value="semantic">{say.search.meaning}</option>
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={all !== ""}
            onChange={(event) => setParams({ all: event.currentTarget.checked ? "1" : "" })}
          />{" "}
          {say.search.archiveToo}
        </label>
        <span class="shown" role="status">
          {isBusy ? say.search.searching : answer === undefined ? "" : countText(answer)}
        </span>
      </div>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      {answer?.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {q.trim() === "" ? <Hints /> : null}
      {answer !== undefined && answer.tickets.length === 0 && q.trim() !== "" ? (
        <p class="welcome">{say.search.nothing}</p>
      ) : null}
      <ol class="found">
        {answer?.tickets.map((ticket) => (
          <FoundTicket key={ticket.id} ticket={ticket} />
        ))}
      </ol>
    </div>
  );
}

function Field({ q }: { readonly q: string }): JSX.Element {
  return (
    <input
      type="search"
      data-filter
      // The view is for nothing else.
      ref={(field) => void (document.activeElement === document.body && field?.focus())}
      aria-label={say.header.search}
      placeholder={say.search.placeholder}
      value={q}
      dir="auto"
      onInput={(event) => setParams({ q: event.currentTarget.value })}
      onKeyDown={(event) => event.key === "ArrowDown" && walkFound(event) && event.preventDefault()}
    />
  );
}

function useSearch(q: string, type: string, all: string, model: Model) {
  const [answer, setAnswer] = useState<Answer>();
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const sentAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (q.trim() === "") return setAnswer(undefined);
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        sentAt.current = performance.now();
        setBusy(true);
        const query = new URLSearchParams({
          q,
          limit: String(LIMIT),
          ...(type && { type }),
          ...(all && { all: "true" }),
        });
        call<Answer>(`/search?${query}`, { signal: stop.signal })
          .then(
            (found) => {
              setAnswer(found);
              setFailure("");
            },
            (error: Error) => error.name !== "AbortError" && setFailure(error.message),
          )
          .finally(() => setBusy(false));
      },
      sentAt.current + EVERY - performance.now(),
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q, type, all, model]);
  return { answer, failure, isBusy };
}

function countText({ total, tickets }: Answer): string {
  return total > tickets.length ? say.search.best(tickets.length, total) : say.search.found(total);
}

function FoundTicket({ ticket }: { readonly ticket: Found }): JSX.Element {
  const { id, title, status, category, type, priority, project, assignee, snippet, marks } = ticket;
  return (
    <li class={isFinished(ticket) ? "finished" : ""}>
      <a href={ticketHref(id)}>
        <span class="id">{id}</span> <b dir="auto">{title}</b>
      </a>
      <p class="facts">
        <StatusMark status={status} category={category} />
        {type === null ? null : <span>{type}</span>}
        <span class={`priority p${priority}`}>{say.priorities[priority] ?? `${say.fields.priority} ${priority}`}</span>
        {project === null ? null : <OfProject word={project} />}
        {assignee === null ? null : <span>{assignee}</span>}
      </p>
      {snippet === "" ? null : <p dir="auto">{marked(snippet, marks)}</p>}
    </li>
  );
}

function OfProject({ word }: { readonly word: string }): JSX.Element {
  const { name = word, color = null } = useValue(projects).find(word) ?? {};
  return (
    <span class="project">
      <Dot color={color} /> {name}
    </span>
  );
}

function marked(text: string, marks: Found["marks"] = []): (string | JSX.Element)[] {
  const parts: (string | JSX.Element)[] = [];
  let at = 0;
  for (const [from, after] of marks) {
    if (from < at) continue;
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, after)}</mark>);
    at = after;
  }
  return [...parts, text.slice(at)];
}

function Hints(): JSX.Element {
  const rows = [
    [say.search.hintWords, say.search.hintWordsMean],
    [say.search.hintExact, say.search.hintExactMeans],
    [say.search.hintWithout, say.search.hintWithoutMeans],
    ["is:ready  is:blocked  is:open", say.search.byState],
    ["tag:ui  type:bug  priority:<2", say.search.byField],
    ["assignee:@name  project:web", ""],
    ["created:>2026-01-01  closed:7d", say.search.byTime],
  ] as const;
  return (
    <dl class="hints">
      {rows.map(([query, what]) => (
        <div key={query}>
          <dt>
            <code>{query}</code>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
