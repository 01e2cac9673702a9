import type { JSX } from "preact";
import { nameOf } from "../data/changeMany.ts";
import type { Model } from "../data/model.ts";
import { isFinished } from "../data/shapes.ts";
import { doVerb, nextVerbs, verbName } from "../data/verbs.ts";
import { dialog } from "../page/keys.ts";
import { aimed, PICK_KEYS, type PickKind, pick } from "../page/pick.ts";
import { hrefOf, navigate, ticketHref } from "../page/router.ts";
import { toggleTheme } from "../page/theme.ts";
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
    <Modal label="Find or do">
      <Combobox
        name="palette"
        label="Find a ticket or a command"
        placeholder="Find a ticket, or type what to do"
        choicesOf={(text) => choicesOf(model, text.toLowerCase())}
        choose={choose}
        empty="Nothing is called that."
      />
    </Modal>
  );
}

function choicesOf(model: Model, wanted: string): Choice[] {
  const words = wanted.split(/\s+/);
  const fits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const commands = [...ticketCommands(model), ...COMMANDS].filter(({ text }) => fits(text));
  const tickets: Choice[] = [];
  for (const card of model.cards.values()) {
    if (wanted === "" || tickets.length >= 4 * SHOWN) break;
    if (!fits(`${card.id} ${card.title}`)) continue;
    const run = (): void => navigate(ticketHref(card.id));
    tickets.push({ key: card.id, text: card.title, hint: `${card.id} · ${card.status}`, run });
  }
  const open = (choice: Choice): number => (isFinished(model.cards.get(choice.key) ?? { category: null }) ? 1 : 0);
  tickets.sort((left, right) => open(left) - open(right));
  if (wanted === "") return commands;
  return [...commands.slice(0, 5), ...tickets].slice(0, SHOWN);
}

const COMMANDS: readonly Choice[] = [
  { key: "new", text: "New ticket", hint: "c", run: () => dialog.set("create") },
  { key: "inbox", text: "Go to the inbox", hint: "g i", run: () => navigate(hrefOf("inbox")) },
  { key: "board", text: "Go to the board", hint: "g b", run: () => navigate(hrefOf("board")) },
  { key: "graph", text: "Go to the graph", hint: "g g", run: () => navigate(hrefOf("graph")) },
  { key: "search", text: "Go to the search", hint: "g s", run: () => navigate(hrefOf("search")) },
  { key: "stats", text: "Go to the statistics", hint: "g t", run: () => navigate(hrefOf("stats")) },
  {
    key: "ready",
    text: "Show what is ready",
    hint: "is:ready",
    run: () => navigate(hrefOf("board", { q: "is:ready" })),
  },
  {
    key: "blocked",
    text: "Show what is blocked",
    hint: "is:blocked",
    run: () => navigate(hrefOf("board", { q: "is:blocked" })),
  },
  { key: "theme", text: "Dark or light colours", hint: "t", run: toggleTheme },
  { key: "help", text: "Keyboard shortcuts", hint: "?", run: () => dialog.set("help") },
];

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
      text: `${verbName(offer.verb)} ${id}`,
      hint,
      run: () => void doVerb(id, offer),
    })),
    ...Object.entries(PICK_KEYS).map(([key, kind]) => ({
      key: `pick ${kind}`,
      text: PICK_WORDS[kind],
      hint: `${nameOf(ids)} · ${key.length === 1 && key !== key.toLowerCase() ? `Shift ${key}` : key}`,
      run: () => pick(kind, ids),
    })),
  ];
}

/** What the lists are called as commands. */
const PICK_WORDS: Readonly<Record<PickKind, string>> = {
  status: "Change status…",
  assignee: "Assign to…",
  priority: "Set priority…",
  tags: "Change tags…",
  project: "Set project…",
  parent: "Set parent…",
  deps: "Wait for…",
  due: "Set due date…",
};
