import type { JSX } from "preact";
import type { Problem } from "../data/api.ts";
import { draftName } from "../page/drafts.ts";
import { hrefOf } from "../page/router.ts";
import { readStored } from "../page/state.ts";
import { say } from "../words/say.ts";
import { typedText } from "./text/textDraft.ts";

/** What is said of a ticket that cannot be shown. */
export function Missing({ id, problem }: { readonly id: string; readonly problem: Problem }): JSX.Element {
  const { text } = problem.data;
  return (
    <div class="failure">
      <h1>{problem.code === "not_found" ? say.ticket.missing(id) : say.ticket.unreadable(id)}</h1>
      <p>{problem.message}</p>
      {typeof text === "string" && text !== "" ? (
        <>
          <p>{say.ticket.mend}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{text}</pre>
        </>
      ) : null}
      <Typed id={id} />
      <a href={hrefOf("board")}>{say.page.toBoard}</a>
    </div>
  );
}

/** What was typed for a ticket that is gone: not to be lost with it. */
function Typed({ id }: { readonly id: string }): JSX.Element | null {
  const typed = [typedText(id), readStored(draftName("note", id))].filter((text) => text !== undefined && text !== "");
  if (typed.length === 0) return null;
  return (
    <>
      <p>{say.ticket.typed}</p>
      {typed.map((text) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        <pre key={text} tabIndex={0}>
          {text}
        </pre>
      ))}
    </>
  );
}
