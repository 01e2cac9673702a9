import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { loadTicket, offerTicket } from "./board/beside.tsx";
import { BoardView } from "./board/boardView.tsx";
import { Problem } from "./data/api.ts";
import { undoLast } from "./data/commands.ts";
import { listen } from "./data/events.ts";
import { configured, type Model, model, openStore, readAll } from "./data/model.ts";
import { forgetProjects, namesUnknown, readProjects } from "./data/projectList.ts";
import { useReload } from "./data/reload.ts";
import { HelpDialog } from "./dialogs/helpDialog.tsx";
import { Palette } from "./dialogs/palette.tsx";
import { Header } from "./header.tsx";
import { landing } from "./home.ts";
import { afterFirst, later } from "./later.tsx";
import { question } from "./page/ask.ts";
import { dialog, sequence, startKeys, useChords } from "./page/keys.ts";
import { language } from "./page/language.ts";
import { lateStyle } from "./page/lateStyle.ts";
import { picking } from "./page/pick.ts";
import { hrefOf, route, type ViewName } from "./page/router.ts";
import { useValue } from "./page/state.ts";
import { Toasts } from "./page/toasts.tsx";
import { say, withWords } from "./words/say.ts";

type View = ComponentType<{ readonly model: Model }>;
/** What needs somebody is read by itself: it is shown before the tickets are there. */
const NO_TICKETS = { columns: [], cards: new Map(), problems: [], children: new Map() } as const;

/** What is not needed for the board comes when it is. */
const LATER: Readonly<Record<Exclude<ViewName, "board" | "missing">, () => Promise<View>>> = {
  ticket: () => import("./ticket/ticketView.tsx").then((module) => module.TicketView),
  inbox: () => import("./inbox/inboxView.tsx").then((module) => module.InboxView),
  agents: () => styled(import("./agents/agentsView.tsx").then((module) => module.AgentsView)),
  graph: () => import("./graph/graphView.tsx").then((module) => module.GraphView),
  search: () => import("./search/searchView.tsx").then((module) => module.SearchView),
  timeline: () => styled(import("./timeline/timelineView.tsx").then((module) => module.TimelineView)),
  stats: () => styled(import("./stats/statsView.tsx").then((module) => module.StatsView)),
  projects: () => styled(import("./projects/projectsView.tsx").then((module) => module.ProjectsView)),
  pipelines: () => styled(import("./pipelines/pipelinesView.tsx").then((module) => module.PipelinesView)),
  sync: () => styled(import("./sync/syncView.tsx").then((module) => module.SyncView)),
};
/** With the styles of pages. */
const styled = async (view: Promise<View>): Promise<View> => (await Promise.all([view, lateStyle("/pages.css")]))[0];
offerTicket(async () => {
  // What is typed into a list that has not come yet would be lost: it comes with the first card that is looked at.
  const [{ TicketBeside }] = await withWords(
    Promise.all([import("./ticket/ticketView.tsx"), import("./dialogs/picker.tsx")]),
  );
  return TicketBeside;
});
afterFirst(() => void loadTicket());
const loaded = new Map<ViewName, View>([
  ["board", BoardView],
  ["missing", Nowhere],
]);

/** What opens above a view comes once the first view was seen, or when it is opened sooner. */
const Picker = later(() => import("./dialogs/picker.tsx").then((module) => module.Picker));
const CreateDialog = later(() => import("./dialogs/createDialog.tsx").then((module) => module.CreateDialog));
const AskDialog = later(() => import("./dialogs/askDialog.tsx").then((module) => module.AskDialog));

/** The whole page, which is drawn anew in another language. */
export function App(): JSX.Element {
  return <Page key={useValue(language)} />;
}

