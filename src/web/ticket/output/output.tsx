import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Shown } from "../../data/shapes.ts";
import { lateStyle } from "../../page/lateStyle.ts";
import { say } from "../../words/say.ts";
import type { TextFiles } from "../../writing/files.ts";
import { type Fault, faultsElsewhere } from "./jsonRows.ts";
import { JsonTree } from "./jsonTree.tsx";

interface Props {
  readonly shown: Shown;
  /** The ticket's files, which an output may name. */
  readonly files: TextFiles;
}

/** What the ticket's work made, to read; or why nobody uses what is there, and what does not fit where. */
export function Output({ shown: { ticket }, files }: Props): JSX.Element | null {
  const { output, outputState, outputWhy, outputSchema, outputRefused, outputFaults = [] } = ticket;
  if (outputState === undefined && outputSchema === undefined) return null;
  const isValid = outputState === "valid";
  const why = outputFaults.length > 0 ? say.ticket.faults(outputFaults.length) : (outputWhy ?? "");
  const value = isValid ? output : outputRefused;
  return (
    <section class="output" aria-label={say.ticket.output}>
      <h2>{say.ticket.output}</h2>
      {outputSchema === undefined ? null : <p>{say.ticket.schema(outputSchema)}</p>}
      {isValid ? null : (
        <p class={outputState === undefined ? "" : "notice"}>
          {outputState === undefined ? say.ticket.noOutput : say.ticket.unverified(why)}
        </p>
      )}
      {isValid || outputFaults.length > 0 ? <Value value={value} faults={outputFaults} files={files} /> : null}
    </section>
  );
}

function Value({
  value,
  faults,
  files,
}: {
  readonly value: unknown;
  readonly faults: readonly Fault[];
  readonly files: TextFiles;
}): JSX.Element {
  const [isText, setText] = useState(false);
  useEffect(() => void lateStyle("/pages.css"), []);
  return (
    <>
      <ul class="faults">
        {faultsElsewhere(faults, value).map(({ pointer, message }) => (
          <li key={`${pointer} ${message}`} class="fault">
            <code>{pointer}</code> {message}
          </li>
        ))}
      </ul>
      {isText ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
      ) : (
        <div class="json">
          <JsonTree value={value} name="" pointer="" depth={0} faults={faults} files={files} />
        </div>
      )}
      <button type="button" class="quiet" onClick={() => setText(!isText)}>
        {isText ? say.ticket.asTree : say.ticket.asText}
      </button>
    </>
  );
}
