import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Lines } from "../data/inbox.ts";
import type { Config } from "../data/shapes.ts";
import { useKeys } from "../page/keys.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { type Keyed, pressInInbox } from "./inboxKeys.ts";
import { kindName } from "./kinds.ts";
import { LineView } from "./lineView.tsx";
import { isTypedIn, type ShownLine, withGone } from "./typed.ts";
import { useActs } from "./useActs.ts";
import { useFocus, useNamed } from "./useFocus.ts";
import { isRead, useStill } from "./useStill.ts";

/** The lines, by kind, and what keys do with them. */
export function LineList({
  page,
  config,
  at,
  more,
}: {
  readonly page: Lines;
  readonly config: Config;
  /** The line that gets the keyboard once it is there. */
  readonly at: string;
  readonly more: () => void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { busy, snoozing, acts, own, isSwept } = useActs(box);
  const before = useRef<readonly ShownLine[]>([]);
  const isHeld = !isSwept.current && isRead(box.current);
  // What is being settled is not what somebody still types.
  const shown = withGone(before.current, page.items, ({ line: { key }, isGone }) =>
    busy.has(key) ? isGone : isTypedIn(box.current, key) || (isHeld && !own.has(key)),
  );
  before.current = shown;
  useStill(box, shown, isSwept.current);
  isSwept.current = false;
  const { last, keepFor } = useFocus(box, shown);
  // What others settled stays until nobody reads.
  const release = shown.some(({ isGone }) => isGone) ? () => setTimeout(acts.redraw) : undefined;
  useNamed(box, at);
  useKeys((event) => pressInInbox(event, { box: box.current, shown, config, acts, last: last.current, snoozing }));
  const { items, total, notices } = page;
  return (
    <div class="inbox" ref={box} onPointerLeave={release} onFocusOut={release}>
      {notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {shown.length === 0 ? <Nothing kind={page.kind} /> : null}
      <Groups shown={shown} config={config} acts={acts} busy={busy} snoozing={snoozing} box={box.current} />
      {items.length < total ? (
        <More
          page={page}
          more={() => {
            keepFor(items.length);
            more();
          }}
        />
      ) : null}
    </div>
  );
}

/** The lines, those of one kind together. */
function Groups({
  shown,
  config,
  acts,
  busy,
  snoozing,
  box,
}: Pick<Keyed, "shown" | "config" | "acts" | "snoozing" | "box"> & {
  readonly busy: ReadonlySet<string>;
}): JSX.Element {
  return (
    <>
      {groupsOf(shown).map(([kind, some]) => (
        <section key={kind} aria-label={kindName(kind)}>
          <h2>{kindName(kind)}</h2>
          <ul>
            {some.map((one) => (
              <LineView
                key={one.line.key}
                shown={one}
                config={config}
                acts={acts}
                isBusy={busy.has(one.line.key)}
                isLeft={one.isGone && !isTypedIn(box, one.line.key)}
                isSnoozing={snoozing === one.line.key}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function More({ page: { items, total }, more }: { readonly page: Lines; readonly more: () => void }): JSX.Element {
  return (
    <p class="more">
      <button type="button" data-stop onClick={more}>
        {say.inbox.more}
      </button>{" "}
      <span class="hint">{say.ofTotal(number(items.length), number(total))}</span>
    </p>
  );
}

function Nothing({ kind }: { readonly kind: string }): JSX.Element {
  return (
    <p class="welcome">
      {kind === "" ? say.inbox.nothing : say.inbox.nothingOfKind} {say.inbox.comes}
    </p>
  );
}

/** Lines of one kind stand together. */
function groupsOf(shown: readonly ShownLine[]): [string, ShownLine[]][] {
  const groups = new Map<string, ShownLine[]>();
  for (const one of shown) {
    const { kind } = one.line;
    const group = groups.get(kind) ?? [];
    groups.set(kind, group);
    group.push(one);
  }
  return [...groups];
}
