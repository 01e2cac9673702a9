import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nameOf } from "../data/changeMany.ts";
import type { Model } from "../data/model.ts";
import { readAgents } from "../data/names.ts";
import { projects } from "../data/projectList.ts";
import { dialog } from "../page/keys.ts";
import { type Picking, pickName } from "../page/pick.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { Combobox } from "./combobox.tsx";
import { Modal } from "./modal.tsx";
import { pickChoices, SEVERAL } from "./pickChoices.ts";

/** A list to choose from for tickets: what fits, by typing; arrows and Enter, or a click. */
export function Picker({ model, picking }: { readonly model: Model; readonly picking: Picking }): JSX.Element {
  const { kind, ids, anchor } = picking;
  const known = useValue(projects);
  const agents = useAgents(kind === "assignee");
  const isSeveral = SEVERAL.includes(kind);
  const label = say.picker.label(pickName(kind), nameOf(ids));
  return (
    <Modal label={label} at={anchor}>
      <p class="picker-of">{label}</p>
      <Combobox
        name="picker"
        label={label}
        placeholder={say.picker[kind]}
        choicesOf={(text) => pickChoices(picking, text, { model, projects: known, agents, now: new Date() })}
        choose={({ run }) => {
          if (isSeveral) return run();
          dialog.set("");
          // The card has the keyboard again by then, and keeps it where the change moves it.
          setTimeout(run);
        }}
        empty={say.dialogs.noSuch}
      />
      {isSeveral ? <p class="hint">{say.dialogs.severalHint}</p> : null}
    </Modal>
  );
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
