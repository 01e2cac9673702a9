import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { isOwnUrl, judgeUrl, type UrlKey, urlTrouble } from "../../store/allow/urls.ts";
import type { Draft } from "../../store/change/draft.ts";
import { readStore } from "../../store/disk/view.ts";
import { fingerprint, writeApproval } from "../../store/open/approvals.ts";
import { CONFIG_HEADER } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";
import { formatTime } from "../../ticket/time.ts";
import type { MappingTable } from "../../trackers/mappingTable.ts";
import { editYaml, withValue } from "../config/editYaml.ts";
import { action, change, flag, optionalText, type Written, writeOptions } from "../input/action.ts";
import { nameStore } from "../sync/nameStore.ts";
import { connectTracker, urlKey, whereOf } from "./connect.ts";
import { FACTS, placeOf, TRACKERS, type TrackerName } from "./kinds/facts.ts";
import type { TrackerPlace } from "./kinds/kind.ts";
import { repoHere } from "./kinds/repoHere.ts";
import { readMemory, remember } from "./memory.ts";
import { type TrackerRules, trackersIn } from "./rules.ts";
import { filesOfElsewhere, placeAgreed } from "./side/pairFiles.ts";
import { keyIn, refElsewhere } from "./side/refs.ts";

/** What `tracker add` answers. */
export interface TrackerAdded extends Written {
  readonly tracker: TrackerName;
  readonly place: TrackerPlace;
  readonly url: string;
  /** Whose key it is. */
  readonly viewer: string;
  readonly mapping: MappingTable;
}

const input = v.object({
  tracker: v.pipe(v.picklist(TRACKERS), v.description("which tracker: linear or github")),
  team: optionalText("of linear: the key of a team, ENG"),
  repo: optionalText("of github: the repository, OWNER/NAME; without it that of the project's remote"),
  url: optionalText("another address than the tracker's own"),
  gh: flag("of github: ask gh for its token where GITHUB_TOKEN is not set, from now on on this machine"),
  push: v.optional(
    v.pipe(v.picklist(["linked", "all"]), v.description("which tickets go there: those that were published, or all")),
  ),
  yes: flag("write it down without being asked"),
  as: writeOptions.as,
  dryRun: flag("show the mapping that was found, write nothing"),
});
type Input = v.InferOutput<typeof input>;

/** `ayo tracker add linear --team ENG`, `ayo tracker add github --repo acme/web`. */
export const trackerAdd = action({
  name: "tracker add",
  summary: "Connect the store with a team or a repository of a tracker, by the mapping that is found there",
  writes: true,
  input,
  run: async (store, input): Promise<TrackerAdded> => {
    const { name: by } = deciderOf(store, input.as, "connect a store with a tracker");
    const wanted = placeIn(store, input);
    assertUrl(input);
    const view = await readStore(store);
    const { tracker } = input;
    const before = trackersIn(view.config).find(({ name }) => name === tracker);
    const connection = await connectTracker(store, { name: tracker, url: input.url }, { isNamed: true, gh: input.gh });
    try {
      const place = await connection.findPlace(wanted);
      const isSame = before?.placeId === place.id;
      const map = isSame ? { states: before.states, people: before.people } : { states: {}, people: {} };
      const where = whereOf({ place: place.key, placeId: place.id, ...map }, view);
      const mapping = (await connection.describe(where)).table(map);
      const found = { tracker, place, url: connection.url, viewer: await connection.viewer(where), mapping };
      const isAsGh = tracker === "github" && input.gh !== readMemory(store, tracker).gh;
      if (input.dryRun) return { ...found, commit: null, notices: [], dryRun: true, wouldChange: !isSame };
      if (!input.yes) throw unconfirmed(found);
      if (input.url !== undefined) allowUrl(store, urlKey(tracker), input.url, by);
      await nameStore(store, input.as);
      const written = await writeDown(store, input, place, mapping);
      if (isAsGh) remember(store, tracker, { gh: input.gh });
      return { ...found, ...written };
    } finally {
      connection.close();
    }
  },
});

/** What the tracker is to be connected with. @throws bad_usage */
function placeIn(store: Store, input: Input): string {
  const { name, flag: own, example } = FACTS[input.tracker];
  const other = (["team", "repo"] as const).find((one) => one !== own && input[one] !== undefined);
  const value = input[own] ?? (own === "repo" ? repoHere(store) : undefined);
  if (other === undefined && value !== undefined) return value;
  const what = other === undefined ? "" : `has no --${other}: it `;
  throw new AyoError("bad_usage", `${name} ${what}needs --${own}, such as --${own} ${example}`, {
    data: { field: own },
  });
}

function assertUrl({ url, tracker }: Input): void {
  const trouble = url === undefined ? undefined : urlTrouble(url, urlKey(tracker));
  if (trouble !== undefined) throw new AyoError("bad_input", `url ${trouble}`, { data: { field: "url" } });
}

