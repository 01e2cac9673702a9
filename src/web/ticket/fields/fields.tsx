import { Fragment, type JSX } from "preact";
import type { Model } from "../../data/model.ts";
import { projects } from "../../data/projectList.ts";
import { claimName, type Shown } from "../../data/shapes.ts";
import { textFields } from "../../data/shown/textFields.ts";
import { Dot } from "../../page/dot.tsx";
import { draftName } from "../../page/drafts.ts";
import { type PickKind, pick } from "../../page/pick.ts";
import { hrefOf } from "../../page/router.ts";
import { useValue } from "../../page/state.ts";
import { dayAndWay, fullTime, halfMinute, timeLeft } from "../../page/times.ts";
import { toast } from "../../page/toasts.tsx";
import { capital, percent } from "../../words/forms.ts";
import { say } from "../../words/say.ts";
import { type Saved, saveFields, saveTags } from "../text/save.ts";
import { Field } from "./field.tsx";
import { Item } from "./item.tsx";

interface Props {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
}

/** Fields whose value can be chosen from a list. */
const PICKED: Readonly<Record<string, PickKind>> = {
  assignee: "assignee",
  project: "project",
  parent: "parent",
};

/** The front matter, each field saved as it is changed. */
export function Fields({ shown, model, read }: Props): JSX.Element {
  const { ticket } = shown;
  const done = async (saving: Promise<Saved>): Promise<Saved> => {
    const saved = await saving;
    if (typeof saved === "object") {
      toast({ text: say.ticket.fieldChanged, kind: "error" });
    }
    await read();
    return saved;
  };
  const put = (changes: Readonly<Record<string, unknown>>): Promise<Saved> => done(saveFields(shown, changes));
  const types = [...new Set([...model.config.board.types, ...(ticket.type === null ? [] : [ticket.type])])];
  return (
    <section class="fields" aria-label={say.ticket.fields}>
      <Claim shown={shown} />
      <Item shown={shown} />
      <label>
        {capital(say.fields.type)}
        <select value={ticket.type ?? ""} onChange={(event) => void put({ type: event.currentTarget.value })}>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        {capital(say.fields.priority)}
        <select value={ticket.priority} onChange={(event) => void put({ priority: Number(event.currentTarget.value) })}>
          {say.priorities.map((name, n) => (
            <option key={name} value={n}>
              {n} {name}
            </option>
          ))}
        </select>
      </label>
      <Field
        label={capital(say.fields.tags)}
        value={ticket.tags.join(", ")}
        hint={say.none}
        name={draftName("tags", ticket.id)}
        merges
        onPick={(at) => pick("tags", [ticket.id], at)}
        save={(text, was) => done(saveTags(shown, wordsOf(text), wordsOf(was)))}
      />
      <Texts ticket={ticket} put={put} />
      <Times shown={shown} />
    </section>
  );
}

/** The fields of one text each. */
function Texts({
  ticket,
  put,
}: {
  readonly ticket: Shown["ticket"];
  readonly put: (changes: Readonly<Record<string, unknown>>) => Promise<Saved>;
}): JSX.Element {
  return (
    <>
      {textFields().map(({ name, label, hint }) => (
        <Fragment key={name}>
          <Field
            label={label}
            value={[ticket[name] ?? []].flat().join(", ")}
            hint={hint}
            isDate={name === "due"}
            inWords={name === "due" && ticket.due ? dayAndWay(ticket.due) : undefined}
            name={draftName(name, ticket.id)}
            onPick={PICKED[name] && ((at) => pick(PICKED[name] as PickKind, [ticket.id], at))}
            save={(text) => put({ [name]: text })}
          />
          {name === "project" && ticket.project !== null ? <OfProject word={ticket.project} /> : null}
        </Fragment>
      ))}
    </>
  );
}

/** The project's colour and name: the way to its page. */
function OfProject({ word }: { readonly word: string }): JSX.Element {
  const { find } = useValue(projects);
  const { slug = word, name = word, color = null, status = null, progress = null } = find(word) ?? {};
  const facts = [
    status === null || status === "active" ? null : say.standing[status],
    progress === null ? null : say.picker.done(percent(progress)),
  ];
  return (
    <p class="project">
      <Dot color={color} />
      <a href={hrefOf("projects", {}, slug)}>{name}</a>{" "}
      <span class="hint">{facts.filter((fact) => fact !== null).join(", ")}</span>
    </p>
  );
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function Claim({ shown: { ticket } }: Pick<Props, "shown">): JSX.Element | null {
  const { claim, blockedReason, delegatedBy } = ticket;
  useValue(halfMinute);
  return (
    <>
      {claim === null ? null : (
        <p class="claim">
          ● {claimName(ticket)} <b>{claim.by}</b>
          {claim.until === null ? "" : `, ${say.times.left(timeLeft(claim.until))}`}
          {claim.confirmed === false ? ` (${say.board.unsure})` : ""}
        </p>
      )}
      {delegatedBy === undefined || delegatedBy === null ? null : (
        <p class="hint">{say.ticket.handedOnBy(<b>{delegatedBy}</b>)}</p>
      )}
      {blockedReason === undefined ? null : <p class="question">{say.ticket.blocked(blockedReason)}</p>}
    </>
  );
}

function Times({ shown: { ticket } }: { readonly shown: Shown }): JSX.Element {
  const rows = [
    [say.fields.created, ticket.created],
    [say.ticket.started, ticket.started],
    [say.stats.finished, ticket.closed],
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
        <dt>{say.ticket.file}</dt>
        <dd>{ticket.path}</dd>
      </div>
    </dl>
  );
}
