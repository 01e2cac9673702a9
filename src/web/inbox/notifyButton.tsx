import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useValue } from "../page/state.ts";
import { toast } from "../page/toasts.tsx";
import { canNotify, isNotifying, wish } from "../page/wish.ts";
import { say } from "../words/say.ts";

/** Has this browser tell of what needs somebody, or no longer; only its press asks for the permission. */
export function NotifyButton(): JSX.Element | null {
  useValue(wish);
  const [, redraw] = useState(0);
  if (!canNotify()) return null;
  const isOn = isNotifying();
  const press = async (): Promise<void> => {
    const isAllowed = isOn || (await Notification.requestPermission()) === "granted";
    wish.set(isOn || !isAllowed ? "" : "on");
    redraw((count) => count + 1);
    const text = isOn ? say.notify.off : isAllowed ? say.notify.on : say.notify.refused;
    toast({ text, kind: isAllowed ? "done" : "error" });
  };
  return (
    <button type="button" class="quiet" aria-pressed={isOn} onClick={() => void press()}>
      {say.notify.button}
    </button>
  );
}
