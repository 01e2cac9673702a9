import { beforeAll, describe, expect, test } from "vitest";
import {
  type ChangeItem,
  type Fold,
  fold,
  foldText,
  type Item,
  itemsOf,
  type Sources,
} from "../../../src/web/ticket/activity/items.ts";
import { type Entry, tell } from "../../../src/web/ticket/activity/tell.ts";
import { withWords } from "../../../src/web/words/say.ts";

beforeAll(() => withWords(Promise.resolve()));

const at = (minute: number): string => `2026-11-21T03:${String(minute).padStart(2, "0")}:00Z`;

function entry(minute: number, changes: Entry["changes"], more: Partial<Entry> = {}): Entry {
  const base = { actor: "@coder", subject: "a subject", event: "updated", kind: "changed", byHand: false };
  return { ...base, commit: `c${minute}`, at: at(minute), changes, ...more };
}

const note = (minute: number, text: string) => ({ id: `n-${text}`, at: at(minute), by: "Mara Lind", text });
const added = (minute: number, text: string): Entry["changes"] => ({ notes: { from: [], to: [note(minute, text)] } });
const names = (id: string): string => id.toUpperCase();
const told = (one: Partial<Entry> & Pick<Entry, "changes">): string => tell(entry(0, one.changes, one), names).text;

function stream(sources: Partial<Sources>): string[] {
  const none = { entries: [], isCut: false, notes: [], commits: [], runs: [], tell: (one: Entry) => tell(one, names) };
  return itemsOf({ ...none, ...sources }).map(wordsOf);
}

function wordsOf(item: Item): string {
  if (item.kind === "note") return `note ${item.note.text}`;
  if (item.kind === "commit") return `commit ${item.commit.oid}`;
  return item.kind === "run" ? `run ${item.run.run}` : item.text;
}

describe("what a change says", () => {
  test.each<[string, Partial<Entry> & Pick<Entry, "changes">]>([
    ["created it", { changes: { title: { from: null, to: "x" } }, kind: "created" }],
    ["imported it", { changes: {}, kind: "created", event: "imported" }],
    ["closed it: OPEN → DONE", { changes: { status: { from: "open", to: "done" } }, event: "closed" }],
    ["moved it: A → B", { changes: { status: { from: "a", to: "b" }, lease: { from: 1, to: null } }, event: "moved" }],
    ["claimed it", { changes: { claimedBy: { from: null, to: "@coder" }, claim: { from: null, to: "x" } } }],
    [
      "claimed it: OPEN → DOING",
      { changes: { claimedBy: { from: null, to: "@coder" }, status: { from: "open", to: "doing" } }, event: "claimed" },
    ],
    [
      "started it: OPEN → DOING, claimed it",
      { changes: { claimedBy: { from: null, to: "@coder" }, status: { from: "open", to: "doing" } }, event: "started" },
    ],
    ["claimed it for @rex", { changes: { claimedBy: { from: null, to: "@rex" } } }],
    ["renewed the claim", { changes: { lease: { from: at(1), to: at(2) } }, event: "renewed" }],
    ["the claim of @rex ended", { changes: { claimedBy: { from: "@rex", to: null } }, event: "lease_expired" }],
    ["took the claim of @rex", { changes: { claimedBy: { from: "@rex", to: null } }, event: "released" }],
    [
      "priority medium → critical, tags +b −a",
      { changes: { priority: { from: 2, to: 0 }, tags: { from: ["a"], to: ["b"] } } },
    ],
    ["waits for +x-1", { changes: { deps: { from: null, to: ["x-1"] } } }],
    [
      "ticked acceptance criteria: 2 of 3",
      { changes: { criteria: { from: { done: 1, total: 3 }, to: { done: 2, total: 3 } } } },
    ],
    ["changed the acceptance criteria", { changes: { criteria: { from: null, to: { done: 0, total: 3 } } } }],
    ["due Dec 24, 2026", { changes: { due: { from: null, to: "2026-12-24" } } }],
    ["no due (Dec 24, 2026)", { changes: { due: { from: "2026-12-24", to: null } } }],
    ["moved it up by hand", { changes: { rank: { from: "a3", to: "a1" } } }],
    ["moved it down by hand", { changes: { rank: { from: "a3", to: "a3V" } } }],
    ["gave it another place by hand", { changes: { rank: { from: null, to: "a3" } } }],
    ["edited a note", { changes: { notes: { from: [note(1, "a")], to: [note(1, "b")] } } }],
    ["took a note back", { changes: { notes: { from: [note(1, "a")], to: [] } } }],
    // What has no words of its own says what the commit says.
    ["a subject", { changes: { claimHead: { from: null, to: "abc" } } }],
  ])("%s", (words, one) => {
    expect(told(one)).toBe(words);
  });
});

