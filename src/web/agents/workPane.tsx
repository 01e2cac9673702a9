import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { useKeys } from "../page/keys.ts";
import { pick } from "../page/pick.ts";
import { navigate, ticketHref } from "../page/router.ts";
import { say } from "../words/say.ts";
import { type Acts, Buttons, Stop } from "./buttons.tsx";
import { ChangedFiles } from "./changedFiles.tsx";
import { Facts } from "./facts.tsx";
import { LogView } from "./log/logView.tsx";
import { MessageBox } from "./messageBox.tsx";
import type { Work } from "./people.ts";
import { retryRun, stopRun } from "./runActs.ts";

interface Props {
  readonly work: Work;
  readonly model: Model;
  /** Reads anew what agents do. */
  readonly read: () => void;
}

/** A run, or a ticket that an agent holds: what is known of it, what can be done, and its log. */
export function WorkPane({ work, model, read }: Props): JSX.Element {
  const { run, ticket, title } = work;
  const [open, setOpen] = useState<"" | "message" | "stop">("");
  const box = useRef<HTMLElement>(null);
  const isLive = run !== undefined && run.state !== "ended";
  const isKnown = model.cards.has(ticket);
  const acts: Acts = {
    message: isKnown ? () => setOpen(open === "message" ? "" : "message") : undefined,
    stop: isLive ? () => setOpen("stop") : undefined,
    retry: isKnown && run !== undefined && !isLive ? () => void retryRun(ticket).then(read) : undefined,
    assign: isKnown ? () => pick("assignee", [ticket], box.current?.querySelector("[data-assign]") ?? null) : undefined,
  };
  useKeys(({ key }) => press(key, acts, ticket));
  return (
    <section class="work" aria-label={work.key} ref={box}>
      <h2>{isKnown ? <a href={ticketHref(ticket)}>{title}</a> : title}</h2>
      <Facts work={work} />
      <Buttons acts={acts} open={open} />
      {open === "stop" && run !== undefined ? (
        <Stop
          stop={() => {
            setOpen("");
            void stopRun(run.run).then(read);
          }}
          leave={() => setOpen("")}
        />
      ) : null}
      {open === "message" ? <MessageBox id={ticket} isLive={isLive} close={() => setOpen("")} /> : null}
      <ChangedFiles id={ticket} stand={run?.state ?? ""} isLive={isLive} />
      {run === undefined ? <p class="empty">{say.agents.noRun}</p> : <LogView run={run} onEnded={read} />}
    </section>
  );
}

/** True where a key did something. */
function press(key: string, { message, stop, retry, assign }: Acts, ticket: string): boolean {
  const todo = { n: message, x: stop, r: retry, a: assign, o: () => navigate(ticketHref(ticket)) };
  const act = Object.hasOwn(todo, key) ? todo[key as keyof typeof todo] : undefined;
  act?.();
  return act !== undefined;
}
