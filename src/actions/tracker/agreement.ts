import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import type { Store } from "../../store/open/store.ts";
import { counted } from "../../ticket/counted.ts";
import type { Provider } from "../../trackers/provider.ts";
import type { Write } from "../../trackers/sync/plan.ts";
import { type SyncOptions, type SyncReport, syncTracker } from "../../trackers/sync/sync.ts";
import type { Connection } from "./connect.ts";
import { placeOf } from "./kinds/facts.ts";
import type { Where } from "./kinds/kind.ts";
import { readMemory, remember } from "./memory.ts";
import type { TrackerRules } from "./rules.ts";
import type { StoreSide } from "./side/storeSide.ts";

/** What only a person may do. */
export const YES = "say yes to sending tickets to a tracker";

/** The place that is meant, looked at once in a run and before anything is changed. */
export interface LookedAt {
  /** Whether anybody at all can read it. @throws TrackerError where another one bears its name now */
  readonly look: () => Promise<boolean>;
  /** The same, where it was looked at already. */
  readonly isPublic: () => boolean | undefined;
}

/** Looks when it is first needed. */
export function lookAt(connection: Connection, where: Where): LookedAt {
  let seen: boolean | undefined;
  return {
    look: async () => {
      seen ??= await connection.isPublic(where);
      return seen;
    },
    isPublic: () => seen,
  };
}

/** A sync, as far as it is asked about. */
export interface Asking {
  readonly store: Store;
  readonly rules: TrackerRules;
  readonly provider: Provider;
  readonly side: StoreSide;
  readonly place: LookedAt;
  readonly url: string;
}

interface Said {
  readonly yes?: boolean | undefined;
  readonly as?: string | undefined;
}

/** What a yes is to. Whoever shares the store may change how much goes there, and to whom: that is another yes. */
const meantBy = ({ url, rules: { placeId, push, comments } }: Asking): string =>
  [url, placeId, push, comments].join(" ");
/** A yes to the whole world; one to fewer readers is none to it. */
const WORLD = " public";

/** What came before the first yes, and whether it was said; what came stays undefined where it was said before. */
export type Agreed =
  | { readonly isAgreed: true; readonly taken: SyncReport | undefined }
  | { readonly isAgreed: false; readonly taken: SyncReport };

/**
 * The first time that anything is sent from this machine, a person says yes to it; until then things only come, and what
 * came is the answer where there is nothing to send yet.
 * @throws needs_confirmation, needs_person
 */
export async function agreed(asking: Asking, sync: SyncOptions, said: Said): Promise<Agreed> {
  const { store, rules, provider, side, place } = asking;
  const known = readMemory(store, rules.name).agreed;
  if (known === meantBy(asking) || known === meantBy(asking) + WORLD) return { isAgreed: true, taken: undefined };
  const report = await syncTracker(provider, side, { ...sync, hold: true });
  const { told, writes } = report;
  const { take = [], publish = [], unlink = [] } = sync;
  const hasWishes = take.length + publish.length + unlink.length > 0;
  if (writes.length === 0) return { isAgreed: hasWishes, taken: report };
  const isPublic = await place.look();
  if (said.yes) {
    remember(store, rules.name, { agreed: meantBy(asking) + (isPublic ? WORLD : "") });
    return { isAgreed: true, taken: report };
  }
  // What people did there needs no yes, and has come.
  side.keep();
  deciderOf(store, said.as, YES);
  throw unsaid(asking, writes, { came: side.came(), told });
}

/** Before anything is written there: a place that was private when somebody said yes is another one when all can read it. */
export function stillMeant(asking: Asking, said: Said): (writes: readonly Write[]) => void {
  const { store, rules, place } = asking;
  return (writes) => {
    if (writes.length === 0 || place.isPublic() !== true) return;
    const world = meantBy(asking) + WORLD;
    if (readMemory(store, rules.name).agreed === world) return;
    deciderOf(store, said.as, YES);
    if (said.yes !== true) throw unsaid(asking, writes, {});
    remember(store, rules.name, { agreed: world });
  };
}

function unsaid({ rules, place, url }: Asking, writes: readonly Write[], more: object): AyoError {
  const of = rules.comments === "all" ? "of people and agents" : "of people";
  const notes = writes.some(({ kind }) => kind === "comment") ? ` with the notes ${of}` : "";
  const readers = place.isPublic() ? "it is public, and the whole world" : "everybody who can read it there";
  const what = `${summed(writes)} would be sent to ${placeOf(rules)} at ${new URL(url).host}: ${readers} will be able to read them${notes}.`;
  const message = `${what} Sending them needs a yes: add --yes, or look with --dry-run`;
  return new AyoError("needs_confirmation", message, { data: { what, writes: writes.length, ...more } });
}

const KINDS: Readonly<Record<Write["kind"], string>> = {
  create: "new item",
  update: "change",
  comment: "comment",
  editComment: "changed comment",
  relate: "relation",
  unrelate: "relation taken away",
};

/** `3 new items, 1 comment`. */
function summed(writes: readonly Pick<Write, "kind">[]): string {
  const kinds = Object.keys(KINDS) as Write["kind"][];
  const parts = kinds.flatMap((kind) => {
    const count = writes.filter((write) => write.kind === kind).length;
    return count === 0 ? [] : [counted(count, KINDS[kind])];
  });
  return parts.join(", ");
}