describe("the stream", () => {
  test("has notes where they were said, and changes, commits and runs by their times", () => {
    const entries = [
      entry(1, {}, { kind: "created" }),
      entry(3, added(3, "first")),
      entry(5, { ...added(5, "done"), status: { from: "open", to: "done" } }, { event: "closed" }),
    ];
    const commits = [{ oid: "abc", subject: "x", author: "m", date: at(4) }];
    const run = { run: "x/1", agent: "@coder", state: "ended", outcome: null, why: null, review: false, at: at(2) };
    const runs = [{ ...run, started: null, ended: null, cost: null, said: null }];
    // A clock that is behind does not put a note before what it answers.
    const notes = [note(3, "first"), note(5, "done")];
    expect(stream({ entries, notes, commits, runs })).toEqual([
      "created it",
      "run x/1",
      "note first",
      "commit abc",
      "closed it: OPEN → DONE",
      "note done",
    ]);
  });

  test("leaves out what is older than what was read, and keeps notes that came with no change that is known", () => {
    const entries = [entry(10, { title: { from: "a", to: "b" } })];
    const notes = [note(1, "old"), note(11, "new"), note(11, "new")];
    expect(stream({ entries, notes, isCut: true })).toEqual(["renamed it: “a” → “b”", "note new", "note new"]);
    expect(stream({ entries, notes })).toEqual(["note old", "renamed it: “a” → “b”", "note new", "note new"]);
    const keys = itemsOf({ entries, notes, isCut: false, commits: [], runs: [], tell: (one) => tell(one, names) });
    expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  });

  test("a note that was edited stays where it was said", () => {
    const edited = { notes: { from: [note(2, "a")], to: [note(2, "b")] } };
    const entries = [entry(1, {}, { kind: "created" }), entry(2, added(2, "a")), entry(3, {}), entry(9, edited)];
    expect(stream({ entries, notes: [note(2, "b")] })).toEqual(["created it", "note b", "a subject", "edited a note"]);
  });
});

describe("folding", () => {
  const small = (minute: number, by = "@coder", text = "renewed the claim"): ChangeItem => ({
    ...{ kind: "change", key: `c${minute}`, at: at(minute), by, text, isSmall: true },
    entry: entry(minute, {}),
  });
  const shapes = (items: readonly (Item | Fold)[]): string[] =>
    items.map((item) => (item.kind === "fold" ? `${item.by} ${item.items.length}` : item.key));

  test("joins three and more small changes of one actor in a row, and no others", () => {
    const loud = { ...small(5), isSmall: false };
    const items = [small(1), small(2), small(3), small(4, "@rex"), loud, small(6), small(7)];
    expect(shapes(fold(items))).toEqual(["@coder 3", "c4", "c5", "c6", "c7"]);
    expect(fold([])).toEqual([]);
  });

  test("keeps the key while it grows, so that it stays open", () => {
    const [three, four] = [
      [1, 2, 3],
      [1, 2, 3, 4],
    ].map((all) => fold(all.map((minute) => small(minute)))[0]);
    expect(three?.key).toBe(four?.key);
  });

  test("says each kind once", () => {
    const texts = ["renewed the claim", "renewed the claim", "tags +a", "due x", "priority low → high"];
    const [one] = fold(texts.map((text, n) => small(n, "@coder", text)));
    expect(foldText(one as Fold)).toBe("renewed the claim (2×), tags +a, and 2 more");
  });
});
