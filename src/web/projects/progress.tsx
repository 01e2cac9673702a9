import type { JSX } from "preact";
import { capital, percent } from "../words/forms.ts";
import { say } from "../words/say.ts";

/** How far something is, in percent; nothing where there is nothing to do. */
export function Progress({ of }: { readonly of: number | null }): JSX.Element | null {
  if (of === null) return null;
  return (
    <>
      <progress aria-label={capital(say.stats.progress)} max={100} value={of} /> {percent(of)}
    </>
  );
}
