import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ticketHref } from "../page/router.ts";
import { say } from "../words/say.ts";
import type { Drawn } from "./graphData.ts";

/** As many lines are made; the rest is counted. */
const LINES = 500;

/** The same for those who read rather than look. */
export function AsText({
  drawn,
  critical,
}: {
  readonly drawn: Drawn;
  readonly critical: readonly number[];
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-text" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.graph.asText}</summary>
      {isOpen ? <Lines drawn={drawn} critical={critical} /> : null}
    </details>
  );
}

function Lines({ drawn, critical }: { readonly drawn: Drawn; readonly critical: readonly number[] }): JSX.Element {
  const { nodes, edges, parts, layout } = drawn;
  const before = useMemo(() => {
    const lists: { waits: string[]; parts: string[] }[] = nodes.map(() => ({ waits: [], parts: [] }));
    parts.forEach((part, n) => {
      const list = lists[edges[2 * n + 1] as number];
      const id = nodes[edges[2 * n] as number]?.id ?? "";
      (part === 1 ? list?.parts : list?.waits)?.push(id);
    });
    return lists;
  }, [drawn]);
  const order = nodes.map((_, n) => n).sort((left, right) => (layout.y[left] ?? 0) - (layout.y[right] ?? 0));
  return (
    <>
      {critical.length > 1 ? (
        <p>{say.graph.path(critical.map((n) => nodes[n]?.id).join(say.graph.thenComes))}</p>
      ) : null}
      <ul>
        {order.slice(0, LINES).map((n) => (
          <li key={nodes[n]?.id}>
            <a href={ticketHref(nodes[n]?.id ?? "")}>{nodes[n]?.id}</a> {nodes[n]?.title} (
            {nodes[n]?.status || say.categories.missing})
            {before[n]?.waits.length ? `, ${say.graph.waitsFor(before[n].waits.join(", "))}` : ""}
            {before[n]?.parts.length ? `, ${say.graph.madeOf(before[n].parts.join(", "))}` : ""}
          </li>
        ))}
      </ul>
      {nodes.length > LINES ? <p>{say.graph.rest(nodes.length - LINES)}</p> : null}
    </>
  );
}
