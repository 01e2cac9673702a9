import { useState } from "preact/hooks";
import { route } from "./router.ts";
import { readKept, writeKept } from "./state.ts";

/** Under which name typed words for a ticket are remembered; stores of one server may have tickets of one id. */
export function draftName(what: string, id: string): string {
  const { workflow } = route.get();
  return `draft.${what}.${workflow === "" ? "" : `${workflow}/`}${id}`;
}

/** What is being typed, which survives a reload and whatever takes its field away; "" forgets it. */
export function useDraft(name: string): readonly [text: string, put: (text: string) => void] {
  const [text, setText] = useState(() => readKept(name) ?? "");
  const put = (value: string): void => {
    setText(value);
    writeKept(name, value);
  };
  return [text, put];
}
