import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { TextFiles } from "./files.ts";
import { draw } from "./pieces.ts";
import { useTree } from "./trees.ts";

/**
 * A text of a ticket, as its author meant it to look; its boxes can be ticked where somebody says what that does. Until
 * the server has read it, it is shown as it is written.
 */
export function Markdown({
  text,
  isTicket,
  files,
  onTick,
}: {
  readonly text: string;
  readonly isTicket?: (id: string) => boolean;
  readonly files?: TextFiles | undefined;
  /** Ticks the box of a line, or takes that back; answers whether that was done. */
  readonly onTick?: (line: number, isDone: boolean) => Promise<boolean>;
}): JSX.Element {
  const { tree, isOfText } = useTree(text);
  // Lines of another text mean nothing in this one.
  const canTick = onTick !== undefined && isOfText;
  const drawn = useMemo(() => tree && draw(tree, { isTicket, canTick, files }), [tree, canTick, files]);
  const tick = async (box: EventTarget | null): Promise<void> => {
    if (!(box instanceof HTMLInputElement) || box.dataset.line === undefined || onTick === undefined) return;
    const isDone = box.checked;
    if (!(await onTick(Number(box.dataset.line), isDone))) box.checked = !isDone;
  };
  return (
    <div class={tree ? "markdown" : "markdown written"} dir="auto" onChange={({ target }) => void tick(target)}>
      {drawn ?? text}
    </div>
  );
}

/** One line of markdown, such as a criterion: words and links, nothing that stands apart. */
export function MarkdownLine({ text }: { readonly text: string }): JSX.Element {
  const { tree } = useTree(text, true);
  const drawn = useMemo(() => tree && draw(tree), [tree]);
  return <span dir="auto">{drawn ?? text}</span>;
}
