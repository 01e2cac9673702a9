import fc from "fast-check";
import { expect, test } from "vitest";
import { isTicketFile, nameIn } from "../../../../src/ticket/merge/trees/trees.ts";
import { findCycles } from "../../../../src/ticket/rules/graph.ts";
import { parseFrontMatter } from "../../../../src/ticket/text/frontMatter.ts";
import { parseTicket } from "../../../../src/ticket/text/parseTicket.ts";
import { patchFields } from "../../../../src/ticket/text/patchTicket.ts";
import { formatTime } from "../../../../src/ticket/time.ts";
import { Histories, type Texts } from "../../../helpers/storeHistories.ts";
import { applyEdit, type Edit, edits, START, stampFor } from "../../../helpers/ticketEdits.ts";

const RUNS = { numRuns: process.env.AYO_LONG === "1" ? 3000 : 20 };

/** One thing that happens in one of several stores. */
type Step =
  | { readonly kind: "edit"; readonly store: number; readonly ticket: number; readonly edit: Edit }
  | {
      readonly kind: "create" | "archive" | "delete" | "wait" | "config" | "template";
      readonly store: number;
      readonly ticket: number;
    }
  | { readonly kind: "pull"; readonly store: number; readonly ticket: number };

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("edit" as const), store: fc.nat(4), ticket: fc.nat(3), edit: edits }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "create" as const,
        "archive" as const,
        "delete" as const,
        "wait" as const,
        "config" as const,
        "template" as const,
      ),
      store: fc.nat(4),
      ticket: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pull" as const), store: fc.nat(4), ticket: fc.nat(4) }) },
);

const ID = /^id: .*$/m;
const FIRST: Texts = new Map([
  ["t-0.md", START.replace(ID, "id: t-0")],
  ["t-1.md", START.replace(ID, "id: t-1")],
  ["config.yml", "prefix: t\nlease: 15m\n"],
  ["templates/bug.md", "one\ntwo\nthree\nfour\n"],
]);

/** The stores' last commits after some steps, the notes that were made, and the tickets that were deleted. */
function play(count: number, steps: readonly Step[]) {
  const histories = new Histories();
  const root = histories.commit([], FIRST, { by: "ayo", kind: "agent", time: 0 });
  const heads = Array.from({ length: count }, () => root);
  const deleted = new Set<string>();
  for (const [n, one] of steps.entries()) {
    const store = one.store % count;
    const head = heads[store] as string;
    if (one.kind === "pull") {
      heads[store] = histories.merge(head, heads[one.ticket % count] as string);
      continue;
    }
    const stamp = stampFor(store, n);
    const files = changed(histories.get(head).files, one, stamp.time, `${store}x${n}`, stamp);
    for (const [path, text] of histories.get(head).files) {
      if (
        isTicketFile(path) &&
        ![...files.keys()].some((other) => isTicketFile(other) && nameIn(other) === nameIn(path))
      ) {
        deleted.add(nameIn(path));
        // One that got another name in a merge is deleted under the name that it had, too.
        for (const [, was = ""] of text.matchAll(/^was: (?:- )?\[?"?([^\s"\],]+)/gm)) deleted.add(was);
      }
    }
    if (files !== histories.get(head).files) heads[store] = histories.commit([head], files, stamp);
  }
  return { histories, heads, deleted };
}

function changed(
  before: Texts,
  one: Exclude<Step, { kind: "pull" }>,
  time: number,
  mark: string,
  stamp: ReturnType<typeof stampFor>,
): Texts {
  const files = new Map(before);
  const tickets = [...files.keys()].filter(isTicketFile);
  const path = tickets[one.ticket % Math.max(tickets.length, 1)];
  const text = path === undefined ? "" : (files.get(path) as string);
  if (one.kind === "create") {
    const name = `t-${one.ticket + 2}`;
    if (tickets.some((file) => nameIn(file) === name)) return before;
    const made = START.replace(ID, `id: ${name}`).replace(/^created: .*/m, `created: ${formatTime(time)}`);
    return files.set(`${name}.md`, made.replace("Login fails", `Made ${mark}`));
  }
  if (one.kind === "config")
    return files.set("config.yml", `prefix: t\nlease: ${one.ticket + 1}m\nx${one.ticket}: ${mark}\n`);
  if (one.kind === "template") {
    const lines = (files.get("templates/bug.md") as string).split("\n");
    return files.set("templates/bug.md", lines.map((line, at) => (at === one.ticket ? mark : line)).join("\n"));
  }
  if (path === undefined) return before;
  if (one.kind === "edit") return files.set(path, applyEdit(text, one.edit, stamp, mark));
  if (one.kind === "wait") {
    const to = nameIn(tickets[(one.ticket + 1) % tickets.length] as string);
    return files.set(path, patchFields(text, { deps: [to] }, path, parseFrontMatter));
  }
  files.delete(path);
  if (one.kind === "archive" && /^status: closed/m.test(text))
    return files.set(`archive/2026-11/${nameIn(path)}.md`, text);
  if (one.kind === "archive") return before;
  return files.set("archive/deleted", `${files.get("archive/deleted") ?? ""}${nameIn(path)}\n`);
}

