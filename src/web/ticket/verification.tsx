import type { JSX } from "preact";
import type { Shown } from "../data/shapes.ts";
import { ago, fullTime } from "../page/times.ts";
import { inUnits } from "../words/forms.ts";
import { say } from "../words/say.ts";

type Entry = NonNullable<Shown["verification"]>["entries"][number];

/** The colour of an entry's mark, as of a column that means the like. */
const TONES = { passed: "done", doubtful: "review", failed: "failed", open: "todo" } as const;

/** How the work stands with what ayo runs for it: each command, how it ended, and the last of what it printed. */
export function Verification({ shown }: { readonly shown: Shown }): JSX.Element | null {
  const { verification } = shown;
  if (verification === undefined || verification.entries.length === 0) return null;
  return (
    <section class="output" aria-label={say.ticket.verification}>
      <h2>{say.ticket.verification}</h2>
      <ul class="criteria">
        {verification.entries.map((entry) => (
          <li key={entry.name}>
            <EntryLine entry={entry} />
          </li>
        ))}
      </ul>
      {verification.elsewhere ? <p>{say.ticket.elsewhere}</p> : null}
    </section>
  );
}

function EntryLine({
  entry: { name, state, why, run, at, by, ms, exit, tail },
}: {
  readonly entry: Entry;
}): JSX.Element {
  const facts = [
    ...(exit === null || exit === 0 ? [] : [say.ticket.exited(exit)]),
    ...(ms === null ? [] : [inUnits(Math.round(ms / 100) / 10, "second", "narrow")]),
    ...(at === null ? [] : [say.ticket.ranAt(ago(at), by ?? say.somebody)]),
  ];
  return (
    <>
      <b>{name}</b>{" "}
      <span class={`state ${TONES[state]}`}>
        <i aria-hidden="true" /> {say.verified[state]}
      </span>{" "}
      {run === null ? null : <code>{run}</code>} {why === "" ? "" : why}{" "}
      <span class="hint" title={at === null ? undefined : fullTime(at)}>
        {facts.join(", ")}
      </span>
      {tail === "" ? null : (
        <details open={state === "failed"}>
          <summary class="hint">{say.ticket.printed}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{tail}</pre>
        </details>
      )}
    </>
  );
}
