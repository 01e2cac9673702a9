import type { Fields } from "../../ticket/ticket.ts";
import { extraKey, type Foreign } from "./foreign.ts";

/** Some sources keep a link on one side; links here stand on both. */
export function linkBothWays(tickets: readonly Foreign[]): Foreign[] {
  const back = new Map<string, string[]>();
  for (const { id, content } of tickets) {
    if (typeof content === "string") continue;
    for (const other of content.fields.links ?? []) add(back, other, id);
  }
  return withFields(tickets, ({ id, content }) => {
    const others = back.get(id);
    if (others === undefined || typeof content === "string") return {};
    return { links: [...new Set([...(content.fields.links ?? []), ...others])] };
  });
}

/**
 * Some sources keep a dependency on the blocker: it moves to what is blocked. What is not in the source stays with the
 * blocker, as `blocks`. `blocks` is by id.
 */
export function dependOnBlockers(
  tickets: readonly Foreign[],
  blocks: ReadonlyMap<string, readonly string[]>,
  source: string,
): Foreign[] {
  const ids = new Set(tickets.map(({ id }) => id));
  const blockers = new Map<string, string[]>();
  for (const [id, targets] of blocks) for (const target of targets) if (ids.has(target)) add(blockers, target, id);
  const linked = withFields(tickets, ({ id, content }) => {
    const more = blockers.get(id);
    if (more === undefined || typeof content === "string") return {};
    return { deps: [...new Set([...(content.fields.deps ?? []), ...more])] };
  });
  return linked.map((ticket) => {
    const { content } = ticket;
    const elsewhere = (blocks.get(ticket.id) ?? []).filter((target) => !ids.has(target));
    if (elsewhere.length === 0 || typeof content === "string") return ticket;
    const extra = new Map(content.extra);
    return { ...ticket, content: { ...content, extra: extra.set(extraKey("blocks", source, extra), elsewhere) } };
  });
}

function add(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key) ?? [];
  list.push(value);
  lists.set(key, list);
}

function withFields(tickets: readonly Foreign[], fieldsOf: (ticket: Foreign) => Fields): Foreign[] {
  return tickets.map((ticket) => {
    const { content } = ticket;
    if (typeof content === "string") return ticket;
    return { ...ticket, content: { ...content, fields: { ...content.fields, ...fieldsOf(ticket) } } };
  });
}
