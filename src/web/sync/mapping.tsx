import type { JSX } from "preact";
import type { Model } from "../data/model.ts";
import { say } from "../words/say.ts";

/** How values go over to a tracker; see TrackerMapping in /api/openapi.json. */
export interface Mapped {
  readonly mapping: {
    readonly rows: readonly { readonly column: string; readonly state: { readonly name: string } | null }[];
    readonly others: readonly { readonly state: { readonly name: string }; readonly column: string | null }[];
    readonly people: readonly { readonly here: string; readonly there: string }[];
    readonly missing: readonly string[];
  };
}

/** Which column is which state there, and who is who. */
export function Mapping({ mapped, model }: { readonly mapped: Mapped; readonly model: Model }): JSX.Element {
  const { rows, others, people, missing } = mapped.mapping;
  const nameOf = (id: string | null): string => model.columns.find((one) => one.id === id)?.name ?? id ?? "–";
  return (
    <>
      {missing.map((text) => (
        <p key={text} class="notice">
          {text}
        </p>
      ))}
      <Table
        heads={[say.sync.column, say.sync.state]}
        rows={[
          ...rows.map(({ column, state }) => [nameOf(column), state === null ? say.sync.unmapped : `↔ ${state.name}`]),
          ...others.map(({ state, column }) => [nameOf(column), `← ${state.name}`]),
        ]}
      />
      {people.length === 0 ? null : (
        <Table heads={[say.sync.person, say.sync.there]} rows={people.map(({ here, there }) => [here, `↔ ${there}`])} />
      )}
    </>
  );
}

function Table({
  heads,
  rows,
}: {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr key={cells.join(" ")}>
            {cells.map((cell) => (
              <td key={cell}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
