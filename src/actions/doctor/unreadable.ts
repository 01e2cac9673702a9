import { readdirSync } from "node:fs";
import path from "node:path";
import { isTorn } from "../../store/tornFiles.ts";
import { columnFor } from "../../ticket/readiness.ts";
import type { Complaint, Patient } from "./patient.ts";

/** Files that are no readable tickets, with their line; a person has to mend them (torn ones: see tornFiles.ts). */
export function unreadable({ store, problems }: Patient): Complaint[] {
  return problems
    .filter(({ path: file }) => !isTorn(path.join(store.dir, file)))
    .map(({ path: file, line, code, message }) => ({
      finding: { code, severity: "error", path: file, ...(line > 0 ? { line } : {}), message },
    }));
}

/** Files that lie where no ticket is looked for. */
export function misplaced({ store }: Patient): Complaint[] {
  const lost = names(path.join(store.dir, "archive")).filter((name) => name.endsWith(".md"));
  const message = "is never read: archived tickets lie in month folders, archive/YYYY-MM/";
  return lost.map((name) => ({
    finding: { code: "misplaced", severity: "warning", path: `archive/${name}`, message },
  }));
}

/** Tickets in no column: neither ready nor blocked nor done, so that no list but the whole one shows them. */
export function statuses({ view, tickets }: Patient): Complaint[] {
  const columns = view.board.columns.map(({ id }) => id).join(", ");
  return tickets
    .filter(({ status }) => columnFor(view.board, status) === undefined)
    .map(({ id, path: file, status }) => {
      const what = status === "" ? "has no status" : `status '${status}' is no column of the board`;
      const message = `${what}: 'ayo ticket status ${id} <column>' with one of ${columns}`;
      return { finding: { code: "unknown_status", severity: "warning", path: file, id, message } };
    });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
