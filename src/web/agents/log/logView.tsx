import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../../words/say.ts";
import type { Run } from "../people.ts";
import { type Found, nearest } from "./find.ts";
import { FindBar } from "./findBar.tsx";
import type { Followed } from "./followLog.ts";
import { Rows } from "./rows.tsx";
import { useFound, useLayout, useLog } from "./useLog.ts";
import { PROBE, useColumns, useRows } from "./useRows.ts";

/** The log of a run, as it goes on. */
export function LogView({ run, onEnded }: { readonly run: Run; readonly onEnded: () => void }): JSX.Element {
  const { log, version } = useLog(run.run, onEnded);
  const problem = log?.problem();
  if (log === undefined || !log.isRead()) {
    return problem === undefined ? (
      <p class="waiting">{say.agents.log.reading}</p>
    ) : (
      <p class="failure" role="alert">
        {say.agents.log.unreadable(problem.message)}{" "}
        <button type="button" onClick={log?.again}>
          {say.tryAgain}
        </button>
      </p>
    );
  }
  return <Lines key={run.run} name={run.run} log={log} version={version} />;
}

/** So near to the beginning earlier lines are read, in CSS pixels. */
const NEAR = 400;

interface Props {
  readonly name: string;
  readonly log: Followed;
  readonly version: number;
}

function Lines({ name, log, version }: Props): JSX.Element {
  const { buffer } = log;
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const layout = useLayout(buffer, version, useColumns(box, probe));
  const { begin, end, isFollowing, follow, onScroll, show, topLine } = useRows(box, layout, buffer.first, version);
  const [words, setWords] = useState("");
  const found = useFound(buffer, version, words);
  /** What is shown of them: a line and a place in it, whatever comes before. */
  const [current, setCurrent] = useState<Found>();
  const at = found.findIndex((one) => one.line === current?.line && one.at === current.at);
  const go = (to: number): void => {
    const place = found.at(to);
    setCurrent(place);
    if (place !== undefined) show(place.line);
  };
  useEffect(() => go(nearest(found, topLine)), [words]);
  const scroll = (): void => {
    onScroll();
    if ((box.current?.scrollTop ?? NEAR) < NEAR) void log.earlier();
  };
  return (
    <div class="log">
      <FindBar
        words={words}
        put={setWords}
        found={found.length}
        current={at}
        step={(by) => found.length > 0 && go((Math.max(0, at) + by) % found.length)}
        isFollowing={isFollowing}
        follow={() => {
          follow(true);
          box.current?.scrollTo(0, box.current.scrollHeight);
        }}
        earlier={buffer.hasEarlier && buffer.hasRoom ? () => void log.earlier() : undefined}
      />
      <section
        class="log-lines"
        aria-label={say.agents.log.of(name)}
        ref={box}
        onScroll={scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        tabIndex={0}
      >
        <span class="probe" ref={probe} aria-hidden="true">
          {"0".repeat(PROBE)}
        </span>
        {buffer.lines.length === 0 ? <p class="empty">{say.agents.log.nothing}</p> : null}
        <Rows buffer={buffer} layout={layout} begin={begin} end={end} words={words} current={current} />
      </section>
      {buffer.hasEarlier && !buffer.hasRoom ? (
        <p class="hint">{say.agents.log.rest(<code>ayo run log {name} --limit 100000</code>)}</p>
      ) : null}
    </div>
  );
}
