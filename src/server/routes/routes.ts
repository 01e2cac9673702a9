import { loadAction, ROWS } from "../../actions/verbs.ts";
import { type Route, route } from "./route.ts";

/** Every route that is an action, from the table of verbs, with its action loaded. What is no action is in app.ts. */
export async function loadRoutes(): Promise<readonly Route[]> {
  const routes = await Promise.all(
    [...ROWS].flatMap(([name, { rest = [] }]) => rest.map(async (address) => route(address, await loadAction(name)))),
  );
  return routes.sort((left, right) => placeOf(left) - placeOf(right));
}

/** Tickets come before the store, and what stands for other routes last, in what people read and where paths match. */
function placeOf({ path, alias }: Route): number {
  if (alias === true) return 2;
  return path.startsWith("/tickets") ? 0 : 1;
}
