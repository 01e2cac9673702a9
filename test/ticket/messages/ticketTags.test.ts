import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idsMeant, idsNear, parseTags, resolveTag } from "../../../src/ticket/messages/ticketTags.ts";

const texts = (message: string): string[] =>
  parseTags(message).flatMap(({ text, certain }) => (certain ? [text] : [`${text}?`]));

describe("parseTags", () => {
  test.each([
    ["TICKET: ayo-x7k2", ["ayo-x7k2"]],
    ["ticket:ayo-x7k2", ["ayo-x7k2"]],
    ["Ticket : AYO-X7K2", ["AYO-X7K2"]],
    [
      "Phase 2: Build Authentication System - TICKET: ticket-auth-456. Implement JWT token generation.",
      ["ticket-auth-456"],
    ],
    ["Fix it (TICKET: ayo-x7k2)", ["ayo-x7k2"]],
    ["Fix it [TICKET: ayo-x7k2]; TICKET: ayo-9fq1!", ["ayo-x7k2", "ayo-9fq1"]],
    ["TICKET: `ayo-x7k2`, that's it", ["ayo-x7k2", "that?"]],
    ["**TICKET:** #ayo-x7k2...", ["ayo-x7k2"]],
    ["TICKET: a-1, b-2 and c-3; more", ["a-1", "b-2?", "c-3?"]],
    ["TICKET: a-1. And b-2", ["a-1"]],
    ["TICKET: a-1\nTICKET: A-1\nticket: a-1.", ["a-1"]],
    ["TICKET: a-1, b-2\nTICKET: b-2", ["a-1", "b-2"]],
    ["body\n\nTicket: a-1\nSigned-off-by: x", ["a-1"]],
    ["TICKET: v1.2", ["v1.2"]],
    ["TICKET:\nnext line", []],
    ["TICKET: <id>", []],
    ["TICKET: …", []],
    ["TICKET ayo-x7k2", []],
    ["no-ticket: a-1, subticket: a-2, my.ticket: a-3, x/ticket: a-4", []],
    ["", []],
  ])("%j", (message, found) => {
    expect(texts(message)).toEqual(found);
  });

  test("a message with 1,000 tags", () => {
    const ids = Array.from({ length: 1000 }, (_, n) => `ayo-${n.toString(36).padStart(4, "0")}`);
    expect(texts(ids.map((id) => `TICKET: ${id}`).join(" "))).toEqual(ids);
    expect(texts(`TICKET: ${ids.join(", ")}`)).toEqual(ids.map((id, at) => (at === 0 ? id : `${id}?`)));
  });

  test("what is no id stays short", () => {
    expect(texts(`TICKET: ${"a".repeat(10_000)}`)[0]).toHaveLength(100);
  });

  test("never throws, and finds every tag that stands alone on a line", () => {
    const id = fc.stringMatching(/^[a-z]{2,5}-[a-z0-9]{4}$/);
    fc.assert(
      fc.property(fc.string(), id, fc.string(), (before, tag, after) => {
        expect(texts(`${before}\nTICKET: ${tag}\n${after}`)).toContain(tag);
      }),
    );
  });
});

describe("resolveTag", () => {
  const find = (...ids: string[]) => {
    const byLower = new Map(ids.map((id) => [id.toLowerCase(), id]));
    return (id: string) => byLower.get(id);
  };

  test.each([
    ["AYO-X7K2", ["ayo-x7k2"], "ayo-x7k2"],
    ["ayo-x7k2", ["Ayo-X7K2"], "Ayo-X7K2"],
    ["ayo-x7k2.Implement", ["ayo-x7k2"], "ayo-x7k2"],
    ["v1.2", ["v1", "v1.2"], "v1.2"],
    ["v1.2", ["v1"], "v1"],
    ["ayo-x7k2-", ["ayo-x7k2"], "ayo-x7k2"],
    ["ayo-x7k2__", ["ayo-x7k2"], "ayo-x7k2"],
    ["ayo-x7k2-", ["ayo-x7k2", "ayo-x7k2-"], "ayo-x7k2-"],
    ["x7k2", ["ayo-x7k2"], undefined],
    ["ayo-x7k", ["ayo-x7k2"], undefined],
  ])("%s among %j", (text, ids, found) => {
    expect(resolveTag({ text }, find(...ids))).toBe(found);
  });

  test("every id that a tag may mean begins the tag", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/), (text) => {
        const ids = idsMeant({ text });
        expect(ids[0]).toBe(text.toLowerCase());
        for (const id of ids) expect(text.toLowerCase().startsWith(id)).toBe(true);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

test.each([
  ["ayo-x7k3", ["ayo-x7k2"]],
  ["x7k2", ["ayo-x7k2"]],
  ["ayo", ["ayo-9fq1", "ayo-x7k2"]],
  ["entirely-else", []],
])("near %s", (text, near) => {
  expect(idsNear(text, ["ayo-x7k2", "ayo-9fq1"])).toEqual(near);
});
