import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import * as s from "./shapes.ts";

const left = s.about("what waits, and why; an empty id: all of it", s.listOf(s.shape({ id: s.text, why: s.text })));

const item = s.shape({ id: s.text, key: s.text, url: s.text });

const standing = s.shape({
  tracker: s.text,
  place: s.about("the team or the repository", s.text),
  url: s.text,
  push: s.oneOf("linked", "all"),
  key: s.about("whether its key is in the server's environment", s.flag),
  allowed: s.about("whether its address may be asked from this machine", s.flag),
  syncedAt: s.time,
  trouble: s.about("files that make no sense; until they are mended nothing is synced", s.texts),
  linked: s.count,
  detached: s.about("whose items are gone there", s.listOf(item)),
  unlinked: s.about("taken off their items", s.listOf(item)),
  left,
  refused: s.about(
    "what the tracker refused: sent again when it changes, or by a whole sync",
    s.listOf(s.shape({ id: s.text, part: s.text, why: s.maybe })),
  ),
  until: s.about("when it may be asked again", s.time),
});

/** What came of a sync with a tracker. */
export const trackerSynced = s.answer(
  {
    tracker: s.text,
    place: s.about("the team or the repository", s.text),
    came: s.about("tickets that were made or changed here", s.count),
    sent: s.about("things that were written there", s.count),
    commits: s.count,
    told: s.listOf(s.shape({ id: s.text, text: s.text })),
    left,
    until: s.time,
    notices: s.texts,
  },
  {
    requests: s.about(
      "of a dry run: what would be sent",
      s.listOf(s.shape({ operation: s.text, variables: s.mapOf(s.ref("Value")) })),
    ),
  },
);

const state = s.shape({ id: s.text, name: s.text, type: s.text });

/** How values go over. */
const mapping = s.shape({
  rows: s.listOf(s.shape({ column: s.text, state: s.orNull(state), why: s.text })),
  others: s.about("states that are no column", s.listOf(s.shape({ state, column: s.maybe }))),
  priorities: s.listOf(s.shape({ here: s.count, there: s.count, name: s.text })),
  defaultPriority: s.count,
  labels: s.texts,
  people: s.listOf(s.shape({ here: s.text, there: s.text, why: s.text })),
  missing: s.about("what config.yml maps to, and is not there", s.texts),
});

/** The shapes of what is told of trackers. */
export const TRACKER_SHAPES: Readonly<Record<string, JsonSchema>> = {
  TrackerStatus: s.answer({ trackers: s.listOf(standing) }),
  TrackerMapping: s.answer({ tracker: s.text, place: s.text, mapping }),
  TrackerSynced: trackerSynced,
};
