import type { JSX, TargetedEvent } from "preact";
import { moveTicket } from "../data/commands.ts";
import type { Model } from "../data/model.ts";
import { isFinished, type Shown } from "../data/shapes.ts";
import { doVerb, nextVerbs, verbName } from "../data/verbs.ts";
import { say } from "../words/say.ts";
import { Question } from "./question.tsx";

/** Buttons for what can be done with the ticket, and a list of columns. */
export function Actions({
  shown,
  model,
  read,
}: {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}): JSX.Element {
  const { id, status, category } = shown.ticket;
  const offers = nextVerbs(shown.ticket, model.config);
  const move = (event: TargetedEvent<HTMLSelectElement>): void => {
    const select = event.currentTarget;
    const column = model.columns.find((one) => one.id === select.value);
    if (column === undefined) return;
    void moveTicket(id, column).then((isDone) => {
      if (!isDone) select.value = status;
      return read();
    });
  };
  return (
    <div class="actions">
      <label class={`status ${category ?? "none"}`}>
        <span class="sr">{say.ticket.column}</span>
        <select value={status} onChange={move}>
          {model.columns.map((column) => (
            <option key={column.id} value={column.id}>
              {column.name}
            </option>
          ))}
        </select>
      </label>
      {offers.map((offer, n) => (
        <button
          key={offer.verb}
          type="button"
          // Who is asked answers first.
          class={n === 0 && shown.ticket.question === undefined ? "main" : ""}
          onClick={() => void doVerb(id, offer).then(read)}
        >
          {verbName(offer.verb)}
        </button>
      ))}
      <Question ticket={shown.ticket} isOpen={model.config.verbs.includes("answer")} read={read} />
      {shown.ticket.unconfirmed === undefined ? null : (
        <p class="unconfirmed">{say.ticket.unconfirmed(shown.ticket.unconfirmed.join(", "))}</p>
      )}
      <Reasons ticket={shown.ticket} />
    </div>
  );
}

/** Why it is not ready; what it asks stands above already. */
function Reasons({ ticket: { reasons, category } }: Pick<Shown, "ticket">): JSX.Element | null {
  const others = reasons.filter((reason) => !reason.startsWith("waits for an answer"));
  if (others.length === 0 || !(category === "todo" || category === "blocked")) return null;
  return (
    <ul class="reasons">
      {others.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}

/** The keys of a ticket's page; true where one did something. */
export function press(event: KeyboardEvent, { ticket }: Shown, read: () => Promise<void>): boolean {
  const verbs: Readonly<Record<string, string>> = isFinished(ticket)
    ? { s: "reopen", x: "reopen" }
    : { s: "start", x: "close" };
  const targets: Readonly<Record<string, string>> = { e: "[data-edit]", n: "[data-note]" };
  const verb = verbs[event.key];
  const target = targets[event.key];
  if (verb !== undefined) void doVerb(ticket.id, { verb }).then(read);
  else if (target !== undefined) {
    const found = document.querySelector<HTMLElement>(target);
    if (found instanceof HTMLButtonElement) found.click();
    else found?.focus();
  } else return false;
  return true;
}
