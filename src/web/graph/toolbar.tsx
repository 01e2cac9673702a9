import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";

/** What of the graph is shown: all of it is in the address. */
export function Toolbar({
  model,
  problem,
  children,
}: {
  readonly model: Model;
  /** Why the filter is none. */
  readonly problem: string;
  /** What is said of it. */
  readonly children: ComponentChildren;
}): JSX.Element {
  const { q = "", focus = "" } = useValue(route).params;
  return (
    <div class="toolbar">
      <input
        type="search"
        data-filter
        aria-label={say.filter}
        placeholder={say.graph.filterHint}
        aria-invalid={problem !== ""}
        aria-describedby="filter-problem"
        value={q}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
      />
      <Focus model={model} focus={focus} />
      <Tick name="finished" text={say.graph.finishedToo} />
      <Tick name="critical" text={say.graph.criticalPath} />
      <span class="shown" role="status">
        {children}
      </span>
      <p class="filter-problem" id="filter-problem" role="status">
        {problem}
      </p>
    </div>
  );
}

/** A word of the address that is there or not. */
function Tick({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  const isOn = (useValue(route).params[name] ?? "") !== "";
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => setParams({ [name]: event.currentTarget.checked ? "1" : "" })}
      />{" "}
      {text}
    </label>
  );
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
        aria-label={say.graph.focus}
        placeholder={say.graph.focusHint}
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
