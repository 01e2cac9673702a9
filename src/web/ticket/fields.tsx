import type { JSX } from "preact";
import type { Model } from "../data/model.ts";
import { claimName, type Shown } from "../data/shapes.ts";
import { textFields } from "../data/textFields.ts";
import { draftName } from "../page/drafts.ts";
import { useValue } from "../page/state.ts";
import { fullTime, halfMinute, timeLeft } from "../page/times.ts";
import { toast } from "../page/toasts.tsx";
import { Field } from "./field.tsx";
import { Question } from "./question.tsx";
import { type Saved, saveFields, saveTags } from "./save.ts";

interface Props {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}

/** The front matter, each field saved as it is changed. */
export function Fields({ shown, model, read }: Props): JSX.Element {
  const { ticket } = shown;
  const done = async (saving: Promise<Saved>): Promise<Saved> => {
    const saved = await saving;
    if (typeof saved === "object") {
      toast({ text: "somebody changed this field meanwhile; look, then try again", kind: "error" });
    }
    await read();
    return saved;
  };
  const put = (changes: Readonly<Record<string, unknown>>): Promise<Saved> => done(saveFields(shown, changes));
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
      <Field
        label="Tags"
        value={ticket.tags.join(", ")}
        hint="none"
        name={draftName("tags", ticket.id)}
        merges
        save={(text, was) => done(saveTags(shown, wordsOf(text), wordsOf(was)))}
      />
      {textFields().map(({ name, label, hint }) => (
        <Field
          key={name}
          label={label}
          value={[ticket[name] ?? []].flat().join(", ")}
          hint={hint}
          name={draftName(name, ticket.id)}
          save={(text) => put({ [name]: text })}
        />
      ))}
      <Times shown={shown} />
    </section>
  );
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function Claim({ shown: { ticket }, model, read }: Props): JSX.Element | null {
  const { claim, blockedReason } = ticket;
  useValue(halfMinute);
  return (
    <>
      {claim === null ? null : (
        <p class="claim">
          ● {claimName(ticket)} <b>{claim.by}</b>
          {claim.until === null ? "" : `, ${timeLeft(claim.until)} left`}
        </p>
      )}
      <Question ticket={ticket} isOpen={model.config.verbs.includes("answer")} read={read} />
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