const stories = fc.tuple(fc.integer({ min: 3, max: 5 }), fc.array(step, { minLength: 4, maxLength: 24 }));

test("stores that pull from each other in any order come to the same bytes and the same commit", () => {
  fc.assert(
    fc.property(stories, fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 12 }), ([count, steps], pulls) => {
      const { histories, heads } = play(count, steps);
      for (const [to, from] of pulls) {
        heads[to % count] = histories.merge(heads[to % count] as string, heads[from % count] as string);
      }
      // A ring in which each pulls from the one before it, until nobody gets anything new.
      let rounds = 0;
      while (new Set(heads).size > 1 && rounds++ < 20) {
        for (let at = 0; at < count; at++) {
          heads[at] = histories.merge(heads[at] as string, heads[(at + count - 1) % count] as string);
        }
      }
      expect(new Set(heads).size).toBe(1);
    }),
    RUNS,
  );
});

test("no note and no ticket of any store is lost, no id is there twice, nothing waits in a circle", () => {
  fc.assert(
    fc.property(stories, ([count, steps]) => {
      const { histories, heads, deleted } = play(count, steps);
      const merged = histories.get(heads.reduce((one, other) => histories.merge(one, other))).files;
      const all = [...merged.values()].join("\n");
      expect(all).not.toMatch(/^(?:<{7}|={7}|>{7})/m);
      const tickets = [...merged].filter(([path]) => isTicketFile(path));
      expect(tickets.map(([path]) => nameIn(path)).sort()).toEqual(
        [...new Set(tickets.map(([path]) => nameIn(path)))].sort(),
      );
      for (const head of heads) {
        for (const [path, text] of histories.get(head).files) {
          if (!isTicketFile(path) || deleted.has(nameIn(path))) continue;
          const notes = text.match(/^Note .*$/gm) ?? [];
          expect(notes.filter((line) => !all.includes(line))).toEqual([]);
          const [created = ""] = /^created: .*$/m.exec(text) ?? [];
          const isKept = tickets.some(
            ([other, now]) =>
              now.includes(created) && (nameIn(other) === nameIn(path) || now.includes(`was: ${nameIn(path)}`)),
          );
          expect([path, isKept]).toEqual([path, true]);
        }
      }
      const read = tickets.map(([path, text]) => parseTicket(text, path, "", parseFrontMatter));
      expect(read.map(({ id }) => id)).toEqual(tickets.map(([path]) => nameIn(path)));
      const own = heads.some((head) => findCycles(ticketsIn(histories.get(head).files)).length > 0);
      if (!own) expect(findCycles(read)).toEqual([]);
    }),
    RUNS,
  );
});

function ticketsIn(files: Texts) {
  return [...files]
    .filter(([path]) => isTicketFile(path))
    .map(([path, text]) => parseTicket(text, path, "", parseFrontMatter));
}

test("where nothing is told, the order of merges does not show in a single byte", () => {
  fc.assert(
    fc.property(stories, ([count, steps]) => {
      const { histories, heads } = play(
        count,
        steps.filter(({ kind }) => kind !== "pull"),
      );
      const orders = [heads, heads.toReversed()].map((order) => {
        let told = 0;
        const last = order.reduce((one, other) => {
          const next = histories.merge(one, other);
          told += next === one || next === other ? 0 : histories.get(next).told.length;
          return next;
        });
        return { told, files: Object.fromEntries(histories.get(last).files) };
      });
      if (orders.every(({ told }) => told === 0)) expect(orders[0]?.files).toEqual(orders[1]?.files);
    }),
    RUNS,
  );
});
