import type { JSX } from "preact";
import { useValue } from "../../page/state.ts";
import { Problem } from "../api.ts";
import { model } from "../model.ts";
import type { Category } from "../shapes.ts";

/** Where a ticket stands, with the colour of what its column means. */
export function StatusMark({
  status,
  category,
}: {
  readonly status: string;
  readonly category: Category | null;
}): JSX.Element {
  const known = useValue(model);
  const columns = known === undefined || known instanceof Problem ? [] : known.columns;
  return (
    <span class={`state ${category ?? "none"}`}>
      <i aria-hidden="true" /> {columns.find(({ id }) => id === status)?.name ?? status}
    </span>
  );
}
