import type { JSX } from "preact";
import type { Drawn, Node } from "./graphData.ts";

/** What the colours say, in the order of the work. */
const NAMES: readonly (readonly [category: NonNullable<Node["category"]>, name: string])[] = [
  ["todo", "to do"],
  ["active", "in progress"],
  ["blocked", "blocked"],
  ["review", "in review"],
  ["done", "done"],
  ["cancelled", "cancelled"],
  ["failed", "failed"],
  ["missing", "missing"],
];

/** What colours and lines say: of those that are there. */
export function Legend({ drawn, hasPath }: { readonly drawn: Drawn; readonly hasPath: boolean }): JSX.Element {
  const there = new Set(drawn.nodes.map(({ category }) => category));
  const kinds = new Set(drawn.parts);
  return (
    <div class="graph-legend">
      {NAMES.map(([category, name]) =>
        there.has(category) ? (
          <span key={category} class={`state ${category}`}>
            <i aria-hidden="true" /> {name}
          </span>
        ) : null,
      )}
      {kinds.has(0) ? <Line name="waits" text="first, then what waits for it" /> : null}
      {kinds.has(1) ? <Line name="part" text="part, and its whole" /> : null}
      {hasPath ? <Line name="critical" text="critical path: the longest chain" /> : null}
      {drawn.layout.layers.length > 1 ? <span>each band waits only for bands above it</span> : null}
    </div>
  );
}

function Line({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <span>
      <svg class={name} width="34" height="10" aria-hidden="true">
        <path d="M1 5 H31 M26 2 L31 5 L26 8" />
      </svg>{" "}
      {text}
    </span>
  );
}
