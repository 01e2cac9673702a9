import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { navigate, route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { Canvas } from "./canvas.tsx";
import { around, type Drawn, useGraph } from "./graphData.ts";

/** What waits for what: the foundations on top, what builds on them below. */
export function GraphView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { focus = "", critical = "" } = params;
  const { drawn, failure } = useGraph(model, focus);
  const [hovered, setHovered] = useState(-1);
  useEffect(() => {
    document.title = `Graph · ${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  const only = useMemo(
    () => (drawn === undefined || hovered < 0 || hovered >= drawn.nodes.length ? undefined : around(drawn, hovered)),
    [drawn, hovered],
  );
  const path = critical === "" || drawn === undefined ? [] : [...drawn.layout.critical];
  const node = drawn?.nodes[hovered];
  return (
    <>
      <h1 class="sr">Graph of {model.config.workflow}</h1>
      <div class="toolbar">
        <Focus model={model} focus={focus} />
        <label>
          <input
            type="checkbox"
            checked={critical !== ""}
            onChange={(event) => setParams({ critical: event.currentTarget.checked ? "1" : "" })}
          />{" "}
          critical path
        </label>
        <span class="shown" role="status">
          {drawn === undefined ? "drawing…" : `${drawn.nodes.length} tickets, ${drawn.parts.length} ties`}
          {path.length > 1 ? `; the critical path has ${path.length}` : ""}
          {focus === "" && drawn !== undefined ? untied(model, drawn) : ""}
        </span>
      </div>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      {drawn?.nodes.length === 0 ? (
        <p class="welcome">
          Nothing waits for anything yet. <code>ayo ticket dep add A B</code> makes A wait for B.
        </p>
      ) : null}
      {drawn === undefined ? null : (
        <Canvas
          drawn={drawn}
          emphasis={{ only, hovered, critical: path }}
          onHover={setHovered}
          onOpen={(n) => {
            const found = drawn.nodes[n];
            if (found !== undefined && found.category !== "missing") navigate(ticketHref(found.id));
          }}
        />
      )}
      <p class="hover" aria-hidden="true">
        {node === undefined ? "" : `${node.id} · ${node.status} · ${node.title}`}
      </p>
      {drawn === undefined ? null : <AsText drawn={drawn} critical={path} />}
    </>
  );
}

/** Tickets that neither wait nor are waited for have no place in a graph. */
function untied({ cards }: Model, { numbers }: Drawn): string {
  let count = 0;
  for (const id of cards.keys()) if (!numbers.has(id)) count++;
  return count === 0 ? "" : `; ${count} without ties ${count === 1 ? "is" : "are"} not shown`;
}

function Focus({ model, focus }: { readonly model: Model; readonly focus: string }): JSX.Element {
  const [text, setText] = useState(focus);
  useEffect(() => setText(focus), [focus]);
  const choose = (id: string): void => {
    if (id === "" || model.cards.has(id)) setParams({ focus: id });
  };
  return (
    <>
      <input
        type="search"
        data-filter
        aria-label="Only what comes before and after this ticket"
        placeholder="Focus on a ticket: its id"
        list="graph-tickets"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          choose(event.currentTarget.value.trim());
        }}
      />
      <datalist id="graph-tickets">
        {[...model.cards.values()].slice(0, 500).map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** As many lines are made; the rest is counted. */
const LINES = 500;

/** The same for those who read rather than look. */
function AsText({ drawn, critical }: { readonly drawn: Drawn; readonly critical: readonly number[] }): JSX.Element {
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