function unconfirmed(found: Omit<TrackerAdded, keyof Written>): AyoError {
  const { tracker, place, url } = found;
  const name = place.name === place.key ? "" : ` (${place.name})`;
  const message = `tickets and issues of ${placeOf({ name: tracker, place: place.key })}${name} at ${new URL(url).host} would be kept the same. Say yes with --yes, or look at the mapping with --dry-run`;
  return new AyoError("needs_confirmation", message, { data: { ...found } });
}

/** Whoever names an address on this machine has allowed it here. */
function allowUrl(store: Store, key: UrlKey, url: string, by: string): void {
  const { approvalFolder, name, bytes, state } = judgeUrl(store, key, url);
  if (isOwnUrl(key, url) || state === "allowed" || bytes === undefined) return;
  const at = formatTime(store.host.now());
  const sha256 = fingerprint(bytes);
  writeApproval(approvalFolder, { store: approvalFolder.dir, path: name, decision: "allowed", sha256, at, by }, bytes);
}

async function writeDown(store: Store, input: Input, place: TrackerPlace, mapping: MappingTable): Promise<Written> {
  const { tracker } = input;
  const outcome = await change(store, { as: input.as }, async (draft) => {
    const old = trackersIn(draft.view.config).find(({ name }) => name === tracker);
    const value = settingsFor(input, place, mapping, old?.placeId === place.id ? old : undefined);
    const text = readConfigText(store);
    const edited = withTracker(text, ["trackers", tracker], value);
    const aside = filesOfElsewhere(store.dir, { name: tracker, placeId: place.id });
    if (edited === text && aside.length === 0) return { result: null };
    draft.put(CONFIG_FILE, edited);
    await forget(draft, aside, { name: tracker, place: place.key, placeId: place.id }, placeAgreed(store.dir, tracker));
    if (aside.length > 0)
      draft.notices.push("tickets of the place before stay as they are, and are linked with nothing now");
    return { result: null, sentence: { subject: `tracker ${tracker}: ${place.key}`, tickets: [] } };
  });
  return outcome.written;
}

/**
 * What was agreed on with another place is none of this one's, where the same number is another item. The tickets stay,
 * and name their items by what is none here; connected with that place again, they are theirs once more.
 */
async function forget(
  draft: Draft,
  files: readonly string[],
  place: Pick<TrackerRules, "name" | "place" | "placeId">,
  before: string | undefined,
): Promise<void> {
  for (const file of files) {
    draft.put(file, null);
    const ticket = draft.view.byId.get(path.basename(file, ".json"));
    const ref = ticket?.fields.externalRef;
    const key = ref === undefined ? undefined : keyIn(ref, place);
    if (ticket === undefined || key === undefined) continue;
    const other = before === undefined ? null : refElsewhere({ name: place.name, placeId: before }, key);
    await draft.patch(ticket, { externalRef: other });
  }
}

/** What config.yml says of it: what is found now, and of the same place what was set before. */
function settingsFor(input: Input, place: TrackerPlace, mapping: MappingTable, old: TrackerRules | undefined) {
  const { flag: own, comments: usual, name } = FACTS[input.tracker];
  // What every repository has is not written down: only what somebody chose.
  const states = mapping.rows.flatMap(({ column, state, why }) =>
    state === null || why === "category" ? [] : [[column, state.id] as const],
  );
  const isOwn = input.url === undefined || isOwnUrl(urlKey(name), input.url);
  const { conflicts = "remote", comments = usual, people = {}, push = "linked" } = old ?? {};
  return {
    [own]: place.key,
    [`${own}-id`]: place.id,
    ...(isOwn ? {} : { url: input.url }),
    push: input.push ?? push,
    ...(conflicts === "remote" ? {} : { conflicts }),
    ...(comments === usual ? {} : { comments }),
    ...(states.length === 0 ? {} : { states: Object.fromEntries(states) }),
    ...(Object.keys(people).length === 0 ? {} : { people }),
  };
}

/** The text of config.yml, or how a new one begins. */
export function readConfigText({ dir }: Pick<Store, "dir">): string {
  const file = path.join(dir, CONFIG_FILE);
  return existsSync(file) ? readFileSync(file, "utf8") : `${CONFIG_HEADER}\n`;
}

/** The same with another value at a place. @throws bad_config where only a person can change it */
export function withTracker(text: string, place: readonly string[], value: unknown): string {
  const raw = (parseYaml(text, { path: CONFIG_FILE, firstLine: 1 }) ?? {}) as Record<string, unknown>;
  const edited = editYaml(text, place, withValue(raw, place, value));
  if (edited !== undefined) return edited;
  const message = `${CONFIG_FILE} is written in a way that only a person can change: add to it\n${place.join(": ")}: ${JSON.stringify(value)}`;
  throw new AyoError("bad_config", message, { data: { path: CONFIG_FILE, key: place.join(".") } });
}
