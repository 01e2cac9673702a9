import type { JSX } from "preact";
import type { Shown } from "../data/shapes.ts";
import { say } from "../words/say.ts";

/** How the work stands with what ayo runs for it, and the end of what a failed command printed. */
export function Verification({ shown }: { readonly shown: Shown }): JSX.Element | null {
  const { verification } = shown;
  if (verification === undefined || verification.entries.length === 0) return null;
  return (
    <section aria-label={say.ticket.verification}>
      <h2>{say.ticket.verification}</h2>
      <ul class="criteria">
        {verification.entries.map(({ name, state, why, tail }) => (
          <li key={name}>
            <b>{name}</b>: {why === "" ? say.verified[state] : why}
            {state === "failed" && tail !== "" ? <pre>{tail}</pre> : null}
          </li>
        ))}
      </ul>
      {verification.elsewhere ? <p>{say.ticket.elsewhere}</p> : null}
    </section>
  );
}
