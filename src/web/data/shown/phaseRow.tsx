import type { JSX } from "preact";
import { hrefOf } from "../../page/router.ts";
import { Stages } from "../../page/stages.tsx";
import { number } from "../../words/forms.ts";
import { say } from "../../words/say.ts";
import type { Card, Column } from "../shapes.ts";
import { type Phase, phasesOf } from "./phases.ts";

/** The phases of the board as a row: what is in their columns, for whom, how many they take, and how much is past them. */
export function PhaseRow({
  columns,
  cards,
  query = "",
}: {
  readonly columns: readonly Column[];
  readonly cards: Iterable<Card>;
  /** What the tickets have in common, as the filter says it. */
  readonly query?: string;
}): JSX.Element | null {
  const { phases, total } = phasesOf(columns, cards);
  if (phases.length === 0) return null;
  const stages = phases.map(({ name, columns: own, beyond }) => ({
    key: name,
    name,
    tone: own.some(({ count, category }) => count > 0 && category !== "todo") ? "active" : "none",
    children: (
      <>
        <Columns columns={own} query={query} />
        {total === 0 ? null : (
          <progress
            max={total}
            value={beyond}
            aria-label={say.pipelines.beyond(beyond, total)}
            title={say.pipelines.beyond(beyond, total)}
          />
        )}
      </>
    ),
  }));
  return <Stages stages={stages} label={say.pipelines.phases} />;
}

function Columns({ columns, query }: Pick<Phase, "columns"> & { readonly query: string }): JSX.Element {
  return (
    <>
      {columns.map(({ id, name, count, limit = null, role }) => (
        <span key={id}>
          <a href={hrefOf("board", { q: `${query} status:${id}`.trim() })}>{name}</a>{" "}
          {limit === null || query !== "" ? number(count) : say.pipelines.of(count, limit)}
          {role === undefined ? null : <span class="hint"> {say.board.forRole(role)}</span>}
        </span>
      ))}
    </>
  );
}
