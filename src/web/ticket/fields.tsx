import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { act } from "../act.ts";
import { ask } from "../ask.ts";
import type { Model } from "../model.ts";
import type { Shown } from "../shapes.ts";
import { useValue } from "../state.ts";
import { fullTime, halfMinute, timeLeft } from "../times.ts";
import { toast } from "../toasts.tsx";
import { saveFields } from "./save.ts";

interface Props {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}

/** The front matter, each field saved as it is changed. */
export function Fields({ shown, model, read }: Props): JSX.Element {
  const { ticket } = shown;
  const put = async (changes: Readonly<Record<string, unknown>>): Promise<void> => {
    const saved = await saveFields(shown, changes);
    if (typeof saved === "object") {
      toast({ text: "somebody changed this ticket meanwhile; look, then try again", kind: "error" });
    }
    await read();
  };
  const types = [...new Set([...model.config.board.types, ...(ticket.type === null ? [] : [ticket.type])])];
  return (
    <section class="fields" aria-label="Fields">
      <Claim shown={shown} model={model} read={read} />
      <label>
        Type
        <select value={ticket.type ?? ""} onChange={(event) => void put({ type: event.currentTarget.value })}>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        Priority
        <select value={ticket.priority} onChange={(event) => void put({ priority: Number(event.currentTarget.value) })}>
          {["critical", "high", "medium", "low", "lowest"].map((name, n) => (
            <option key={name} value={n}>
              {n} {name}
            </option>
          ))}
        </select>
      </label>
      <Field label="Assignee" value={ticket.assignee ?? ""} hint="nobody" save={(assignee) => put({ assignee })} />
      <Field label="Tags" value={ticket.tags.join(", ")} hint="none" save={(text) => put({ tags: wordsOf(text) })} />
      <Field label="Project" value={ticket.project ?? ""} hint="none" save={(project) => put({ project })} />
      <Field label="Parent" value={ticket.parent ?? ""} hint="none" save={(parent) => put({ parent })} />
      <Field label="Due" value={ticket.due ?? ""} hint="none" save={(due) => put({ due })} />
      <Field
        label="External ref"
        value={ticket.externalRef ?? ""}
        hint="none"
        save={(externalRef) => put({ externalRef })}
      />
      <Times shown={shown} />
    </section>
  );
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** A field that is saved when it is left, or with Enter. */
function Field({
  label,
  value,
  hint,
  save,
}: {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly save: (text: string) => Promise<void>;
}): JSX.Element {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const leave = (): void => {
    if (text.trim() !== value) void save(text.trim()).then(() => setText(value));
  };
  return (
    <label>
      {label}
      <input
        value={text}
        placeholder={hint}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setText(value);
        }}
      />
    </label>
  );
}

function Claim({ shown: { ticket }, model, read }: Props): JSX.Element | null {
  const { id, claim, question, blockedReason } = ticket;
  const answer = async (): Promise<void> => {
    const said = await ask(question ?? "", "Answer");
    if (said) await act(id, "answer", { answer: said }).then(read);
  };
  useValue(halfMinute);
  return (
    <>
      {claim === null ? null : (
        <p class="claim">
          ● claimed by <b>{claim.by}</b>
          {claim.until === null ? "" : `, ${timeLeft(claim.until)} left`}
        </p>
      )}
      {question === undefined ? null : (
        <div class="question">
          <p>asks: {question}</p>
          {model.config.verbs.includes("answer") ? (
            <button type="button" class="main" onClick={() => void answer()}>
              Answer
            </button>
          ) : null}
        </div>
      )}
      {blockedReason === undefined ? null : <p class="question">blocked: {blockedReason}</p>}
    </>
  );
}

function Times({ shown: { ticket } }: { readonly shown: Shown }): JSX.Element {
  const rows = [
    ["created", ticket.created],
    ["started", ticket.started],
    ["finished", ticket.closed],
  ] as const;
  const extra = Object.entries(ticket.extra);
  return (
    <dl class="times">
      {rows.flatMap(([name, time]) =>
        time === null
          ? []
          : [
              <div key={name}>
                <dt>{name}</dt>
                <dd>{fullTime(time)}</dd>
              </div>,
            ],
      )}
      {extra.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
      <div>
        <dt>file</dt>
        <dd>{ticket.path}</dd>
      </div>
    </dl>
  );
}
