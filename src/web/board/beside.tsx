import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { useReload } from "../data/reload.ts";
import { ticketHref } from "../page/router.ts";
import { keyText } from "../page/shortcuts.ts";
import { say } from "../words/say.ts";
import { leaveBeside } from "./boardKeys.ts";

type Ticket = ComponentType<{ readonly id: string; readonly model: Model }>;

let load: (() => Promise<Ticket>) | undefined;
let loaded: Ticket | undefined;

/** Tells how what shows a ticket is had: a view of its own, which the board does not know. */
export function offerTicket(how: () => Promise<Ticket>): void {
  load = how;
}

/** Loads what shows a ticket, before it is asked for; false where that cannot be had. */
export async function loadTicket(): Promise<boolean> {
  try {
    loaded ??= await load?.();
    return loaded !== undefined;
  } catch {
    // Said where a ticket is asked for.
    return false;
  }
}

/** A ticket beside the board. */
export function Beside({
  id,
  model,
  walk,
}: {
  readonly id: string;
  readonly model: Model;
  /** Goes to the next card of the column, or the one before. */
  readonly walk: (step: 1 | -1) => void;
}): JSX.Element {
  const [failure, setFailure] = useState("");
  const [, redraw] = useState(0);
  useReload(failure !== "");
  useEffect(() => {
    if (loaded !== undefined) return;
    void loadTicket().then((isLoaded) => {
      if (isLoaded) redraw((count) => count + 1);
      else setFailure(say.board.ticketMissing);
    });
  }, [id]);
  const Ticket = loaded;
  return (
    <section class="beside" aria-label={say.board.ticket(id)}>
      <header>
        <span class="id">{id}</span>
        <button type="button" class="quiet" aria-label={say.board.before} title="k" onClick={() => walk(-1)}>
          ↑
        </button>
        <button type="button" class="quiet" aria-label={say.board.next} title="j" onClick={() => walk(1)}>
          ↓
        </button>
        <a class="button" href={ticketHref(id)} aria-label={say.board.openPage} title={keyText("Enter")}>
          ⤢
        </a>
        <button
          type="button"
          class="quiet"
          aria-label={say.board.closePanel}
          title={keyText("Esc")}
          onClick={leaveBeside}
        >
          ×
        </button>
      </header>
      <div class="content" tabIndex={-1}>
        {Ticket === undefined ? <p class="waiting">{failure || say.reading(id)}</p> : <Ticket id={id} model={model} />}
      </div>
    </section>
  );
}
