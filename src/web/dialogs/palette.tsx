import type { JSX } from "preact";
import { undoLast } from "../data/commands.ts";
import { nameOf } from "../data/many/changeMany.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { offered } from "../data/projects.ts";
import { isFinished } from "../data/shapes.ts";
import { doVerb, nextVerbs, verbName } from "../data/verbs.ts";
import { dialog } from "../page/keys.ts";
import { chosenLanguage, language } from "../page/language.ts";
import { aimed, PICK_KEYS, pick } from "../page/pick.ts";
import { hrefOf, navigate, ticketHref } from "../page/router.ts";
import { keyText } from "../page/shortcuts.ts";
import { toggleTheme } from "../page/theme.ts";
import { capital } from "../words/forms.ts";
import { LANGUAGES, say } from "../words/say.ts";
import { type Choice, Combobox } from "./combobox.tsx";
import { Modal } from "./modal.tsx";

const SHOWN = 12;

/** Finds tickets by name and does what buttons do. */
export function Palette({ model }: { readonly model: Model }): JSX.Element {
  const choose = (choice: Choice): void => {
    dialog.set("");
    choice.run();
  };
  return (
    <Modal label={say.header.find}>
      <Combobox
        name="palette"
        label={say.palette.label}
        placeholder={say.palette.placeholder}
        choicesOf={(text) => choicesOf(model, text.toLowerCase())}
        choose={choose}
        empty={say.dialogs.noSuch}
      />
    </Modal>
  );
}

function choicesOf(model: Model, wanted: string): Choice[] {
  const words = wanted.split(/\s+/);
  const fits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const fitting = [...ticketCommands(model), ...commands()].filter(({ text }) => fits(text));
  const tickets: Choice[] = [];
  for (const card of model.cards.values()) {
    if (wanted === "" || tickets.length >= 4 * SHOWN) break;
    if (!fits(`${card.id} ${card.title}`)) continue;
    const run = (): void => navigate(ticketHref(card.id));
    tickets.push({ key: card.id, text: card.title, hint: `${card.id} · ${card.status}`, run });
  }
  const open = (choice: Choice): number => (isFinished(model.cards.get(choice.key) ?? { category: null }) ? 1 : 0);
  tickets.sort((left, right) => open(left) - open(right));
  if (wanted === "") return fitting;
  return [...fitting.slice(0, 5), ...tickets].slice(0, SHOWN);
}

function commands(): Choice[] {
  return [
    { key: "new", text: say.header.create, hint: "c", run: () => dialog.set("create") },
    { key: "inbox", text: say.palette.inbox, hint: "g i", run: () => navigate(hrefOf("inbox")) },
    { key: "board", text: say.palette.board, hint: "g b", run: () => navigate(hrefOf("board")) },
    { key: "agents", text: say.palette.agents, hint: "g a", run: () => navigate(hrefOf("agents")) },
    { key: "graph", text: say.palette.graph, hint: "g g", run: () => navigate(hrefOf("graph")) },
    { key: "search", text: say.palette.search, hint: "g s", run: () => navigate(hrefOf("search")) },
    { key: "stats", text: say.palette.stats, hint: "g t", run: () => navigate(hrefOf("stats")) },
    { key: "projects", text: say.palette.projects, hint: "g p", run: () => navigate(hrefOf("projects")) },
    { key: "pipelines", text: say.palette.pipelines, hint: "g w", run: () => navigate(hrefOf("pipelines")) },
    { key: "sync", text: say.palette.sync, hint: "g y", run: () => navigate(hrefOf("sync")) },
    ...toProjects(),
    { key: "timeline", text: say.palette.timeline, hint: "g l", run: () => navigate(hrefOf("timeline")) },
    { key: "ready", text: say.palette.ready, hint: "is:ready", run: () => showWhat("is:ready") },
    { key: "blocked", text: say.palette.blocked, hint: "is:blocked", run: () => showWhat("is:blocked") },
    { key: "undo", text: say.palette.undo, hint: keyText("Ctrl Z"), run: undoLast },
    { key: "theme", text: say.palette.theme, hint: "t", run: toggleTheme },
    { key: "help", text: say.header.keys, hint: "?", run: () => dialog.set("help") },
    ...languages(),
  ];
}

/** The pages of projects. */
function toProjects(): Choice[] {
  return offered(projects.get(), "").map(({ slug, name }) => ({
    key: `project ${slug}`,
    text: `${capital(say.fields.project)}: ${name}`,
    hint: slug,
    run: () => navigate(hrefOf("projects", {}, slug)),
  }));
}

function showWhat(q: string): void {
  navigate(hrefOf("board", { q }));
}

/** The languages that are not spoken now. */
function languages(): Choice[] {
  const others = Object.entries(LANGUAGES).filter(([key]) => key !== language.get());
  return others.map(([key, { name }]) => ({
    key: `language ${key}`,
    text: say.palette.language(name),
    hint: "",
    run: () => chosenLanguage.set(key),
  }));
}

/** What can be done with the tickets that the view means: its page's, those chosen, the one that has the keyboard. */
function ticketCommands({ config, cards }: Model): Choice[] {
  const ids = aimed();
  const [id = ""] = ids;
  const card = cards.get(id);
  if (card === undefined) return [];
  const verbs = ids.length > 1 ? [] : nextVerbs(card, config);
  const hint = ids.length > 1 ? "" : card.title;
  return [
    ...verbs.map((offer) => ({
      key: offer.verb,
      text: say.palette.verb(verbName(offer.verb), id),
      hint,
      run: () => void doVerb(id, offer),
    })),
    ...Object.entries(PICK_KEYS).map(([key, kind]) => ({
      key: `pick ${kind}`,
      text: say.palette[kind],
      hint: `${nameOf(ids)} · ${keyText(key.length === 1 && key !== key.toLowerCase() ? `Shift ${key}` : key)}`,
      run: () => pick(kind, ids),
    })),
  ];
}
