import path from "node:path";
import { deletedIds } from "../../store/deleted.ts";
import type { Draft } from "../../store/draft.ts";
import { isValidId } from "../../ticket/ids.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { newId } from "../create.ts";
import type { Complaint, Patient } from "./patient.ts";

/** Ids that cannot be typed: a file name with blanks, or an `id:` that is none. */
export function badIds({ tickets }: Patient): Complaint[] {
  return tickets.flatMap((ticket): Complaint[] => {
    const { id, path: file, extra } = ticket;
    const written = extra.id;
    if (written === undefined && isValidId(id)) return [];
    const finding = { code: "bad_id", severity: "warning", path: file, id } as const;
    const name = written === undefined ? `the file name '${id}'` : `'${String(written)}'`;
    const message = `${name} is no id: letters, digits, '.', '_' and '-', at most 64`;
    return [{ finding: { ...finding, message } }];
  });
}

/** Tickets whose file bears another name than their id; the file is renamed where that name is free. */
export function misnamed(patient: Patient): Complaint[] {
  const duplicates = new Set(duplicateGroups(patient).flatMap(({ others }) => others.map((ticket) => ticket.path)));
  const wrong = patient.tickets.filter(
    ({ id, path: file, fields }) => fields.id !== undefined && file !== `${id}.md` && !duplicates.has(file),
  );
  const movable = movableOf(patient, wrong);
  return wrong.map((ticket): Complaint => {
    const { id, path: file } = ticket;
    const finding = { code: "id_mismatch", severity: "warning", path: file, id } as const;
    const message = `the file of ${id} should be named ${id}.md`;
    if (!movable.has(file)) return { finding: { ...finding, message: `${message}, but that name is taken` } };
    return {
      finding: { ...finding, message, fix: `renamed to ${id}.md` },
      rename: { ticket, to: `${id}.md` },
      replaces: [file],
    };
  });
}

/** Two tickets with one id, also where only capitals differ: the one named after the id keeps it. */
export function duplicates(patient: Patient): Complaint[] {
  return duplicateGroups(patient).flatMap(({ kept, others }) =>
    others.map((ticket): Complaint => {
      const { id, path: file } = ticket;
      const fresh = unusedName(patient, ticket);
      const becomes = fresh === undefined ? "a new id, and the file its name" : `the id ${fresh}`;
      const message = `has the id '${id}' of ${kept.path}; tickets that name ${kept.id} go on meaning ${kept.path}`;
      return {
        finding: { code: "duplicate_id", severity: "error", path: file, id, message, fix: `gets ${becomes}` },
        order: 2,
        change: (draft) => reidentify(patient, draft, ticket, fresh),
        replaces: [file],
      };
    }),
  );
}

interface Group {
  readonly kept: Ticket;
  readonly others: readonly Ticket[];
}

function duplicateGroups({ tickets }: Patient): Group[] {
  const groups = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const key = ticket.id.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), ticket]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1) return [];
    const [kept, ...others] = group.sort(byClaim);
    return kept === undefined ? [] : [{ kept, others }];
  });
}

/** Who keeps an id: the one whose file bears it, then the older, then the first by name. */
function byClaim(left: Ticket, right: Ticket): number {
  const isOwn = (ticket: Ticket): number => (ticket.path === `${ticket.id}.md` ? 0 : 1);
  const age = (ticket: Ticket): string => ticket.fields.created ?? "9";
  return isOwn(left) - isOwn(right) || compare(age(left), age(right)) || compare(left.path, right.path);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The file's name, where it is a valid id that nobody has or had. */
function unusedName({ store, tickets, archive }: Patient, ticket: Ticket): string | undefined {
  const name = path.posix.basename(ticket.path, ".md");
  const isTaken = (id: string): boolean => id.toLowerCase() === name.toLowerCase();
  const others = tickets.filter((other) => other !== ticket).map(({ id }) => id);
  const used = [ticket.id, ...others, ...archive.ids(), ...deletedIds(store.dir)];
  return isValidId(name) && !used.some(isTaken) ? name : undefined;
}

async function reidentify({ store }: Patient, draft: Draft, ticket: Ticket, fresh: string | undefined): Promise<void> {
  const id = fresh ?? (await newId(store, draft));
  await draft.patch(ticket, { id });
  if (fresh !== undefined) return;
  const text = draft.read(ticket);
  draft.put(ticket.path, null);
  draft.put(`${id}.md`, text);
}

/** The files whose rename leads to a name that is free, or that another rename frees: two may be swapped. */
function movableOf({ tickets, archive, problems }: Patient, wrong: readonly Ticket[]): Set<string> {
  const movable = new Map(wrong.filter(({ id }) => isValidId(id)).map((ticket) => [ticket.path, ticket]));
  const files = [...tickets, ...problems].map((one) => one.path);
  const isFree = ({ id, path: own }: Ticket): boolean =>
    archive.find(id) === undefined &&
    files.every((file) => file === own || file.toLowerCase() !== `${id}.md`.toLowerCase() || movable.has(file));
  for (let before = -1; before !== movable.size; ) {
    before = movable.size;
    for (const ticket of movable.values()) if (!isFree(ticket)) movable.delete(ticket.path);
  }
  return new Set(movable.keys());
}
