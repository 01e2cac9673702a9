import type { JSX } from "preact";
import type { Model } from "../data/model.ts";
import { hrefOf } from "../page/router.ts";
import { Stages } from "../page/stages.tsx";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { type Phase, phasesOf } from "./phaseRows.ts";

/** The phases of the board as a row: where tickets are, for whom, and how many a column takes. */
export function Phases({ model }: { readonly model: Model }): JSX.Element | null {
  const phases = phasesOf(model.columns, model.cards.values());
  if (phases.length === 0) return null;
  const stages = phases.map(({ name, columns }) => ({
    key: name,
    name,
    tone: columns.some(({ count, category }) => count > 0 && category === "active") ? "active" : "none",
    children: <Columns columns={columns} />,
  }));
  return (
    <section class="panel">
      <h2>{say.pipelines.phases}</h2>
      <Stages stages={stages} label={say.pipelines.phases} />
    </section>
  );
}

function Columns({ columns }: Pick<Phase, "columns">): JSX.Element {
  return (
    <>
      {columns.map(({ id, name, count, limit = null, role }) => (
        <span key={id}>
          <a href={hrefOf("board", { q: `status:${id}` })}>{name}</a>{" "}
          {limit === null ? number(count) : say.pipelines.of(count, limit)}
          {role === undefined ? null : <span class="hint"> {say.board.forRole(role)}</span>}
        </span>
      ))}
    </>
  );
}
