import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { TextFiles } from "./files.ts";
import { safeHtml } from "./safeHtml.ts";

/** A text of a ticket, as its author meant it to look; its boxes can be ticked where somebody says what that does. */
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
  const canTick = onTick !== undefined;
  const html = useMemo(() => safeHtml(text, isTicket, { canTick, files }), [text, canTick, files]);
  const content = useRef<HTMLDivElement>(null);
  useKeptBox(content.current);
  useLayoutEffect(() => {
    if (!html.includes("data-lang=")) return;
    // Without it code is as readable as other text.
    import("./highlight.ts").then(
      ({ highlight }) => content.current !== null && highlight(content.current),
      () => {},
    );
  }, [html]);
  const tick = async (box: EventTarget | null): Promise<void> => {
    if (!(box instanceof HTMLInputElement) || box.dataset.line === undefined || onTick === undefined) return;
    const isDone = box.checked;
    if (!(await onTick(Number(box.dataset.line), isDone))) box.checked = !isDone;
  };
  return (
    <div
      class="markdown"
      dir="auto"
      ref={content}
      onChange={({ target }) => void tick(target)}
      // Sanitised above; the policy of the page forbids scripts besides.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** The keyboard stays on the box that it was on when the text is drawn anew. */
function useKeptBox(content: HTMLElement | null): void {
  const { activeElement } = document;
  const line = content?.contains(activeElement) ? (activeElement as HTMLElement).dataset.line : undefined;
  useLayoutEffect(() => {
    if (line === undefined || content?.contains(document.activeElement)) return;
    content?.querySelector<HTMLElement>(`[data-line="${line}"]`)?.focus();
  });
}
