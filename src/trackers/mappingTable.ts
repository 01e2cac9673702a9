/** A state as a person knows it. */
export interface NamedState {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/**
 * Why a column is a state: config says so, it has its name, a name that is usual, is the only one of its type, or is what
 * columns of its category are.
 */
export type Why = "config" | "name" | "convention" | "only of its type" | "category" | "none";

/** How values go over, for a person to look at. */
export interface MappingTable {
  readonly rows: readonly { readonly column: string; readonly state: NamedState | null; readonly why: Why }[];
  /** States that are no column, and the column that their items come to; null: it stays as it is. */
  readonly others: readonly { readonly state: NamedState; readonly column: string | null }[];
  /** None where items have no priority there. */
  readonly priorities: readonly { readonly here: number; readonly there: number; readonly name: string }[];
  /** What an item without a priority has here. */
  readonly defaultPriority: number;
  /** Labels that go over; no others are made there. */
  readonly labels: readonly string[];
  readonly people: readonly { readonly here: string; readonly there: string; readonly why: "config" | "name" }[];
  /** What config maps to, and is not there. */
  readonly missing: readonly string[];
}
