import type { ComponentChildren, JSX } from "preact";
import type { Slowest } from "../../ticket/stats/waits.ts";
import { hrefOf, route } from "../page/router.ts";
import { inDays } from "../page/times.ts";
import { number } from "../words/forms.ts";

/** The seconds of a day. */
const DAY = 86_400;

/** A time as people count it. */
export function timeText(seconds: number | null): string {
  return inDays(seconds === null ? undefined : seconds / DAY);
}

/** The address of the list of a figure's tickets, or of some that are named. */
export function listHref(of: { readonly list: string } | { readonly ids: readonly string[] }): string {
  const { days = "", q = "", project = "" } = route.get().params;
  return hrefOf("stats", { days, q, project, ...("list" in of ? of : { ids: of.ids.join(",") }) });
}

/** A number that leads to the tickets that it counts; where none are counted, or no filter names them, it is only a number. */
export function Listed(p: {
  readonly list: string | null;
  readonly isNone?: boolean;
  readonly label?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  if (p.list === null || p.isNone) return <>{p.children}</>;
  return (
    <a href={listHref({ list: p.list })} {...(p.label === undefined ? {} : { "aria-label": p.label })}>
      {p.children}
    </a>
  );
}

/** How often, and the tickets that took longest. */
export function SlowestLink({ of }: { readonly of: Slowest }): JSX.Element {
  if (of.count === 0) return <>{number(0)}</>;
  return <a href={listHref({ ids: [...new Set(of.longest.map(({ id }) => id))] })}>{number(of.count)}</a>;
}
