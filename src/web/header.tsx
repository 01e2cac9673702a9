import type { JSX, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { keptSince } from "./data/answers/kept.ts";
import { connection } from "./data/events.ts";
import { needs } from "./data/inbox.ts";
import { type Model, trouble, workflows } from "./data/model.ts";
import { landing } from "./home.ts";
import { More } from "./more.tsx";
import { dialog } from "./page/keys.ts";
import { hrefOf, navigate, route, VIEWS } from "./page/router.ts";
import { keyText } from "./page/shortcuts.ts";
import { useValue } from "./page/state.ts";
import { isDark, theme, toggleTheme } from "./page/theme.ts";
import { clockTime } from "./page/times.ts";
import { number } from "./words/forms.ts";
import { say } from "./words/say.ts";

/** The bar above every view. */
export function Header({ model }: { readonly model: Model | undefined }): JSX.Element {
  const { view } = useValue(route);
  const isOpen = useValue(landing);
  useValue(theme);
  return (
    <header class="bar">
      <a class="brand" href={hrefOf("board")} aria-label={say.header.home}>
        ayo
      </a>
      <Stores current={model?.config.workflow} />
      <nav aria-label={say.header.views}>
        {VIEWS.map((name) => (
          <a key={name} href={hrefOf(name)} {...(name === view && !isOpen ? { "aria-current": "page" as const } : {})}>
            {say.header[name]}
            {name === "inbox" ? <Needs /> : null}
          </a>
        ))}
        <More view={view} />
      </nav>
      <Connection />
      <button
        type="button"
        class="wide quiet"
        onClick={() => dialog.set("palette")}
        aria-keyshortcuts="Control+K Meta+K"
      >
        {say.header.find}… <kbd>{keyText("Ctrl K")}</kbd>
      </button>
      <button type="button" class="quiet narrow" onClick={() => dialog.set("palette")} aria-label={say.header.find}>
        ⌕
      </button>
      <button
        type="button"
        class="quiet"
        onClick={toggleTheme}
        aria-label={isDark() ? say.header.light : say.header.dark}
      >
        {isDark() ? "☀" : "☾"}
      </button>
      <button type="button" class="quiet" onClick={() => dialog.set("help")} aria-label={say.header.keys}>
        ?
      </button>
      <button
        type="button"
        class="main new"
        onClick={() => dialog.set("create")}
        aria-keyshortcuts="c"
        aria-label={say.header.create}
      >
        <span class="words">{say.header.create}</span>
        <span class="sign">+</span>
      </button>
    </header>
  );
}

/** How much needs somebody, at the name of the inbox. */
function Needs(): JSX.Element | null {
  const total = useValue(needs)?.total ?? 0;
  if (total === 0) return null;
  return (
    <>
      {" "}
      <span class="needs" aria-hidden="true">
        {number(total)}
      </span>
      <span class="sr">, {say.header.needsYou(total)}</span>
    </>
  );
}

function Stores({ current }: { readonly current: string | undefined }): JSX.Element | null {
  const all = useValue(workflows);
  if (all.length < 2) return current === undefined ? null : <span class="store">{current}</span>;
  const choose = (event: TargetedEvent<HTMLSelectElement>): void => {
    const chosen = event.currentTarget.value;
    navigate(chosen === all[0]?.id ? "/" : `/?w=${encodeURIComponent(chosen)}`);
  };
  return (
    <select class="store" aria-label={say.header.store} value={current ?? ""} onChange={choose}>
      {all.map(({ id }) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}

/** Said quietly, and only once it has lasted: a reload of the server is no news. */
function Connection(): JSX.Element {
  const since = useValue(connection);
  const kept = useValue(keptSince);
  const why = useValue(trouble);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    if (typeof since !== "number") return setLost(false);
    const timer = setTimeout(() => setLost(true), 1200);
    return () => clearTimeout(timer);
  }, [since]);
  const isOffline = isLost || kept !== undefined;
  const at = new Date(kept ?? (typeof since === "number" ? since : Date.now())).toISOString();
  return (
    <span
      class={`connection ${isOffline || why !== "" ? "lost" : ""}`}
      role="status"
      title={isOffline ? say.header.away : why}
    >
      {isOffline ? say.header.offline(clockTime(at)) : why}
      {!isOffline && since === "live" ? <span class="sr">{say.header.live}</span> : null}
    </span>
  );
}
