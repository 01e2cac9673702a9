import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import type { Category } from "../data/shapes.ts";
import { StatusMark } from "../data/shown/statusMark.tsx";
import { hrefOf, route, ticketHref } from "../page/router.ts";
import { useSeenRows } from "../page/seenRows.ts";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { say } from "../words/say.ts";
import { timeText } from "./links.tsx";

interface Row {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: Category | null;
  readonly assignee: string | null;
  readonly created: string | null;
  readonly started: string | null;
  readonly closed: string | null;
}

/** A row's height, in CSS pixels. */
const HEIGHT = 36;

/** The tickets that a figure counts, the archive's too. */
export function ListedTickets({ model }: { readonly model: Model }): JSX.Element {
  const { list = "", ids = "", ...params } = useValue(route).params;
  const { rows, failure } = useRows(model, list, ids);
  const { box, from, to, at, onScroll, put } = useSeenRows(rows?.length ?? 0, { height: HEIGHT });
  return (
    <>
      <h1 class="sr">{say.stats.listed}</h1>
      <div class="toolbar">
        <a href={hrefOf("stats", params)}>← {say.header.stats}</a>
        <span class="shown" role="status">
          {rows === undefined ? (failure === "" ? say.stats.counting : "") : say.data.tickets(rows.length)}
        </span>
        {list === "" ? null : (
          <>
            <code class="of">{list}</code>
            <a href={hrefOf("board", { q: list, view: "list" })}>{say.stats.onBoard}</a>
          </>
        )}
      </div>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      <div class="listed" ref={box} onScroll={onScroll}>
        <ul style={{ height: `${HEIGHT * (rows?.length ?? 0)}px` }}>
          {rows?.slice(from, to).map((row, n) => (
            <li
              key={row.id}
              aria-posinset={from + n + 1}
              aria-setsize={rows.length}
              style={{ top: `${HEIGHT * (from + n)}px` }}
            >
              <a
                href={ticketHref(row.id)}
                data-row={from + n}
                tabIndex={from + n === at ? 0 : -1}
                onFocus={() => put(from + n)}
              >
                <span class="id">{row.id}</span>
                <span class="title" dir="auto">
                  {row.title}
                </span>
                <StatusMark status={row.status} category={row.category} />
                <span>{row.assignee ?? ""}</span>
                <span>{cycleText(row)}</span>
                <span>{dayText((row.closed ?? row.created) || "")}</span>
              </a>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function cycleText({ category, started, closed }: Row): string {
  const seconds = (Date.parse(closed ?? "") - Date.parse(started ?? "")) / 1000;
  return category === "done" && seconds >= 0 ? timeText(seconds) : "";
}

function useRows(model: Model, list: string, ids: string) {
  const [rows, setRows] = useState<readonly Row[]>();
  const [failure, setFailure] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    const query = new URLSearchParams({
      all: "true",
      query: list === "" ? `id:${ids}` : list,
      limit: "1000000",
      fields: "id,title,status,category,assignee,created,started,closed",
    });
    call<{ tickets: readonly Row[] }>(`/tickets?${query}`, { signal: stop.signal }).then(
      ({ tickets }) => {
        setFailure("");
        setRows(list === "" ? named(tickets, ids) : newestFirst(tickets));
      },
      (error: Error) => error.name !== "AbortError" && setFailure(error.message),
    );
    return () => stop.abort();
  }, [model, list, ids]);
  return { rows, failure };
}

/** Exactly those, in their order: the filter takes parts of ids too. */
function named(tickets: readonly Row[], ids: string): readonly Row[] {
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  return ids.split(",").flatMap((id) => byId.get(id) ?? []);
}

function newestFirst(tickets: readonly Row[]): readonly Row[] {
  return tickets.toSorted((left, right) => (timeOf(right) < timeOf(left) ? -1 : 1));
}

function timeOf({ closed, created }: Row): string {
  return closed ?? created ?? "";
}
