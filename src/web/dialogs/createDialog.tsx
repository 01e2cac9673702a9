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
import { NewFieldRow, wordsOf } from "./newFields.tsx";

const EMPTY = {
  title: "",
  description: "",
  acceptance: "",
  type: "",
  priority: "2",
  assignee: "",
  tags: "",
  project: "",
  parent: "",
  deps: "",
  due: "",
};
type Draft = typeof EMPTY;
const KEPT = "draft.new";

function discard(): void {
  writeStored(KEPT, "");
  dialog.set("");
}

/** Makes a ticket; what was typed survives a reload until it is made or thrown away. */
export function CreateDialog({ model }: { readonly model: Model }): JSX.Element {
  const [draft, change, typed] = useDraft();
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const put = (name: keyof Draft) => (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) =>
    change({ [name]: event.currentTarget.value });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const typing = document.activeElement;
    // What would be typed now would belong to no ticket.
    setBusy(true);
    const made = await createTicket(inputOf(typed()));
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
        <Writing
          label={say.dialogs.description}
          rows={6}
          text={draft.description}
          put={(description) => change({ description })}
        />
        <label>
          {say.dialogs.criteria}
          <textarea dir="auto" rows={3} value={draft.acceptance} onInput={put("acceptance")} />
        </label>
        <NewFieldRow model={model} fields={draft} put={change} />
        <Buttons isBusy={isBusy} onDiscard={discard} />
      </form>
    </Modal>
  );
}

/** What is drawn of the draft, what keeps what is typed further, and all that was typed, drawn or not. */
function useDraft(): [Draft, (changes: Partial<Draft>) => void, () => Draft] {
  const [draft, setDraft] = useState<Draft>(readDraft);
  const latest = useRef(draft);
  const change = (changes: Partial<Draft>): void => {
    latest.current = { ...latest.current, ...changes };
    setDraft(latest.current);
    writeStored(KEPT, JSON.stringify(latest.current));
  };
  return [draft, change, () => latest.current];
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

function inputOf({ tags, deps, ...rest }: Draft): Record<string, unknown> {
  const texts = Object.entries(rest).filter(([, value]) => value.trim() !== "");
  return {
    ...Object.fromEntries(texts),
    ...(wordsOf(tags).length === 0 ? {} : { tags: wordsOf(tags) }),
    ...(wordsOf(deps).length === 0 ? {} : { deps: wordsOf(deps) }),
  };
}

function readDraft(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(readStored(KEPT) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}
