import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { isFinished } from "../data/shapes.ts";
import { doVerb, nextVerbs, verbName } from "../data/verbs.ts";
import { dialog } from "../page/keys.ts";
import { hrefOf, navigate, route, ticketHref } from "../page/router.ts";
import { toggleTheme } from "../page/theme.ts";
import { Modal } from "./modal.tsx";

interface Choice {
  readonly key: string;
  readonly text: string;
  readonly hint: string;
  readonly run: () => void;
}

const SHOWN = 12;

/** Finds tickets by name and does what buttons do. */
export function Palette({ model }: { readonly model: Model }): JSX.Element {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const choices = useMemo(() => choicesOf(model, text.trim().toLowerCase()), [model, text]);
  const chosen = Math.min(at, choices.length - 1);
  const choose = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    dialog.set("");
    choice.run();
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") choose(choices[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal label="Find or do">
      <div class="palette">
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={choices.length > 0 ? `palette-${chosen}` : undefined}
          aria-label="Find a ticket or a command"
          placeholder="Find a ticket, or type what to do"
          autocomplete="off"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <div role="listbox" id="palette-list" aria-label="Found">
          {choices.map((choice, n) => (
            // Keys are the input's, as a combobox has it.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
            // biome-ignore lint/a11y/useFocusableInteractive: see above.
            <div
              key={choice.key}
              id={`palette-${n}`}
              role="option"
              aria-selected={n === chosen}
              onClick={() => choose(choice)}
              onMouseMove={() => setAt(n)}
            >
              <span>{choice.text}</span>
              <span class="hint">{choice.hint}</span>
            </div>
          ))}
        </div>
        {choices.length === 0 ? <p class="empty">Nothing is called that.</p> : null}
      </div>
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
  return [...commands.slice(0, wanted === "" ? SHOWN : 5), ...tickets].slice(0, SHOWN);
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

/** What can be done with the ticket whose page is shown. */
function ticketCommands({ config, cards }: Model): Choice[] {
  const { view, id } = route.get();
  const card = cards.get(id);
  if (view !== "ticket" || card === undefined) return [];
  return nextVerbs(card, config).map((offer) => ({
    key: offer.verb,
    text: `${verbName(offer.verb)} ${id}`,
    hint: card.title,
    run: () => void doVerb(id, offer),
  }));
}
