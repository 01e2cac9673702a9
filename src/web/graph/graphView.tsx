import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Test } from "../data/filter/filter.ts";
import { useFilter } from "../data/filter/useFilter.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { navigate, route, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { AsText } from "./asText.tsx";
import { Canvas } from "./canvas.tsx";
import { around, type Drawn, useGraph } from "./graphData.ts";
import { Legend } from "./legend.tsx";
import { Toolbar } from "./toolbar.tsx";

/** What waits for what: the foundations on top, what builds on them below. */
export function GraphView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { focus = "", critical = "", q = "", finished = "" } = params;
  const { test, problem } = useFilter(model, q, useValue(projects));
  const fits = useMemo(() => test && ((id: string) => isFitting(test, model, id)), [test, model]);
  const { drawn, failure } = useGraph(model, { focus, fits, finished: finished !== "" });
  const [hovered, setHovered] = useState(-1);
  useEffect(() => {
    document.title = `${say.header.graph} · ${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  const only = useMemo(
    () => (drawn === undefined || hovered < 0 || hovered >= drawn.nodes.length ? undefined : around(drawn, hovered)),
    [drawn, hovered],
  );
  const path = critical === "" || drawn === undefined ? [] : [...drawn.layout.critical];
  const node = drawn?.nodes[hovered];
  return (
    <>
      <h1 class="sr">{say.graph.heading(model.config.workflow)}</h1>
      <Toolbar model={model} problem={problem}>
        {drawn === undefined ? (failure === "" ? say.graph.drawing : "") : countText(drawn)}
        {path.length > 1 ? `; ${say.graph.pathLength(path.length)}` : ""}
      </Toolbar>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      {drawn?.nodes.length === 0 ? <Nothing isAll={q === "" && focus === "" && finished !== ""} /> : null}
      {drawn === undefined || drawn.nodes.length === 0 ? null : <Legend drawn={drawn} hasPath={path.length > 1} />}
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

function isFitting(test: Test, { cards }: Model, id: string): boolean {
  const card = cards.get(id);
  return card !== undefined && test(card);
}

function countText({ nodes, parts }: Drawn): string {
  return `${say.data.tickets(nodes.length)}, ${say.graph.ties(parts.length)}`;
}

function Nothing({ isAll }: { readonly isAll: boolean }): JSX.Element {
  return (
    <p class="welcome">
      {isAll ? say.graph.nothing : say.graph.nothingShown} {say.graph.makesWait(<code>ayo ticket dep add A B</code>)}
    </p>
  );
}
