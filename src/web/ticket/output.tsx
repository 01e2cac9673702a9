import type { JSX } from "preact";
import type { Shown } from "../data/shapes.ts";
import { say } from "../words/say.ts";

/** What the ticket's work made, to read; or why nobody uses what is there. */
export function Output({ shown: { ticket } }: { readonly shown: Shown }): JSX.Element | null {
  const { output, outputState, outputWhy, outputSchema } = ticket;
  if (outputState === undefined && outputSchema === undefined) return null;
  return (
    <section aria-label={say.ticket.output}>
      <h2>{say.ticket.output}</h2>
      {outputSchema === undefined ? null : <p>{say.ticket.schema(outputSchema)}</p>}
      {outputState === "valid" ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        <pre tabIndex={0}>{JSON.stringify(output, null, 2)}</pre>
      ) : (
        <p>{outputState === undefined ? say.ticket.noOutput : say.ticket.unverified(outputWhy ?? "")}</p>
      )}
    </section>
  );
}
