import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dialog } from "../page/keys.ts";

/** A dialog over the page; Escape and a click beside it close it. */
export function Modal({
  label,
  children,
  onClose = () => dialog.set(""),
}: {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly onClose?: () => void;
}): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = box.current;
    shown?.showModal();
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
