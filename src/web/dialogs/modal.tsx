import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dialog } from "../page/keys.ts";

/** A dialog over the page; Escape and a click beside it close it. */
export function Modal({
  label,
  children,
  at,
  onClose = () => dialog.set(""),
}: {
  readonly label: string;
  readonly children: ComponentChildren;
  /** What it opens below; in the middle of the page without. */
  readonly at?: DOMRect | undefined;
  readonly onClose?: () => void;
}): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = box.current;
    shown?.showModal();
    if (shown !== null && at !== undefined) placeBelow(shown, at);
    return () => {
      // As long as it is open nothing behind it can have the keyboard.
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const beside = (event: MouseEvent): void => {
    if (event.target === box.current) onClose();
  };
  return (
    // The dialog element itself closes by Escape; the click beside it is for mice.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
    <dialog
      ref={box}
      aria-label={label}
      onClick={beside}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** Puts it below what it belongs to, or above where there is no room; a phone has it in the middle. */
function placeBelow(shown: HTMLElement, { left, top, bottom }: DOMRect): void {
  shown.classList.add("at");
  const { width, height } = shown.getBoundingClientRect();
  if (innerWidth < 2 * width) return;
  const isBelow = bottom + height + 8 <= innerHeight || top < height;
  const x = Math.max(8, Math.min(left, innerWidth - width - 8));
  const y = isBelow ? Math.min(bottom + 4, innerHeight - height - 8) : top - height - 4;
  Object.assign(shown.style, { margin: "0", left: `${x}px`, top: `${Math.max(8, y)}px` });
}
