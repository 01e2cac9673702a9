import path from "node:path";
import { isFinished } from "../../store/disk/view.ts";
import { isTorn } from "../../store/repair/tornFiles.ts";
import { columnFor } from "../../ticket/rules/columns.ts";
import { columnOfPhase, PHASE_KEY } from "../../ticket/rules/phases.ts";
import { countIn, heldText } from "../../ticket/rules/room.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** Files that are no readable tickets, with their line; a person has to mend them (torn ones: see tornFiles.ts). */
export function unreadable({ store, problems }: Examination): TicketFinding[] {
  return problems
    .filter(({ path: file }) => !isTorn(path.join(store.dir, file)))
    .map(({ path: file, line, code, message }) => ({
      finding: {
        code,
        severity: code === "unknown_key" || code === "bad_value" ? "warning" : "error",
        path: file,
        ...(line > 0 ? { line } : {}),
        message,
      },
    }));
}

/** More tickets are gone than anybody deletes by hand. */
export function lost({ view }: Examination): TicketFinding[] {
  return view.problems
    .filter(({ code }) => code === "mass_loss")
    .map(({ code, message }) => ({ finding: { code, severity: "warning", message } }));
}

/** Empty files without a committed text to be restored from, which tornFiles.ts tells. */
export function empty({ store, problems }: Examination, torn: ReadonlySet<string>): TicketFinding[] {
  return problems
    .filter(({ path: file }) => !torn.has(file) && isTorn(path.join(store.dir, file)))
    .map(({ path: file }) => {
      const message = "the file is empty: write a ticket into it, or delete it";
      return { finding: { code: "empty_ticket", severity: "warning", path: file, message } };
    });
}

/** Tickets that remember a phase to go to when they are ready, and no column has it: they would stay where they are. */
export function phases({ view, tickets }: Examination): TicketFinding[] {
  const known = [...new Set(view.board.columns.flatMap(({ phase }) => phase ?? []))];
  return tickets.flatMap(({ id, path: file, status, extra }): TicketFinding[] => {
    const phase = extra[PHASE_KEY];
    if (phase === undefined || isFinished(view.board, status)) return [];
    if (columnOfPhase(view.board, String(phase)) !== undefined) return [];
    const there = known.length === 0 ? "none has one" : `there are ${known.join(", ")}`;
    const way = `give a column that phase in config.yml, or 'ayo ticket update ${id} --set phase='`;
    const message = `it goes to phase '${String(phase)}' when it is ready, and no column has that phase (${there}): ${way}`;
    return [{ finding: { code: "unknown_phase", severity: "warning", path: file, id, target: "phase", message } }];
  });
}

/** Columns that hold more than they take: by hand, by a merge, or since before they had a limit. */
export function overfull({ view, tickets }: Examination): TicketFinding[] {
  return view.board.columns.flatMap((column): TicketFinding[] => {
    const { id, limit, refuse } = column;
    if (limit === undefined || refuse === undefined) return [];
    const count = countIn(view.board, column, tickets, "");
    if (count <= limit) return [];
    const message = `column ${id} ${heldText(column, count)}: 'ayo ticket list --status ${id}' shows them`;
    return [{ finding: { code: "over_limit", severity: "warning", path: "config.yml", target: id, message } }];
  });
}

/** Tickets in no column: neither ready nor blocked nor done, so that no list but the whole one shows them. */
export function statuses({ view, tickets }: Examination): TicketFinding[] {
  const columns = view.board.columns.map(({ id }) => id).join(", ");
  return tickets
    .filter(({ status }) => columnFor(view.board, status) === undefined)
    .map(({ id, path: file, status }) => {
      const what = status === "" ? "has no status" : `status '${status}' is no column of the board`;
      const message = `${what}: 'ayo ticket status ${id} <column>' with one of ${columns}`;
      return { finding: { code: "unknown_status", severity: "warning", path: file, id, message } };
    });
}
