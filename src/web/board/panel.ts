import { hrefOf, isBelow, navigate, route, setParams } from "../page/router.ts";

/** Where a ticket beside the board would leave no room for either: it is opened on its page. */
const NARROW = "(max-width: 48rem)";

/** Whether there is no room for a ticket beside the board. */
export function isNarrow(): boolean {
  return matchMedia(NARROW).matches;
}

/** The ticket that is open beside the board; "" for none. */
export function besideBoard(): string {
  const { view, params } = route.get();
  return view === "board" ? (params.ticket ?? "") : "";
}

/** Opens a ticket beside the board: one step back closes it. Where another is open it takes its place. */
export function openBeside(ticket: string): void {
  const { params } = route.get();
  if (besideBoard() !== "") setParams({ ticket });
  else navigate(hrefOf("board", { ...params, ticket }), { below: hrefOf("board", params) });
}

/** Closes what is open beside the board. */
export function closeBeside(): void {
  const { params } = route.get();
  if (isBelow(hrefOf("board", { ...params, ticket: "" }))) history.back();
  else setParams({ ticket: "" });
}

/** Shows the tickets as a list, or as a board again. */
export function toggleList(): true {
  setParams({ view: route.get().params.view === "list" ? "" : "list" });
  return true;
}
