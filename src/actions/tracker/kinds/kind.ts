import type { Host } from "../../../host.ts";
import type { Journal } from "../../../store/open/store.ts";
import type { Column } from "../../../ticket/rules/board.ts";
import type { MappingTable } from "../../../trackers/mappingTable.ts";
import type { Provider } from "../../../trackers/provider.ts";

/** The team or the repository whose items are kept the same. */
export interface TrackerPlace {
  /** It stays where the name changes. */
  readonly id: string;
  /** What people call it: `ENG`, `acme/web`. */
  readonly key: string;
  readonly name: string;
}

/** Which place is meant, and how its values go over. */
export interface Where {
  readonly place: string;
  readonly placeId: string;
  readonly columns: readonly Column[];
  readonly states: Readonly<Record<string, string>>;
  readonly people: Readonly<Record<string, string>>;
}

/** Something there that a person may name. */
export interface Named {
  readonly id: string;
  readonly names: readonly string[];
}

/** What a place has. */
export interface DescribedPlace {
  /** How values go over by what config says of it. */
  readonly table: (map: Pick<Where, "states" | "people">) => MappingTable;
  /** Why a column cannot be a state, where it cannot. */
  readonly whyNot?: (column: Column, state: string) => string | undefined;
  /** States that a column may be, and people. */
  readonly states: readonly Named[];
  readonly people: readonly Named[];
}

/** How to come to a tracker. */
export interface OpenKind {
  readonly url: string;
  readonly key: string;
  /** The place that is asked, where it is known already. */
  readonly placeId: string | undefined;
  readonly host: Pick<Host, "env" | "now">;
  /** Where answers are kept for the next run, of a tracker that says whether something changed. */
  readonly journal: Journal | undefined;
  /** Asked before whatever writes there; it may throw. */
  readonly mayWrite?: (() => void) | undefined;
}

/** A way to ask one, until it is closed. */
export interface OpenTracker {
  readonly findPlace: (name: string) => Promise<TrackerPlace>;
  /** Whether anybody at all can read the place. @throws TrackerError where another one bears its name now */
  readonly isPublic: (where: Where) => Promise<boolean>;
  /** Whose key it is. */
  readonly viewer: (where: Where) => Promise<string>;
  readonly describe: (where: Where) => Promise<DescribedPlace>;
  readonly provider: (where: Where) => Provider;
  readonly close: () => void;
}
