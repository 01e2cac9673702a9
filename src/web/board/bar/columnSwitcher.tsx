import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../../words/say.ts";
import type { Lane } from "../lanes.ts";

/** The columns by name, and which one is looked at: for a phone, which has room for one. It stands before the board. */
export function ColumnSwitcher({ lanes }: { readonly lanes: readonly Lane[] }): JSX.Element {
  const [shown, setShown] = useState("");
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const board = list.current?.nextElementSibling;
    if (!(board instanceof HTMLElement)) return;
    const look = (): void => setShown(columnIn(board));
    look();
    board.addEventListener("scroll", look, { passive: true });
    return () => board.removeEventListener("scroll", look);
  }, [lanes.length]);
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (list.current === null || chosen == null) return;
    list.current.scrollLeft = chosen.offsetLeft - (list.current.clientWidth - chosen.clientWidth) / 2;
  }, [shown]);
  const show = (id: string): void => {
    const column = list.current?.nextElementSibling?.querySelector(`[data-column="${CSS.escape(id)}"]`);
    column?.scrollIntoView({ inline: "center", block: "nearest" });
  };
  return (
    <nav class="columns" aria-label={say.board.columns} ref={list}>
      {lanes.map(({ column, cards }) => (
        <button
          key={column.id}
          type="button"
          {...(shown === column.id ? { "aria-current": "true" as const } : {})}
          onClick={() => show(column.id)}
        >
          {column.name} <span class="count">{cards.length}</span>
        </button>
      ))}
    </nav>
  );
}

/** The column whose middle is nearest to the middle of what is seen. */
function columnIn(box: HTMLElement): string {
  const { left, width } = box.getBoundingClientRect();
  const middle = left + width / 2;
  const far = (column: HTMLElement): number => {
    const of = column.getBoundingClientRect();
    return Math.abs(of.left + of.width / 2 - middle);
  };
  const columns = [...box.querySelectorAll<HTMLElement>("[data-column]")].sort((one, two) => far(one) - far(two));
  return columns[0]?.dataset.column ?? "";
}
