import path from "node:path";
import type { Draft } from "../../store/change/draft.ts";
import { deletedIds } from "../../store/disk/deleted.ts";
import type { Store } from "../../store/open/store.ts";
import { isValidId } from "../../ticket/ids.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { newId } from "../input/newId.ts";
import { byClaim, originOf } from "./origin.ts";
import type { Examination, Group, TicketFinding } from "./shape.ts";

/** Ids that cannot be typed: a file name with blanks, or an `id:` that is none. */
export function badIds({ tickets }: Examination): TicketFinding[] {
  return tickets.flatMap((ticket): TicketFinding[] => {
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
export function misnamed(examination: Examination): TicketFinding[] {
  const duplicates = new Set(newcomersOf(examination).map((ticket) => ticket.path));
  const wrong = examination.tickets.filter(
    ({ id, path: file, fields }) => fields.id !== undefined && file !== `${id}.md` && !duplicates.has(file),
  );
  const movable = movableOf(examination, wrong);
  return wrong.map((ticket): TicketFinding => {
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

/** Two tickets with one id, also where only capitals differ: the newcomer gets another. */
export function duplicates(examination: Examination): TicketFinding[] {
  return examination.groups.flatMap(({ kept, others }) =>
    others.map((ticket): TicketFinding => {
      const { id, path: file } = ticket;
      const fresh = unusedName(examination, ticket);
      const becomes = fresh === undefined ? "a new id, and the file its name" : `the id ${fresh}`;
      const same = `has the id '${id}' of ${kept.path}; tickets that name ${kept.id} go on meaning ${kept.path}`;
      const message = kept.id === id ? same : `${same}, and those that name ${id} this one`;
      return {
        finding: { code: "duplicate_id", severity: "error", path: file, id, message, fix: `gets ${becomes}` },
        order: 2,
        change: (draft) => reidentify(examination, draft, ticket, fresh),
        replaces: [file],
      };
    }),
  );
}

/** The tickets that share an id, also where only capitals differ, with who keeps it first. */
export async function groupsOf(store: Store, tickets: readonly Ticket[]): Promise<Group[]> {
  const groups = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const key = ticket.id.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), ticket]);
  }
  const found: Group[] = [];
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    const files = group.map(({ path: file }) => file);
    const origin = await originOf(store, group[0]?.id ?? "", files);
    const [kept, ...others] = group.toSorted(byClaim(origin));
    if (kept !== undefined) found.push({ kept, others });
  }
  return found;
}

/** The file's name, where it is a valid id that nobody has or had. */
function unusedName({ store, tickets, archive }: Examination, ticket: Ticket): string | undefined {
  const name = path.posix.basename(ticket.path, ".md");
  const isTaken = (id: string): boolean => id.toLowerCase() === name.toLowerCase();
  const others = tickets.filter((other) => other !== ticket).map(({ id }) => id);
  const used = [ticket.id, ...others, ...archive.ids(), ...deletedIds(store.dir)];
  return isValidId(name) && !used.some(isTaken) ? name : undefined;
}

async function reidentify(
  examination: Examination,
  draft: Draft,
  ticket: Ticket,
  fresh: string | undefined,
): Promise<void> {
  const id = fresh ?? (await newId(examination.store, draft));
  await followRename(examination, draft, ticket, id);
  await draft.patch(ticket, { id });
  if (fresh !== undefined) return;
  const text = draft.read(ticket);
  draft.put(ticket.path, null);
  draft.put(`${id}.md`, text);
}

/** Where two ids differ in capitals, who names the one that goes, spelled as it is, means it and goes on meaning it. */
async function followRename({ tickets }: Examination, draft: Draft, { id: old }: Ticket, id: string): Promise<void> {
  if (tickets.filter((other) => other.id === old).length > 1) return;
  for (const ticket of tickets) {
    const { deps, links, parent, duplicateOf } = ticket.fields;
    const renamed = (ids: readonly string[]): string[] => ids.map((one) => (one === old ? id : one));
    const changes = {
      ...(deps?.includes(old) ? { deps: renamed(deps) } : {}),
      ...(links?.includes(old) ? { links: renamed(links) } : {}),
      ...(parent === old ? { parent: id } : {}),
      ...(duplicateOf === old ? { duplicateOf: id } : {}),
    };
    if (Object.keys(changes).length > 0) await draft.patch(ticket, changes);
  }
}

function newcomersOf({ groups }: Examination): Ticket[] {
  return groups.flatMap(({ others }) => others);
}

/** The files whose rename leads to a name that is free, or that another rename frees: two may be swapped. */
function movableOf(examination: Examination, wrong: readonly Ticket[]): Set<string> {
  const { tickets, archive, problems } = examination;
  const left = new Set(
    newcomersOf(examination).flatMap((one) => (unusedName(examination, one) === undefined ? one.path : [])),
  );
  const movable = new Map(wrong.filter(({ id }) => isValidId(id)).map((ticket) => [ticket.path, ticket]));
  // A newcomer whose own name is no id for it leaves its file too.
  const files = [...tickets, ...problems].map((one) => one.path).filter((file) => !left.has(file));
  const isFree = ({ id, path: own }: Ticket): boolean =>
    archive.find(id) === undefined &&
    files.every((file) => file === own || file.toLowerCase() !== `${id}.md`.toLowerCase() || movable.has(file));
  for (let before = -1; before !== movable.size; ) {
    before = movable.size;
    for (const ticket of movable.values()) if (!isFree(ticket)) movable.delete(ticket.path);
  }
  return new Set(movable.keys());
}
