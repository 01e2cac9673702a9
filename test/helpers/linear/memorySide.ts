import type {
  Fit,
  LocalChange,
  LocalSide,
  LocalState,
  LocalTicket,
  TicketEdit,
} from "../../../src/trackers/sync/localSide.ts";
import type { Pair } from "../../../src/trackers/sync/pair.ts";

/** A side of a sync in memory, for tests of the syncer alone; people edit its tickets meanwhile. */
export class MemorySide implements LocalSide {
  readonly storeId: string;
  readonly tickets = new Map<string, LocalTicket>();
  readonly pairs = new Map<string, Pair>();
  cursor: LocalState["cursor"] = {};
  private readonly beyond = new Map<string, string | undefined>();
  /** Changes that were made: each is a commit. */
  commits = 0;
  /** Tickets that may not be changed now. */
  readonly away = new Map<string, LocalTicket>();
  fit: Fit | undefined;
  journalled: (() => Promise<void>) | undefined;
  assertTurn: (() => void) | undefined;
  /** Changes of tickets as they were asked for. */
  readonly edits: TicketEdit[] = [];
  /** Called before and after each change; it may throw as a crash would end the process there. */
  onChange: (when: "before" | "after") => void = () => undefined;

  constructor(storeId = "a1b2c3d4e5f6") {
    this.storeId = storeId;
  }

  idFor = (key: string, _isTaken?: (id: string) => boolean): string => `mya-${key.slice(0, 8)}`;

  readonly ahead: LocalSide["ahead"] = {
    find: (cursor) => this.beyond.get(JSON.stringify(cursor)),
    keep: (cursor, relations) => this.beyond.set(JSON.stringify(cursor), relations),
  };

  private now(): LocalState {
    return {
      tickets: new Map(this.tickets),
      pairs: new Map(this.pairs),
      cursor: this.cursor,
      away: new Set(this.away.keys()),
    };
  }

  read = async (): Promise<LocalState> => this.now();

  change = async <T>(work: (now: LocalState) => { readonly change: LocalChange; readonly result: T }): Promise<T> => {
    this.onChange("before");
    const { change, result } = work(this.now());
    for (const { after } of change.tickets) this.tickets.set(after.id, after);
    this.edits.push(...change.tickets);
    for (const [id, pair] of change.pairs) {
      // What is kept is what its file would hold.
      if (pair === undefined) this.pairs.delete(id);
      else this.pairs.set(id, JSON.parse(JSON.stringify(pair)) as Pair);
    }
    if (change.cursor !== undefined) this.cursor = change.cursor;
    if (change.tickets.length + change.pairs.size > 0 || change.cursor !== undefined) this.commits++;
    this.onChange("after");
    return result;
  };

  add(id: string, over: Partial<Omit<LocalTicket, "fields">> & { fields?: Partial<LocalTicket["fields"]> } = {}): void {
    const fields = {
      title: id,
      description: "",
      status: "open",
      priority: 2,
      assignee: null,
      parent: null,
      ...over.fields,
    };
    const rest = { labels: [], deps: [], notes: [], isClaimed: false, isPublished: true };
    this.tickets.set(id, { id, ...rest, ...over, fields });
  }

  /** Takes a ticket away, as archiving does, or a file that nobody can read any more. */
  put(id: string, where: "away" | "back"): void {
    const [from, to] = where === "away" ? [this.tickets, this.away] : [this.away, this.tickets];
    const ticket = from.get(id);
    if (ticket !== undefined) to.set(id, ticket);
    from.delete(id);
  }

  edit(id: string, change: (ticket: LocalTicket) => Partial<LocalTicket>): void {
    const ticket = this.tickets.get(id);
    if (ticket !== undefined) this.tickets.set(id, { ...ticket, ...change(ticket) });
  }
}
