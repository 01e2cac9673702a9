import type { JSX } from "preact";
import type { SavedView } from "../../data/shapes.ts";
import { ask } from "../../page/ask.ts";
import { draftName } from "../../page/drafts.ts";
import { route, setParams } from "../../page/router.ts";
import { storedState, useValue, writeStored } from "../../page/state.ts";
import { say } from "../../words/say.ts";

/** Views that somebody has named in this browser, for themselves; of each store its own. */
const own = storedState("views", "{}");

const LONGEST = 40;

type Kept = Readonly<Record<string, readonly SavedView[]>>;

function keptIn(text: string): Kept {
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === "object" && raw !== null ? (raw as Kept) : {};
  } catch {
    return {};
  }
}

/** The views of a store: those that config.yml names, and those of this browser. One click, and the board is as they say. */
export function ViewTabs({
  workflow,
  views,
}: {
  readonly workflow: string;
  readonly views: readonly SavedView[];
}): JSX.Element | null {
  const { params } = useValue(route);
  const kept = keptIn(useValue(own));
  const mine = kept[workflow] ?? [];
  const { q = "", group = "", sort = "", lanes = "" } = params;
  const isNow = (view: SavedView): boolean =>
    view.filter === q.trim() && [group, sort, lanes].join() === [view.group, view.sort, view.lanes].join();
  const known = [...views, ...mine];
  const isKnown = known.some(isNow);
  if (known.length === 0 && q === "") return null;
  const keep = (list: readonly SavedView[]): void => own.set(JSON.stringify({ ...kept, [workflow]: list }));
  const save = async (): Promise<void> => {
    const draft = draftName("view", "");
    const said = await ask(say.board.viewName, say.save, draft, true);
    const name = said?.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST) ?? "";
    if (name === "") return;
    writeStored(draft, "");
    const view = { name, filter: q.trim(), ...withoutEmpty({ group, sort, lanes }) };
    keep([...mine.filter((one) => one.name !== name), view]);
  };
  return (
    <nav class="views" aria-label={say.board.savedViews}>
      <Tab
        name={say.all}
        isNow={q === "" && group === "" && sort === "" && lanes === ""}
        onClick={() => show({ name: "", filter: "" })}
      />
      {views.map((view) => (
        <Tab key={view.name} name={view.name} isNow={isNow(view)} onClick={() => show(view)} />
      ))}
      {mine.map((view) => (
        <span class="own" key={view.name}>
          <Tab name={view.name} isNow={isNow(view)} onClick={() => show(view)} />
          <button
            type="button"
            class="plain"
            aria-label={say.board.deleteView(view.name)}
            onClick={() => keep(mine.filter((one) => one !== view))}
          >
            ×
          </button>
        </span>
      ))}
      {q === "" || isKnown ? null : (
        <button type="button" class="plain" onClick={() => void save()}>
          {say.board.saveView}
        </button>
      )}
    </nav>
  );
}

function withoutEmpty(words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== ""));
}

function show({ filter, group = "", sort = "", lanes = "" }: SavedView): void {
  setParams({ q: filter, group, sort, lanes }, true);
}

function Tab({
  name,
  isNow,
  onClick,
}: {
  readonly name: string;
  readonly isNow: boolean;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" aria-pressed={isNow} onClick={onClick}>
      {name}
    </button>
  );
}
