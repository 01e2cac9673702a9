import { Problem } from "./data/api.ts";
import { FIRST_LINES, lines, needs, wantLines } from "./data/inbox.ts";
import { model } from "./data/model.ts";
import { hrefOf, navigate, route } from "./page/router.ts";
import { readStored, state, writeStored } from "./page/state.ts";

/** Under which name the browser remembers which of the two was chosen last. */
const CHOSEN = "home";
/** So long the board, once it is read, waits for what needs somebody. In milliseconds. */
const PATIENCE = 2000;

/** Whether it is not known yet what the bare address shows; until then nothing is shown that would be taken away again. */
export const landing = state(isOpen(location.pathname + location.search, readStored(CHOSEN)));

/** Whether an address leaves open what it shows: the bare one does, until somebody goes to the board. */
export function isOpen(address: string, chosen: string | undefined): boolean {
  return /^\/(?:\?w=[^&]*)?$/.test(address) && chosen !== "board";
}

/**
 * Who opens the bare address and has something that needs him lands there, who has nothing on the board. It is decided
 * once, when the page is opened: nothing jumps while somebody reads. Who has gone to the board last stays with it.
 */
export function startHome(): void {
  if (!landing.get()) {
    remember();
    return;
  }
  wantLines(FIRST_LINES);
  const ends = [needs, lines, route, model].map(({ follow }) => follow(look));
  const here = route.get();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function land(isNeeded: boolean): void {
    clearTimeout(timer);
    for (const end of ends) end();
    if (isNeeded) navigate(hrefOf("inbox"), { replace: true });
    else wantLines(undefined);
    landing.set(false);
    remember();
  }
  function look(): void {
    const known = needs.get();
    if (route.get() !== here) leave();
    else if (known !== undefined) land(known.total > 0);
    else if (lines.get() instanceof Problem) land(false);
    else if (model.get() !== undefined) timer ??= setTimeout(() => land(false), PATIENCE);
  }
  /** Somebody has gone elsewhere meanwhile, which is a choice. */
  function leave(): void {
    land(false);
    note();
  }
}

function remember(): void {
  route.follow(note);
}

function note(): void {
  const { view } = route.get();
  if (view === "board" || view === "inbox") writeStored(CHOSEN, view);
}
