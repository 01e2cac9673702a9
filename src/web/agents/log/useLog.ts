import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { connection } from "../../data/events.ts";
import { useValue } from "../../page/state.ts";
import { type Found, findIn, MOST_FOUND, patternOf } from "./find.ts";
import { type Followed, followLog } from "./followLog.ts";
import { Layout } from "./layout.ts";
import type { LogBuffer } from "./logBuffer.ts";

/** The log of a run, drawn anew as it grows. */
export function useLog(
  run: string,
  onEnded: () => void,
): { readonly log: Followed | undefined; readonly version: number } {
  const [version, setVersion] = useState(0);
  const [log, setLog] = useState<Followed>();
  const isLive = useValue(connection) === "live";
  useEffect(() => {
    const followed = followLog(run, () => setVersion((count) => count + 1), onEnded);
    setLog(followed);
    return () => followed.end();
  }, [run]);
  useEffect(() => {
    if (isLive) log?.again();
  }, [isLive, log]);
  return { log, version };
}

/** Which rows the lines take: those that came are laid out, all where the width or the beginning is another one. */
export function useLayout(buffer: LogBuffer, version: number, columns: number): Layout {
  const last = useRef<{ readonly buffer: LogBuffer; readonly first: number; readonly layout: Layout }>(undefined);
  return useMemo(() => {
    const known = last.current;
    const isSame = known?.buffer === buffer && known.first === buffer.first && known.layout.columns === columns;
    const layout = isSame ? known.layout : new Layout(buffer.lines, columns);
    if (isSame) layout.add(buffer.lines);
    last.current = { buffer, first: buffer.first, layout };
    return layout;
  }, [buffer, version, columns]);
}

/** Where the words stand: only what came is looked through, all where the words or the beginning are others. */
export function useFound(buffer: LogBuffer, version: number, words: string): readonly Found[] {
  const last = useRef<{
    readonly words: string;
    readonly first: number;
    readonly end: number;
    readonly found: Found[];
  }>(undefined);
  return useMemo(() => {
    const pattern = patternOf(words);
    if (pattern === undefined) return [];
    const known = last.current;
    const isSame = known?.words === words && known.first === buffer.first;
    const more = findIn(buffer.lines, pattern, buffer.first, isSame ? known.end : 0);
    const found = (isSame ? [...known.found, ...more] : more).slice(0, MOST_FOUND);
    last.current = { words, first: buffer.first, end: buffer.lines.length, found };
    return found;
  }, [buffer, version, words]);
}
