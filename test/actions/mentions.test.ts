import path from "node:path";
import { describe, expect, test } from "vitest";
import type { TicketEvent } from "../../src/ticket/events/events.ts";
import { git } from "../helpers/git.ts";
import { sharingTeam } from "../helpers/team.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

interface Answer {
  readonly notices: readonly string[];
  readonly note: { readonly id: string };
}

/** The mentions that somebody is told who knows the store since a commit, or since it began. */
async function mentions(store: TempStore, since = "1h"): Promise<(readonly string[])[]> {
  const text = await store.ayo("watch", "--json", "--event", "mentioned", "--since", since, "--until-now");
  const events = text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as TicketEvent);
  return events.map(({ mention }) => mention?.names ?? []);
}

const tip = (store: TempStore): string => git(store.tickets, "rev-parse", "HEAD").trim();

describe("names that nobody bears are told, and nothing is refused", () => {
  test("with near ones, of notes, descriptions, questions and in a batch", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder", "-d", "For @coder.");
    const said = async (...args: string[]) => (await store.json<Answer>(...args)).notices;
    expect(await said("ticket", "note", id, "@codr, look", "--as", "tester")).toEqual([
      "nobody is known here as @codr: did you mean @coder?",
    ]);
    // Who wrote is known, also where no ticket names him; so is the person.
    expect(await said("ticket", "note", id, "@tester @Test @test-user @user @CODER @me `@nope`")).toEqual([]);
    expect(await said("ticket", "update", id, "--replace", "-d", "For @coder and @qqqqqq.")).toEqual([
      "nobody is known here as @qqqqqq",
    ]);
    expect(await said("ticket", "update", id, "-p", "1")).toEqual([]);
    expect(await said("ticket", "ask", id, "Is it, @zzzzzz?", "--as", "coder")).toEqual([
      "nobody is known here as @zzzzzz",
    ]);
    expect(await said("ticket", "answer", id, "@coder: it is.")).toEqual([]);
    const line = JSON.stringify({ op: "note", id, text: "@yyyyyy?" });
    const batch = await store.here(["ticket", "batch", "-"], { input: `${line}\n` });
    expect(batch.stderr).toBe("note: nobody is known here as @yyyyyy\n");
    expect(await said("undo")).toEqual([]);
  });

  test("the event names the note", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const { note } = await store.json<Answer>("ticket", "note", id, "@coder?");
    const text = await store.ayo("watch", "--json", "--event", "mentioned", "--since", "1h", "--until-now");
    expect(JSON.parse(text)).toMatchObject({
      event: "ticket.mentioned",
      mention: { note: note.id, names: ["@coder"] },
    });
  });
});

describe("each mention is told once", () => {
  test("not by undo and redo, not by the archive, not by an import of it", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "note", id, "@coder?");
    await store.ayo("undo");
    await store.ayo("redo");
    await store.ayo("ticket", "close", id);
    await store.ayo("ticket", "archive", "--before", "2999-01-01");
    expect(await mentions(store)).toEqual([["@coder"]]);
    const file = path.join(store.dir, "all.jsonl");
    await store.ayo("export", "--all", "--output", file);
    const other = await tempStore();
    const before = tip(other);
    await other.ayo("import", file);
    expect(await mentions(other, before)).toEqual([]);
    await other.ayo("ticket", "note", id, "@rex?");
    expect(await mentions(other, before)).toEqual([["@rex"]]);
  });

  test("not by the merge that joins what two machines said", async () => {
    const { ann, bob } = await sharingTeam();
    const id = ann.files()[0]?.slice(0, -".md".length) as string;
    const start = tip(ann);
    await ann.ayo("ticket", "note", id, "@coder: mine");
    await bob.ayo("ticket", "note", id, "@rex: mine");
    await bob.ayo("ticket", "update", id, "--replace", "-d", "For @tester.");
    for (const store of [ann, bob, ann]) await store.ayo("sync");
    expect(tip(ann)).toBe(tip(bob));
    const all = [["@coder"], ["@rex"], ["@tester"]];
    expect((await mentions(ann, start)).toSorted()).toEqual(all);
    expect((await mentions(bob, start)).toSorted()).toEqual(all);
  });

  test("of what is edited by hand only the names that are new", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "note", id, "@coder?");
    store.write(id, store.text(id).replace("@coder?", "@coder, or @rex?"));
    await store.ayo("ticket", "list");
    await store.ayo("ticket", "update", id, "-p", "1");
    expect(await mentions(store)).toEqual([["@coder"], ["@rex"]]);
  });
});
