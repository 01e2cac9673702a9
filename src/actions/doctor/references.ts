import path from "node:path";
import { deletedIds } from "../../store/disk/deleted.ts";
import { isFinished } from "../../store/disk/view.ts";
import { findCycles } from "../../ticket/rules/graph.ts";
import { describeDeadlock, findDeadlocks, waitsOf } from "../../ticket/rules/waits.ts";
import { type Ticket, ticketWith } from "../../ticket/ticket.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** References to tickets that are neither active nor archived. Only links can go without a person's word. */
export function dangling(examination: Examination): TicketFinding[] {
  const known = knower(examination);
  const deleted = deletedIds(examination.store.dir);
  const what = (id: string): string => (deleted.has(id) ? `${id}, which was deleted` : `${id}, which does not exist`);
  return examination.tickets.flatMap((ticket) => {
    const { id, path, fields } = ticket;
    const common = { path, id } as const;
    const deps = unique(fields.deps).filter((dep) => !known(dep));
    const links = unique(fields.links).filter((link) => !known(link));
    const found: TicketFinding[] = deps.map((target) => {
      const message = `waits for ${what(target)}: 'ayo ticket undep ${id} ${target}'`;
      return { finding: { code: "dangling_dep", severity: "error", ...common, target, message } };
    });
    for (const target of links) {
      const message = `is linked to ${what(target)}`;
      found.push({
        finding: { code: "dangling_link", severity: "warning", ...common, target, message, fix: "the link is removed" },
        order: 1,
        change: (draft) => draft.patch(ticket, { links: unique(fields.links).filter(known) }),
        replaces: [path],
      });
    }
    return [...found, ...danglingWords(ticket, known, what)];
  });
}

function danglingWords(
  { id, path, fields }: Ticket,
  known: (id: string) => boolean,
  what: (id: string) => string,
): TicketFinding[] {
  const found: TicketFinding[] = [];
  const add = (code: string, target: string | undefined, fact: string, hint: string): void => {
    if (target === undefined || known(target)) return;
    const message = `${fact} ${what(target)}: ${hint}`;
    found.push({ finding: { code, severity: "warning", path, id, target, message } });
  };
  add("dangling_parent", fields.parent, "is part of", `'ayo ticket update ${id} --parent ""'`);
  add("dangling_duplicate", fields.duplicateOf, "is a duplicate of", "edit the file");
  return found;
}

/**
 * Tickets that wait for each other, are parts of each other, or both, so that none can ever be finished; which line is
 * wrong only a person knows.
 */
export function cycles({ tickets, view }: Examination): TicketFinding[] {
  const waiting = findCycles(tickets).map((cycle): TicketFinding => {
    const [first = "", last = ""] = [cycle[0], cycle.at(-2)];
    const message = `wait for each other: ${cycle.join(" -> ")}; break it, say with 'ayo ticket undep ${last} ${first}'`;
    return { finding: { code: "cycle", severity: "error", id: first, target: last, message } };
  });
  const parts = tickets.map((ticket) => {
    const { parent } = ticket.fields;
    return ticketWith(ticket, { fields: parent === undefined ? {} : { deps: [parent] } });
  });
  const nested = findCycles(parts).map((cycle): TicketFinding => {
    const [first = ""] = cycle;
    const message = `are parts of each other: ${cycle.join(" -> ")}; break it, say with 'ayo ticket update ${first} --parent ""'`;
    return { finding: { code: "parent_cycle", severity: "error", id: first, message } };
  });
  return [...waiting, ...nested, ...deadlocks(tickets, view)];
}

function deadlocks(tickets: readonly Ticket[], view: Examination["view"]): TicketFinding[] {
  const done = ({ status }: Ticket): boolean => isFinished(view.board, status);
  const waits = waitsOf(tickets, done);
  return findDeadlocks(tickets, done).map((cycle): TicketFinding => {
    const at = cycle.findIndex((id, step) => waits.deps(id).includes(cycle[step + 1] ?? ""));
    const [id = "", target = ""] = cycle.slice(at);
    const way = describeDeadlock(waits, cycle);
    const message = `can never be finished: ${way}; break it, say with 'ayo ticket undep ${id} ${target}'`;
    return { finding: { code: "deadlock", severity: "error", path: pathOf(tickets, id), id, target, message } };
  });
}

function pathOf(tickets: readonly Ticket[], id: string): string {
  return tickets.find((ticket) => ticket.id === id)?.path ?? `${id}.md`;
}

/** Whose file cannot be read is there all the same. */
function knower({ view, archive, archived, problems }: Examination): (id: string) => boolean {
  const ids = new Set([
    ...archived.map(({ id }) => id),
    ...problems.map((problem) => path.posix.basename(problem.path, ".md")),
  ]);
  return (id) => view.byId.has(id) || ids.has(id) || archive.find(id) !== undefined;
}

function unique(ids: readonly string[] | undefined): string[] {
  return [...new Set(ids)];
}
