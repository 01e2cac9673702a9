import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { BoardView } from "./board/boardView.tsx";
import { Problem } from "./data/api.ts";
import { listen } from "./data/events.ts";
import { type Model, model, openStore, readAll } from "./data/model.ts";
import { AskDialog } from "./dialogs/askDialog.tsx";
import { CreateDialog } from "./dialogs/createDialog.tsx";
import { HelpDialog } from "./dialogs/helpDialog.tsx";
import { Palette } from "./dialogs/palette.tsx";
import { Header } from "./header.tsx";
import { question } from "./page/ask.ts";
import { dialog, NEXT_KEYS, sequence, startKeys } from "./page/keys.ts";
import { hrefOf, route, type ViewName } from "./page/router.ts";
import { useValue } from "./page/state.ts";
import { Toasts } from "./page/toasts.tsx";

type View = ComponentType<{ readonly model: Model }>;

/** What is not needed for the board comes when it is. */
const LATER: Readonly<Record<Exclude<ViewName, "board" | "missing">, () => Promise<View>>> = {
  ticket: () => import("./ticket/ticketView.tsx").then((module) => module.TicketView),
  inbox: () => import("./inbox/inboxView.tsx").then((module) => module.InboxView),
  graph: () => import("./graph/graphView.tsx").then((module) => module.GraphView),
  search: () => import("./search/searchView.tsx").then((module) => module.SearchView),
  stats: () => import("./stats/statsView.tsx").then((module) => module.StatsView),
};
const loaded = new Map<ViewName, View>([
  ["board", BoardView],
  ["missing", Nowhere],
]);

/** The whole page. */
export function App(): JSX.Element {
  const { workflow, view } = useValue(route);
  const known = useValue(model);
  const open = useValue(dialog);
  const asked = useValue(question);
  useEffect(startKeys, []);
  useEffect(() => {
    void openStore();
  }, [workflow]);
  const isRead = known !== undefined && !(known instanceof Problem);
  const store = isRead ? known.config.dir : undefined;
  useEffect(() => {
    if (isRead) listen(known.config);
    // Another store has another stream, though the names are the same.
  }, [store]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the content
      </button>
      <Header model={isRead ? known : undefined} />
      <main id="main" tabIndex={-1} class={`view-${view}`}>
        {known === undefined ? <Waiting /> : null}
        {known instanceof Problem ? <Failed problem={known} /> : null}
        {isRead ? <Shown model={known} view={view} /> : null}
      </main>
      {isRead && open === "palette" ? <Palette model={known} /> : null}
      {isRead && open === "create" ? <CreateDialog model={known} /> : null}
      {open === "help" ? <HelpDialog /> : null}
      {open === "ask" && asked !== undefined ? <AskDialog question={asked} /> : null}
      <Toasts />
      <NextKeys />
    </>
  );
}

function Shown({ model: known, view }: { readonly model: Model; readonly view: ViewName }): JSX.Element {
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState("");
  const Found = loaded.get(view);
  useEffect(() => {
    if (Found !== undefined || view === "board" || view === "missing") return;
    LATER[view]().then(
      (component) => {
        loaded.set(view, component);
        redraw((count) => count + 1);
      },
      () => setFailure("this part of the page could not be loaded; is `ayo serve` still running?"),
    );
  }, [view]);
  if (Found !== undefined) return <Found model={known} />;
  return failure === "" ? <Waiting /> : <p class="failure">{failure}</p>;
}

/** What can follow the first key of a sequence. */
function NextKeys(): JSX.Element {
  return (
    <div class="next-keys" role="status">
      {useValue(sequence) === "" ? "" : NEXT_KEYS}
    </div>
  );
}

function Nowhere(): JSX.Element {
  return (
    <div class="failure">
      <h1>There is nothing here</h1>
      <p>
        No view has the address <code>{location.pathname}</code>. <a href={hrefOf("board")}>To the board</a>
      </p>
    </div>
  );
}

function Waiting(): JSX.Element {
  return (
    <p class="waiting" aria-busy="true">
      Reading the store…
    </p>
  );
}

function Failed({ problem }: { readonly problem: Problem }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <h1>The store cannot be read</h1>
      <p>{problem.message}</p>
      <button type="button" onClick={() => void readAll()}>
        Try again
      </button>
    </div>
  );
}
