import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../data/api.ts";
import { model } from "../data/model.ts";
import { say } from "../words/say.ts";
import type { TextFiles } from "./files.ts";
import { Markdown } from "./markdown.tsx";
import { readTrees } from "./trees.ts";

/** How the text will look. */
export function Preview({
  name,
  text,
  height,
  files,
}: {
  readonly name: string;
  readonly text: string;
  readonly height: number;
  readonly files: TextFiles | undefined;
}): JSX.Element {
  const [problem, setProblem] = useState("");
  useEffect(() => {
    readTrees([{ text }]).catch(() => setProblem(say.writing.previewMissing));
  }, []);
  const isTicket = (id: string): boolean => {
    const known = model.get();
    return known !== undefined && !(known instanceof Problem) && known.cards.has(id);
  };
  return (
    <div
      class="preview"
      role="tabpanel"
      id={`${name}-preview`}
      aria-labelledby={`${name}-preview-tab`}
      // It scrolls, and Ctrl Shift P leads back from it.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
      style={{ minHeight: `${height}px` }}
    >
      {problem === "" ? null : <p class="hint">{problem}</p>}
      {text.trim() === "" ? (
        <p class="empty">{say.writing.nothing}</p>
      ) : (
        <Markdown text={text} isTicket={isTicket} files={files} />
      )}
    </div>
  );
}
