import type { JSX } from "preact";
import { termFor } from "../data/filter/filterTerms.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import type { Projects } from "../data/projects.ts";
import type { Card } from "../data/shapes.ts";
import { setParams } from "../page/router.ts";
import { storedState, useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Step, Unsure } from "./cards/badges.tsx";
import { CardLink, ChooseBox } from "./cards/cardLink.tsx";
import { CardRows, Empty } from "./cards/cardRows.tsx";
import { Blocked, Due, Question, Who } from "./cards/signs.tsx";
import { Term } from "./cards/term.tsx";
import { useDrawnRows } from "./drawnRows.ts";
import type { Lane } from "./lanes.ts";
import { LIST_COLUMNS, type ListColumn, ROW_HEIGHT } from "./listRows.ts";
import { focused } from "./move/drag.ts";

/** Which columns are shown, for this browser. */
const chosenColumns = storedState("list.columns", "priority assignee tags due");

/** The tickets of the board below each other: the same cards, keys and lists. */
export function ListView({
  list,
  model,
  sort,
  beside,
}: {
  readonly list: Lane;
  readonly model: Model;
  readonly sort: string;
  readonly beside: string;
}): JSX.Element {
  const { box, rows, onScroll } = useDrawnRows(list, ROW_HEIGHT);
  const stop = useValue(focused);
  const shown = useValue(chosenColumns).split(" ");
  const columns = LIST_COLUMNS.filter((name) => shown.includes(name));
  const tabStop = list.cards.some(({ id }) => id === stop.id) ? stop.id : list.cards[0]?.id;
  return (
    <div class="board list" style={{ "--columns": columns.map((name) => WIDTHS[name]).join(" ") }}>
      <Head columns={columns} sort={sort} />
      <div class="cards" ref={box} onScroll={onScroll}>
        <CardRows lane={list} drawn={rows} label={say.board.tickets}>
          {(card) => (
            <>
              <CardLink card={card} lane={list} kind="row" isOpen={beside === card.id} isTabStop={tabStop === card.id}>
                <span class="id">{card.id}</span>
                <Title card={card} columns={columns} />
                {columns.map((name) => (
                  <Cell key={name} name={name} card={card} model={model} />
                ))}
              </CardLink>
              <ChooseBox id={card.id} />
            </>
          )}
        </CardRows>
        <Empty lane={list} />
      </div>
    </div>
  );
}

const WIDTHS: Readonly<Record<ListColumn, string>> = {
  status: "8rem",
  priority: "4.5rem",
  type: "5rem",
  assignee: "9rem",
  tags: "10rem",
  project: "9rem",
  due: "6.5rem",
  created: "6.5rem",
};

/** The title, and the signs that no column has. */
function Title({ card, columns }: { readonly card: Card; readonly columns: readonly ListColumn[] }): JSX.Element {
  return (
    <span class="title">
      <span dir="auto">{card.title}</span>
      <Step card={card} />
      <Blocked card={card} />
      <Unsure card={card} />
      <Question card={card} />
      {columns.includes("assignee") || card.claim === null ? null : <Who card={card} />}
      {columns.includes("due") ? null : <Due card={card} />}
    </span>
  );
}

function Cell({
  name,
  card,
  model,
}: {
  readonly name: ListColumn;
  readonly card: Card;
  readonly model: Model;
}): JSX.Element {
  const { find } = useValue(projects);
  if (name === "tags") {
    return (
      <span class="cell tags" title={card.tags.join(", ")}>
        {card.tags.map((tag) => (
          <Term key={tag} class="tag" term={termFor("tag", tag)}>
            {tag}
          </Term>
        ))}
      </span>
    );
  }
  if (name === "assignee" || name === "due") {
    return <span class={`cell ${name}`}>{name === "due" ? <Due card={card} isDay /> : <Who card={card} />}</span>;
  }
  const values: Readonly<
    Record<Exclude<ListColumn, "tags" | "assignee" | "due">, readonly [text: string, term: string | undefined]>
  > = {
    status: [model.columns.find(({ id }) => id === card.status)?.name ?? card.status, termFor("status", card.status)],
    priority: [`P${card.priority}`, termFor("priority", String(card.priority))],
    type: [card.type ?? "", termFor("type", card.type ?? "")],
    project: [projectName(card, find), termFor("project", card.project ?? "")],
    created: [dayText(card.created ?? ""), undefined],
  };
  const [text, term] = values[name];
  return (
    <span class={`cell ${name}`} title={text === "" ? undefined : `${say.fields[name]} ${text}`}>
      <Term class="value" term={term} title="">
        {text}
      </Term>
    </span>
  );
}

function projectName({ project }: Card, find: Projects["find"]): string {
  return project === null ? "" : (find(project)?.name ?? project);
}

/** The names of the columns: a press sorts by one, another turns it round, a third lets go. */
function Head({ columns, sort }: { readonly columns: readonly ListColumn[]; readonly sort: string }): JSX.Element {
  return (
    <div class="list-head">
      {(["id", "title", ...columns] as const).map((name) => (
        <button
          key={name}
          type="button"
          class="quiet"
          aria-pressed={sort.replace("-", "") === name}
          onClick={() => setParams({ sort: nextSort(sort, name) })}
        >
          {capital(say.fields[name])}
          <span aria-hidden="true">{sort === name ? " ↑" : sort === `-${name}` ? " ↓" : ""}</span>
          <span class="sr">
            {sort === name ? `, ${say.board.sorted}` : sort === `-${name}` ? `, ${say.board.sortedBack}` : ""}
          </span>
        </button>
      ))}
      <details class="list-columns">
        <summary aria-label={say.board.columns}>⋯</summary>
        <div>
          {LIST_COLUMNS.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={columns.includes(name)} onChange={() => toggleColumn(name)} />{" "}
              {capital(say.fields[name])}
            </label>
          ))}
        </div>
      </details>
    </div>
  );
}

function nextSort(sort: string, name: string): string {
  return sort === name ? `-${name}` : sort === `-${name}` ? "" : name;
}

function toggleColumn(name: ListColumn): void {
  const shown = new Set(chosenColumns.get().split(" "));
  if (!shown.delete(name)) shown.add(name);
  chosenColumns.set([...shown].join(" "));
}
