import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ticketHref } from "../page/router.ts";
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
      <summary>As text</summary>
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
        <p>Critical path, the longest chain of open work: {critical.map((n) => nodes[n]?.id).join(", then ")}.</p>
      ) : null}
      <ul>
        {order.slice(0, LINES).map((n) => (
          <li key={nodes[n]?.id}>
            <a href={ticketHref(nodes[n]?.id ?? "")}>{nodes[n]?.id}</a> {nodes[n]?.title} (
            {nodes[n]?.status || "missing"}){before[n]?.waits.length ? `, waits for ${before[n].waits.join(", ")}` : ""}
            {before[n]?.parts.length ? `, made of ${before[n].parts.join(", ")}` : ""}
          </li>
        ))}
      </ul>
      {nodes.length > LINES ? (
        <p>… {nodes.length - LINES} more; focus on one ticket to see what is around it.</p>
      ) : null}
    </>
  );
}
