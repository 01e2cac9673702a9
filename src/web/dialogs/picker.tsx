import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { nameOf } from "../data/many/changeMany.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { readAgents } from "../data/shown/names.ts";
import { dialog } from "../page/keys.ts";
import { type Picking, pickName } from "../page/pick.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { type Choice, Combobox } from "./combobox.tsx";
import { Modal } from "./modal.tsx";
import { changeSeveral, type Fresh, nameFault, pickChoices, SEVERAL } from "./pickChoices.ts";

/** A list to choose from for tickets: what fits, by typing; arrows and Enter, or a click. */
export function Picker({
  model,
  picking,
  fresh,
  close = () => dialog.set(""),
}: {
  readonly model: Model;
  readonly picking: Picking;
  /** What is chosen is for a ticket that is not made yet. */
  readonly fresh?: Fresh;
  readonly close?: () => void;
}): JSX.Element {
  const { kind, ids, anchor } = picking;
  const known = useValue(projects);
  const agents = useAgents(kind === "assignee");
  const isSeveral = SEVERAL.includes(kind);
  const [changed, change] = useState<ReadonlyMap<string, boolean>>(new Map());
  const latest = useRef(changed);
  // However it is closed, and however soon: what was chosen is one change.
  useLayoutEffect(() => () => changeSeveral(picking, latest.current, fresh), []);
  const [typed, setTyped] = useState("");
  const label = say.picker.label(pickName(kind), fresh === undefined ? nameOf(ids) : say.header.create);
  return (
    <Modal label={label} at={anchor} onClose={close}>
      <p class="picker-of">{label}</p>
      <Combobox
        name="picker"
        label={label}
        placeholder={say.picker[kind]}
        choicesOf={(text) =>
          pickChoices(picking, text, { model, projects: known, agents, now: new Date(), changed, fresh })
        }
        onType={setTyped}
        choose={({ key, has, run }) => {
          if (isSeveral) {
            latest.current = toggled(latest.current, key, has);
            return change(latest.current);
          }
          close();
          // The card has the keyboard again by then, and keeps it where the change moves it.
          setTimeout(run);
        }}
        empty={(kind === "assignee" && nameFault(typed)) || say.dialogs.noSuch}
      />
      {isSeveral ? <p class="hint">{say.dialogs.severalHint}</p> : null}
    </Modal>
  );
}

/** What was changed, with one more; what is as it was before is no change. */
function toggled(changed: ReadonlyMap<string, boolean>, key: string, has: Choice["has"]): ReadonlyMap<string, boolean> {
  const next = new Map(changed);
  if (!next.delete(key)) next.set(key, has !== true);
  return next;
}

/** Agents that are known, though no ticket names them. */
function useAgents(isWanted: boolean): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isWanted) return;
    void readAgents().then(setNames);
  }, [isWanted]);
  return names;
}
