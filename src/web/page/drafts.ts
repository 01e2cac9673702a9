import { useRef, useState } from "preact/hooks";
import { route } from "./router.ts";
import { readStored, writeStored } from "./state.ts";

/** Under which name typed words for a ticket are remembered; stores of one server may have tickets of one id. */
export function draftName(what: string, id: string): string {
  const { workflow } = route.get();
  return `draft.${what}.${workflow === "" ? "" : `${workflow}/`}${id}`;
}

/** Remembers what is typed in this window; what another window remembers under the name is not forgotten with it. */
export function useStored(name: string): (text: string) => void {
  const mine = useRef(readStored(name));
  return (text) => {
    if (text === "" && readStored(name) !== mine.current) return;
    mine.current = text;
    writeStored(name, text);
  };
}

/** Words that are being typed. */
export interface Draft {
  readonly text: string;
  put(text: string): void;
  /** They were sent: what was typed since stays. */
  sent(text: string): void;
}

/** What is being typed, which survives a reload and whatever takes its field away, until it was sent. */
export function useDraft(name: string): Draft {
  const [text, setText] = useState(() => readStored(name) ?? "");
  const latest = useRef(text);
  const keep = useStored(name);
  const put = (value: string): void => {
    latest.current = value;
    setText(value);
    keep(value);
  };
  const sent = (what: string): void => {
    if (latest.current.startsWith(what)) put(latest.current.slice(what.length).trimStart());
  };
  return { text, put, sent };
}

/** A change of a value that is being typed. */
export interface Change {
  readonly text: string;
  /** The value that the typing began with: whether another changed it meanwhile. */
  readonly was: string;
}

/** A change of a value, kept until it is saved or given up; `latest` is what was typed last, drawn or not. */
export function useChange(name: string) {
  const [change, setChange] = useState(() => readChange(name));
  const latest = useRef(change);
  const keep = useStored(name);
  const put = (next: Change | undefined): void => {
    latest.current = next;
    setChange(next);
    keep(next === undefined ? "" : JSON.stringify(next));
  };
  return { change, put, latest };
}

function readChange(name: string): Change | undefined {
  try {
    const { text, was } = JSON.parse(readStored(name) ?? "") as Partial<Change>;
    return text === undefined || was === undefined ? undefined : { text, was };
  } catch {
    return undefined;
  }
}
