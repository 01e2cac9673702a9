/** The tickets that an action's answer is about. */
export function idsOf(answer: unknown): string[] {
  const { ticket, tickets, ids, id } = answer as {
    readonly ticket?: { readonly id: string } | null;
    readonly tickets?: readonly { readonly id: string }[];
    readonly ids?: readonly string[];
    readonly id?: string;
  };
  if (ticket) return [ticket.id];
  if (tickets !== undefined) return tickets.map((one) => one.id);
  return [...(ids ?? (id === undefined ? [] : [id]))];
}
