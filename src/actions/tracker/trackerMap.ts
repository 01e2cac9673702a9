import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { readStore } from "../../store/disk/view.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import type { Column } from "../../ticket/rules/board.ts";
import type { MappingTable } from "../../trackers/mappingTable.ts";
import { action, change, flag, optionalList, type Written, writeOptions } from "../input/action.ts";
import { connectTracker, whereOf } from "./connect.ts";
import { placeOf, TRACKERS } from "./kinds/facts.ts";
import type { DescribedPlace, Named } from "./kinds/kind.ts";
import { rulesFor, type TrackerRules } from "./rules.ts";
import { readConfigText, withTracker } from "./trackerAdd.ts";

/** What `tracker map` answers. */
export interface TrackerMapped extends Written {
  readonly tracker: string;
  readonly place: string;
  readonly mapping: MappingTable;
  /** Keys of config.yml that this call changed. */
  readonly changed: readonly string[];
}

const trackerInput = v.optional(
  v.pipe(v.picklist(TRACKERS), v.description("which tracker, where the store has several")),
);

/** `ayo tracker map`. */
export const trackerMap = action({
  name: "tracker map",
  summary: "Show how columns, priorities, labels and people go over, and change it",
  writes: true,
  input: v.object({
    tracker: trackerInput,
    state: optionalList("COLUMN=STATE: a state's name or id, label:NAME at GitHub, or '' for none"),
    person: optionalList("@AGENT=NAME: a name or id there, or '' for nobody"),
    as: writeOptions.as,
    dryRun: flag("show the mapping as it would be, write nothing"),
  }),
  run: async (store, input): Promise<TrackerMapped> => {
    const view = await readStore(store);
    const rules = rulesFor(view.config, input.tracker);
    const isChange = (input.state ?? []).length + (input.person ?? []).length > 0;
    if (isChange) deciderOf(store, input.as, "say how values go over to a tracker");
    const connection = await connectTracker(store, rules);
    try {
      const described = await connection.describe(whereOf(rules, view));
      const { columns } = view.board;
      const wanted = changesOf(described, columns, input, rules);
      const config = {
        states: merged(rules.states, wanted.states),
        people: merged(rules.people, wanted.people),
      };
      const changed = [
        ...Object.keys(wanted.states).map((name) => `trackers.${rules.name}.states.${name}`),
        ...Object.keys(wanted.people).map((name) => `trackers.${rules.name}.people.${name}`),
      ];
      const written =
        !isChange || input.dryRun
          ? { commit: null, notices: [], ...(input.dryRun ? { dryRun: true as const, wouldChange: isChange } : {}) }
          : await writeDown(store, input.as, rules.name, config);
      return {
        tracker: rules.name,
        place: rules.place,
        mapping: described.table(config),
        changed,
        ...written,
      };
    } finally {
      connection.close();
    }
  },
});

/** What `tracker mapping` answers. */
export type TrackerMapping = Pick<TrackerMapped, "tracker" | "place" | "mapping">;

/** The same for programs that only look: the tracker is asked, nothing is changed. */
export const trackerMapping = action({
  name: "tracker mapping",
  summary: "How columns, priorities, labels and people go over to a tracker, which is asked for its own",
  writes: false,
  input: v.object({ tracker: trackerInput }),
  run: async (store, { tracker }): Promise<TrackerMapping> => {
    const view = await readStore(store);
    const rules = rulesFor(view.config, tracker);
    const connection = await connectTracker(store, rules);
    try {
      const described = await connection.describe(whereOf(rules, view));
      const { states, people } = rules;
      return { tracker: rules.name, place: rules.place, mapping: described.table({ states, people }) };
    } finally {
      connection.close();
    }
  },
});

type Changes = Readonly<Record<string, string | null>>;

function changesOf(
  { states, people, whyNot }: DescribedPlace,
  columns: readonly Column[],
  input: { readonly state?: readonly string[] | undefined; readonly person?: readonly string[] | undefined },
  rules: TrackerRules,
): { readonly states: Changes; readonly people: Changes } {
  const stateNamed = (name: string): string => idOf(`${placeOf(rules)} has no state`, name, states);
  const inStates = pairsIn(input.state, "state").map(([column, name]) => {
    const found = columns.find(({ id }) => id === column);
    const names = columns.map(({ id }) => id).join(", ");
    if (found === undefined) throw new AyoError("bad_input", `there is no column '${column}'; there are ${names}`);
    const state = name === "" ? null : stateNamed(name);
    const why = state === null ? undefined : whyNot?.(found, state);
    if (why !== undefined) throw new AyoError("bad_input", why, { data: { field: "state" } });
    return [column, state] as const;
  });
  const inPeople = pairsIn(input.person, "person").map(
    ([who, name]) => [who, name === "" ? null : idOf("nobody there is called", name, people)] as const,
  );
  return { states: Object.fromEntries(inStates), people: Object.fromEntries(inPeople) };
}

function pairsIn(words: readonly string[] = [], field: string): (readonly [string, string])[] {
  return words.map((word) => {
    const at = word.indexOf("=");
    if (at > 0) return [word.slice(0, at).trim(), word.slice(at + 1).trim()] as const;
    throw new AyoError("bad_input", `${field} '${word}' must be NAME=VALUE`, { data: { field } });
  });
}

function idOf(fact: string, wanted: string, known: readonly Named[]): string {
  const low = wanted.toLowerCase();
  const found = known.filter(({ id, names }) => id === wanted || names.some((name) => name.toLowerCase() === low));
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only.id;
  const names = known.map(({ names: [name = ""] }) => name).sort();
  const which = found.length > 1 ? `several are called '${wanted}': say which by its id` : `${fact} '${wanted}'`;
  const ids = found.length > 1 ? found.map(({ id }) => id) : names.slice(0, 30);
  throw new AyoError("bad_input", `${which}; there are ${ids.join(", ")}`, { data: { allowed: ids } });
}

function merged(before: Readonly<Record<string, string>>, changes: Changes): Record<string, string> {
  const all = Object.entries({ ...before, ...changes });
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== null));
}

async function writeDown(
  store: Store,
  as: string | undefined,
  tracker: string,
  config: Readonly<Record<"states" | "people", Readonly<Record<string, string>>>>,
): Promise<Written> {
  const outcome = await change(store, { as }, (draft) => {
    const before = readConfigText(store);
    const text = (["states", "people"] as const).reduce(
      (now, key) => withTracker(now, ["trackers", tracker, key], config[key]),
      before,
    );
    if (text === before) return { result: null };
    draft.put(CONFIG_FILE, text);
    return { result: null, sentence: { subject: `tracker ${tracker}: map`, tickets: [] } };
  });
  return outcome.written;
}
