import { state } from "./state.ts";

/** The views that have an address. */
export const VIEWS = ["inbox", "board", "agents", "graph", "search", "stats"] as const;
/** Those that are looked at less often: they stand behind "More". */
export const MORE = ["timeline", "projects", "pipelines", "sync"] as const;
/** One of {@link VIEWS} or {@link MORE}, the page of a ticket, or an address that is none. */
export type ViewName = (typeof VIEWS)[number] | (typeof MORE)[number] | "ticket" | "missing";

/** What has a page for each of its things. */
const PAGES: readonly ViewName[] = ["ticket", "projects", "pipelines"];

/** What the address of the page says. */
export interface Route {
  readonly view: ViewName;
  /** Of the page of a ticket, a project or a pipeline; "" elsewhere. */
  readonly id: string;
  /** The store, where the server shows several; "" for the first. */
  readonly workflow: string;
  /** The rest of the query, such as the filter. */
  readonly params: Readonly<Record<string, string>>;
}

/** Where we are. */
export const route = state<Route>(readAddress());

/** The address of a view in the same store. */
export function hrefOf(view: ViewName, params: Readonly<Record<string, string>> = {}, id = ""): string {
  const own = PAGES.includes(view) && id !== "" ? `/${encodeURIComponent(id)}` : "";
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== ""));
  const { workflow } = route.get();
  if (workflow !== "") query.set("w", workflow);
  const text = query.toString();
  // The bare address leaves open what it shows.
  const isBoard = view === "board" && Object.values(params).some((value) => value !== "");
  const path = isBoard || view === "missing" ? "/" : `/${view}${own}`;
  return text === "" ? path : `${path}?${text}`;
}

/** The address of a ticket's page. */
export function ticketHref(id: string): string {
  return hrefOf("ticket", {}, id);
}

/** Goes to an address of ours; `replace` leaves no step to go back to, `below` is what this step lies over. */
export function navigate(
  href: string,
  { replace = false, below }: { readonly replace?: boolean; readonly below?: string } = {},
): void {
  if (replace) history.replaceState(history.state, "", href);
  else history.pushState(below === undefined ? null : { below }, "", href);
  route.set(readAddress());
  if (!replace) window.scrollTo(0, 0);
}

/** Changes the query of the view that is shown; what is typed into a filter is no step of its own, a click is. */
export function setParams(changes: Readonly<Record<string, string>>, isStep = false): void {
  const { view, id, params } = route.get();
  navigate(hrefOf(view, { ...params, ...changes }, id), { replace: !isStep });
}

/** Whether the step before this one has that address. */
export function isBelow(href: string): boolean {
  return (history.state as { readonly below?: string } | null)?.below === href;
}

/** Follows the back button, and links of ours without loading the page anew. */
export function startRouter(): void {
  window.addEventListener("popstate", () => route.set(readAddress()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/") || link.hasAttribute("download")) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function readAddress(): Route {
  const [first = "", second = ""] = location.pathname.split("/").filter((part) => part !== "");
  const query = new URLSearchParams(location.search);
  const workflow = query.get("w") ?? "";
  query.delete("w");
  const params = Object.fromEntries(query);
  const page = PAGES.find((one) => one === first);
  if (page !== undefined && second !== "") return { view: page, id: decode(second), workflow, params };
  const found = [...VIEWS, ...MORE].find((one) => one === first) ?? (first === "" ? "board" : "missing");
  const view = second === "" ? found : "missing";
  return { view, id: "", workflow, params };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
