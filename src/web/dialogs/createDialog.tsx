import type { JSX, TargetedEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createTicket } from "../data/commands.ts";
import type { Model } from "../data/model.ts";
import { Similar } from "../data/shown/similar.tsx";
import { dialog } from "../page/keys.ts";
import { navigate, ticketHref } from "../page/router.ts";
import { readStored, writeStored } from "../page/state.ts";
import { submitOnCtrlEnter } from "../page/submit.ts";
import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";
import { Modal } from "./modal.tsx";

const EMPTY = {
  title: "",
  description: "",
  acceptance: "",
  type: "",
  priority: "2",
  assignee: "",
  tags: "",
  parent: "",
  deps: "",
};
type Draft = typeof EMPTY;
const KEPT = "draft.new";

/** Makes a ticket; what was typed survives a reload until it is made or thrown away. */
export function CreateDialog({ model }: { readonly model: Model }): JSX.Element {
  const [draft, setDraft] = useState<Draft>(readDraft);
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const set = (name: keyof Draft) => (text: string) => {
    const next = { ...draft, [name]: text };
    setDraft(next);
    writeStored(KEPT, JSON.stringify(next));
  };
  const put =
    (name: keyof Draft) => (event: TargetedEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>) =>
      set(name)(event.currentTarget.value);
  const discard = (): void => {
    writeStored(KEPT, "");
    dialog.set("");
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const typing = document.activeElement;
    // What would be typed now would belong to no ticket.
    setBusy(true);
    const made = await createTicket(inputOf(draft));
    setBusy(false);
    if (made !== undefined) {
      discard();
      navigate(ticketHref(made.id));
    } else requestAnimationFrame(() => typing instanceof HTMLElement && typing.focus());
  };
  return (
    <Modal label={say.header.create}>
      <form
        class="create"
        inert={isBusy}
        aria-busy={isBusy}
        onSubmit={(event) => void submit(event)}
        onKeyDown={submitOnCtrlEnter}
      >
        <h1>{say.header.create}</h1>
        <label>
          {capital(say.fields.title)}
          <input ref={first} dir="auto" required maxLength={500} value={draft.title} onInput={put("title")} />
        </label>
        <Similar title={draft.title} description={draft.description} />
        <p class="asked" aria-hidden="true">
          {say.dialogs.description}
        </p>
        <Writing label={say.dialogs.description} rows={6} text={draft.description} put={set("description")} />
        <label>
          {say.dialogs.criteria}
          <textarea dir="auto" rows={3} value={draft.acceptance} onInput={put("acceptance")} />
        </label>
        <Details model={model} draft={draft} put={put} />
        <Buttons isBusy={isBusy} onDiscard={discard} />
      </form>
    </Modal>
  );
}

function Buttons({ isBusy, onDiscard }: { readonly isBusy: boolean; readonly onDiscard: () => void }): JSX.Element {
  return (
    <div class="buttons">
      <button type="submit" class="main" disabled={isBusy}>
        {say.dialogs.create}
      </button>
      <button type="button" onClick={() => dialog.set("")}>
        {say.dialogs.keepDraft}
      </button>
      <button type="button" class="quiet" onClick={onDiscard}>
        {say.discard}
      </button>
      <span class="hint">{say.dialogs.ctrlEnterCreates}</span>
    </div>
  );
}

type Put = (name: keyof Draft) => (event: TargetedEvent<HTMLInputElement | HTMLSelectElement>) => void;

function Details({
  model,
  draft,
  put,
}: {
  readonly model: Model;
  readonly draft: Draft;
  readonly put: Put;
}): JSX.Element {
  return (
    <div class="details">
      <label>
        {capital(say.fields.type)}
        <select value={draft.type} onChange={put("type")}>
          <option value="">{say.dialogs.byDefault}</option>
          {model.config.board.types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        {capital(say.fields.priority)}
        <select value={draft.priority} onChange={put("priority")}>
          {say.priorities.map((name, n) => (
            <option key={name} value={n}>
              {n} {name}
            </option>
          ))}
        </select>
      </label>
      {(
        [
          ["assignee", say.dialogs.assigneeHint],
          ["tags", say.dialogs.tagsHint],
          ["parent", say.dialogs.parentHint],
          ["deps", say.dialogs.depsHint],
        ] as const
      ).map(([name, hint]) => (
        <label key={name}>
          {capital(say.fields[name])}
          <input value={draft[name]} placeholder={hint} onInput={put(name)} />
        </label>
      ))}
    </div>
  );
}

function inputOf({ tags, deps, ...rest }: Draft): Record<string, unknown> {
  const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== "");
  const texts = Object.entries(rest).filter(([, value]) => value.trim() !== "");
  return {
    ...Object.fromEntries(texts),
    ...(words(tags).length === 0 ? {} : { tags: words(tags) }),
    ...(words(deps).length === 0 ? {} : { deps: words(deps) }),
  };
}

function readDraft(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(readStored(KEPT) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}
