import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Operation } from "../data/many/target.ts";
import { cardOf, type Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import type { Card } from "../data/shapes.ts";
import { PICK_KEYS, type PickKind, pickName } from "../page/pick.ts";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Picker } from "./picker.tsx";

/** What a new ticket has besides its texts; texts themselves, as drafts are kept. */
export interface NewFields {
  readonly type: string;
  readonly priority: string;
  readonly assignee: string;
  readonly tags: string;
  readonly project: string;
  readonly parent: string;
  readonly deps: string;
  readonly due: string;
}

/** Fields that are chosen from lists, in this order; the key opens the list where one of the buttons has the keyboard. */
const CHOSEN = Object.entries(PICK_KEYS).filter(
  (one): one is [string, keyof NewFields & PickKind] => one[1] !== "status",
);

/** The words of a list that is written as one text. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** A button for each field of a new ticket, which opens the list that tickets have. */
export function NewFieldRow({
  model,
  fields,
  put,
}: {
  readonly model: Model;
  readonly fields: NewFields;
  readonly put: (changes: Partial<NewFields>) => void;
}): JSX.Element {
  const [open, setOpen] = useState<{ readonly kind: PickKind; readonly anchor: DOMRect }>();
  const pick = (kind: PickKind, at: Element): void => setOpen({ kind, anchor: at.getBoundingClientRect() });
  return (
    <fieldset
      class="chosen"
      aria-label={say.ticket.fields}
      onKeyDown={(event) => {
        const kind = event.ctrlKey || event.metaKey || event.altKey ? undefined : PICK_KEYS[event.key];
        const [, own] = CHOSEN.find(([, one]) => one === kind) ?? [];
        if (own === undefined || !(event.target instanceof HTMLButtonElement)) return;
        event.preventDefault();
        pick(own, event.target);
      }}
    >
      <label>
        {capital(say.fields.type)}{" "}
        <select value={fields.type} onChange={(event) => put({ type: event.currentTarget.value })}>
          <option value="">{say.dialogs.byDefault}</option>
          {model.config.board.types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      {CHOSEN.map(([key, kind]) => (
        <button key={kind} type="button" title={key} onClick={(event) => pick(kind, event.currentTarget)}>
          {pickName(kind)} <ValueOf kind={kind} fields={fields} />
        </button>
      ))}
      {open === undefined ? null : (
        <Picker
          key={open.kind}
          model={model}
          picking={{ ...open, ids: [] }}
          fresh={{ card: cardFor(fields), put: (chosen) => put(changesOf(fields, chosen)) }}
          close={() => setOpen(undefined)}
        />
      )}
    </fieldset>
  );
}

function ValueOf({ kind, fields }: { readonly kind: keyof NewFields; readonly fields: NewFields }): JSX.Element | null {
  const { find } = useValue(projects);
  const value = fields[kind];
  if (value === "") return null;
  const texts: Readonly<Partial<Record<keyof NewFields, string>>> = {
    priority: say.priorities[Number(value)] ?? value,
    project: find(value)?.name ?? value,
    parent: titlesOf(value),
    deps: titlesOf(value),
    due: dayText(value),
  };
  return <b dir="auto">{texts[kind] ?? value}</b>;
}

function titlesOf(ids: string): string {
  const titles = wordsOf(ids).map((id) => cardOf(id)?.title ?? id);
  return titles.join(", ");
}

/** The ticket as lists need it. */
function cardFor(fields: NewFields): Card {
  const { priority, assignee, tags, project, parent, deps, due } = fields;
  const known = { assignee, project, parent, due };
  const texts = Object.fromEntries(Object.entries(known).map(([name, text]) => [name, text === "" ? null : text]));
  return { ...texts, priority: Number(priority), tags: wordsOf(tags), deps: wordsOf(deps) } as Partial<Card> as Card;
}

/** What a choice makes of the fields. */
function changesOf(fields: NewFields, { op: _, addTag, removeTag, addDep, removeDep, ...one }: Operation) {
  const several = (name: "tags" | "deps", added: unknown, removed: unknown): Partial<NewFields> => {
    if (added === undefined && removed === undefined) return {};
    const gone = (removed as readonly string[] | undefined) ?? [];
    const stay = wordsOf(fields[name]).filter((word) => !gone.includes(word));
    return { [name]: [...stay, ...((added as readonly string[] | undefined) ?? [])].join(", ") };
  };
  const texts = Object.fromEntries(Object.entries(one).map(([name, value]) => [name, String(value)]));
  return { ...texts, ...several("tags", addTag, removeTag), ...several("deps", addDep, removeDep) };
}
