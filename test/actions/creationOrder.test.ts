import { describe, expect, test } from "vitest";
import { applyBatch, claimTickets, createTicket, listTickets, readyTickets } from "../../src/index.ts";
import { tempStore } from "../helpers/tempStore.ts";

const SECOND = Date.parse("2026-11-21T10:00:00Z");
const atOneSecond = { now: () => SECOND };

describe("tickets of one second", () => {
  test("of a batch are ready, listed and claimed in the order of its lines", async () => {
    const project = await tempStore();
    const store = project.open(atOneSecond);
    const titles = Array.from({ length: 30 }, (_, at) => `Step ${at + 1}`);
    await applyBatch(store, { operations: titles.map((title) => ({ op: "create", title })) });
    const ready = await readyTickets(store, {});
    expect(ready.tickets.map(({ title }) => title)).toEqual(titles);
    const listed = await listTickets(store, { sort: "created" });
    expect(listed.tickets.map(({ title }) => title)).toEqual(titles);
    const claimed = await claimTickets(store, { next: true, as: "@coder" });
    expect(claimed.tickets[0]?.title).toBe("Step 1");
  });

  test("of several processes keep the order in which they were made, and the first has a whole second", async () => {
    const project = await tempStore();
    const titles = ["one", "two", "three", "four", "five", "six"];
    const times: (string | null)[] = [];
    for (const title of titles) {
      const { ticket } = await createTicket(project.open(atOneSecond), { title });
      times.push(ticket.created);
    }
    expect(times.slice(0, 3)).toEqual(["2026-11-21T10:00:00Z", "2026-11-21T10:00:00.001Z", "2026-11-21T10:00:00.002Z"]);
    const ready = await readyTickets(project.open(atOneSecond), {});
    expect(ready.tickets.map(({ title }) => title)).toEqual(titles);
  });

  test("go on in the next second where the second is full", async () => {
    const project = await tempStore();
    const store = project.open(atOneSecond);
    const { ticket } = await createTicket(store, { title: "last of the second" });
    const text = project.text(ticket.id).replace("10:00:00Z", "10:00:00.999Z");
    project.write(ticket.id, text);
    const created = async (title: string) => (await createTicket(store, { title })).ticket.created;
    expect([await created("next"), await created("after")]).toEqual([
      "2026-11-21T10:00:01Z",
      "2026-11-21T10:00:01.001Z",
    ]);
  });
});
