import type { JSX } from "preact";
import { say } from "../words/say.ts";
import type { Drawn } from "./graphData.ts";

/** What the colours say, in the order of the work. */
const CATEGORIES = ["todo", "active", "blocked", "review", "done", "cancelled", "failed", "missing"] as const;

/** What colours and lines say: of those that are there. */
export function Legend({ drawn, hasPath }: { readonly drawn: Drawn; readonly hasPath: boolean }): JSX.Element {
  const there = new Set(drawn.nodes.map(({ category }) => category));
  const kinds = new Set(drawn.parts);
  return (
    <div class="graph-legend">
      {CATEGORIES.map((category) =>
        there.has(category) ? (
          <span key={category} class={`state ${category}`}>
            <i aria-hidden="true" /> {say.categories[category]}
          </span>
        ) : null,
      )}
      {kinds.has(0) ? <Line name="waits" text={say.graph.firstLine} /> : null}
      {kinds.has(1) ? <Line name="part" text={say.graph.partLine} /> : null}
      {hasPath ? <Line name="critical" text={say.graph.pathLine} /> : null}
      {drawn.layout.layers.length > 1 ? <span>{say.graph.bands}</span> : null}
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
