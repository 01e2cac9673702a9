import * as v from "valibot";
import { AyoError } from "../error.ts";
import { idFinder } from "../store/codeCommits/linkedCommits.ts";
import { readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { parseTaskForm, TASK_FORM, type TaskForm } from "../ticket/messages/taskForm.ts";
import { resolveTag } from "../ticket/messages/ticketTags.ts";
import type { Column } from "../ticket/rules/board.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import { columnOfPhase, PHASE_KEY } from "../ticket/rules/phases.ts";
import { action, optionalText, text, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { type Moved, moveTickets } from "./lifecycle/moveTickets.ts";
import { stepTo } from "./lifecycle/phases.ts";
import { show } from "./show/show.ts";

const input = v.object({
  description: text(TASK_FORM),
  phase: optionalText("which the description names"),
  id: optionalText("the ticket that the description names"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
  claim: writeOptions.claim,
});

/**
 * `create_task` of prompts that work in phases: hands a ticket on to the first column of a phase, with the description as
 * its note. One that waits for others remembers the phase, and goes there when it is ready.
 */
export const createTask = action({
  name: "create task",
  summary: "Hand a ticket on to a phase of the board; one that waits goes there when it is ready",
  writes: true,
  input,
  run: async (store, { description, phase: wanted, id, ...options }): Promise<Moved> => {
    const note = checkText("description", description).trim();
    const { phase, ticket } = await readTask(store, note, { wanted, id });
    const { board } = await readStore(store);
    const column = columnOfPhase(board, phase);
    const moved = await moveTickets(
      store,
      { ...options, ids: [ticket], message: note },
      {
        verb: "task for",
        event: column === undefined ? "noted" : undefined,
        step: (ticket, draft) => {
          const here = { to: columnHere(draft.view, ticket.status) };
          if (column === undefined) return here;
          const waits = draft.view.readiness(ticket).blockedBy.length > 0;
          if (!waits || column.category === "todo") return stepTo(column, ticket, draft);
          return { ...here, fields: remembered(column, phase) };
        },
      },
    );
    return { ...moved, notices: [...moved.notices, ...noticesOf(moved, phase, column)] };
  },
});

function remembered({ role }: Column, phase: string) {
  return { [PHASE_KEY]: phase, ...(role === undefined ? {} : { role }) };
}

/** The column where a ticket is. */
function columnHere({ board }: View, status: string): Column {
  const found = board.columns.find((column) => column.id === status);
  return found ?? { id: status, name: status, category: categoryOf(board, status) ?? "todo" };
}

function noticesOf({ tickets: [ticket] }: Moved, phase: string, column: Column | undefined): string[] {
  if (column === undefined) {
    return [`no column of the board has 'phase: ${phase}': the task is a note, and the ticket stays where it is`];
  }
  if (ticket !== undefined && ticket.status !== column.id && ticket.blockedBy.length > 0) {
    return [`${ticket.id} waits for ${ticket.blockedBy.join(", ")}: it goes to ${column.id} when that is done`];
  }
  const isOffered = column.category !== "active" || column.role !== undefined;
  return isOffered ? [] : [`nobody is offered what is in ${column.id}: give that column a role in config.yml`];
}

interface Named {
  readonly wanted: string | undefined;
  readonly id: string | undefined;
}

/** The phase and the ticket of a task. @throws bad_input where the description has another form, or names others */
async function readTask(store: Store, note: string, { wanted, id }: Named) {
  const form = parseTaskForm(note);
  if (!("phase" in form)) throw bad(`description: ${form.join("; ")}; expected '${TASK_FORM}'`, "description");
  if (wanted !== undefined && wanted.trim() !== form.phase) {
    throw bad(`the description is of phase ${form.phase}, and phase is ${wanted}`, "phase");
  }
  const ticket = await ticketOf(store, form);
  if (id !== undefined) {
    const named = await show.run(store, { id });
    if ("ticket" in named && named.ticket.id !== ticket) {
      throw bad(`the description names ${ticket}, and id is ${named.ticket.id}`, "id");
    }
  }
  return { phase: form.phase, ticket };
}

async function ticketOf(store: Store, { tags }: TaskForm): Promise<string> {
  const find = await idFinder(store, await readStore(store));
  const ids = new Set(tags.map((tag) => resolveTag(tag, find) ?? tag.text));
  const [only, more] = ids;
  if (only !== undefined && more === undefined) return only;
  throw bad(`a task is for one ticket; the description names ${[...ids].join(", ")}`, "description");
}

function bad(message: string, field: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