function Page(): JSX.Element {
  const { workflow, view } = useValue(route);
  const known = useValue(model);
  const open = useValue(dialog);
  const asked = useValue(question);
  // What is drawn is heard at once: its tickets may come with it.
  useLayoutEffect(startKeys, []);
  useChords(pressUndo);
  useEffect(() => {
    void openStore();
  }, [workflow]);
  const isRead = known !== undefined && !(known instanceof Problem);
  const store = isRead ? known.config.dir : undefined;
  useEffect(() => {
    if (isRead) listen(known.config);
    // Another store has another stream, though the names are the same.
  }, [store]);
  useProjects(isRead ? known : undefined);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {say.page.skip}
      </button>
      <Header model={isRead ? known : undefined} />
      <main id="main" tabIndex={-1} class={`view-${view}`}>
        <Content known={known} view={view} />
      </main>
      {isRead ? <Dialogs model={known} /> : null}
      {open === "help" ? <HelpDialog /> : null}
      {open === "ask" && asked !== undefined ? <AskDialog question={asked} /> : null}
      <Toasts />
      <NextKeys />
    </>
  );
}

function Content({
  known,
  view,
}: {
  readonly known: Model | Problem | undefined;
  readonly view: ViewName;
}): JSX.Element {
  const config = useValue(configured);
  const isOpen = useValue(landing);
  if (known instanceof Problem) return <Failed problem={known} />;
  const early = view === "inbox" && config !== undefined ? { ...NO_TICKETS, config } : undefined;
  const shown = known ?? early;
  return shown === undefined || isOpen ? <Waiting /> : <Shown model={shown} view={view} />;
}

function pressUndo({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || shiftKey || altKey) return false;
  void undoLast();
  return true;
}

/** Reads the projects with the store, when a ticket names another, and when somebody comes back to the page. */
function useProjects(known: Model | undefined): void {
  const store = known?.config.dir;
  const isMissing = known !== undefined && namesUnknown(known);
  useEffect(() => {
    if (store !== undefined) void readProjects();
  }, [store, isMissing]);
  useEffect(() => {
    const read = (): void => void readProjects();
    window.addEventListener("focus", read);
    return () => {
      window.removeEventListener("focus", read);
      forgetProjects();
    };
  }, [store]);
}

function Shown({ model: known, view }: { readonly model: Model; readonly view: ViewName }): JSX.Element {
  const [, redraw] = useState(0);
  const [isFailed, setFailed] = useState(false);
  const Found = loaded.get(view);
  useEffect(() => {
    if (Found !== undefined || view === "board" || view === "missing") return;
    withWords(LATER[view]()).then(
      (component) => {
        loaded.set(view, component);
        redraw((count) => count + 1);
      },
      () => setFailed(true),
    );
  }, [view]);
  useReload(isFailed);
  if (Found !== undefined) return <Found model={known} />;
  if (!isFailed) return <Waiting />;
  return <p class="failure">{say.page.partMissing}</p>;
}

/** What opens above the store. */
function Dialogs({ model: known }: { readonly model: Model }): JSX.Element | null {
  const open = useValue(dialog);
  if (open === "palette") return <Palette model={known} />;
  if (open === "create") return <CreateDialog model={known} />;
  return open === "pick" ? <Picking model={known} /> : null;
}

/** The list that is open. */
function Picking({ model: known }: { readonly model: Model }): JSX.Element | null {
  const asked = useValue(picking);
  return asked === undefined ? null : <Picker model={known} picking={asked} />;
}

/** What can follow the first key of a sequence. */
function NextKeys(): JSX.Element {
  return (
    <div class="next-keys" role="status">
      {useValue(sequence) === "" ? "" : say.keys.next}
    </div>
  );
}

function Nowhere(): JSX.Element {
  return (
    <div class="failure">
      <h1>{say.page.nowhere}</h1>
      <p>{say.page.noView(<code>{location.pathname}</code>, <a href={hrefOf("board")}>{say.page.toBoard}</a>)}</p>
    </div>
  );
}

function Waiting(): JSX.Element {
  return (
    <p class="waiting" aria-busy="true">
      {say.page.reading}
    </p>
  );
}

function Failed({ problem }: { readonly problem: Problem }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <h1>{say.page.unreadable}</h1>
      <p>{problem.message}</p>
      <button type="button" onClick={() => void readAll()}>
        {say.tryAgain}
      </button>
    </div>
  );
}
