import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import type { CreateInput } from "../../src/actions/create.ts";
import { createTicket, updateTickets } from "../../src/index.ts";
import { CARD_FIELDS } from "../../src/ticket/cardFields.ts";
import { FILTER_KEYS } from "../../src/ticket/filter/condition.ts";
import { labelOf, PLAIN_FIELDS, type PlainName, type PlainValues } from "../../src/ticket/plainFields.ts";
import { FIELDS, type PlainField } from "../../src/ticket/ticket.ts";
import { filterOf, type Scope } from "../../src/web/data/filter/filter.ts";
import { projectsOf } from "../../src/web/data/projects.ts";
import type { Card } from "../../src/web/data/shapes.ts";
import { textFields } from "../../src/web/data/shown/textFields.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { stdioClient } from "../helpers/mcpClient.ts";
import { runHere } from "../helpers/runHere.ts";
import { type ServeProcess, startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** Two values of each kind as they are typed, each with what it is in JSON and on the page of `show`. */
const VALUES = {
  text: [
    ["one", "one", "one"],
    ["two words", "two words", "two words"],
  ],
  time: [
    ["2031-05-06", "2031-05-06", "2031-05-06"],
    ["2032-07-08T10:00:00Z", "2032-07-08T10:00:00Z", "2032-07-08T10:00:00Z"],
  ],
  list: [
    ["one,two", ["one", "two"], "one,two"],
    ["three", ["three"], "three"],
  ],
} as const;

const ROWS = PLAIN_FIELDS.map((name) => {
  const { key, kind, plain } = FIELDS[name];
  const { oneOf }: PlainField = plain;
  const named = oneOf?.map((value) => [value, value, value] as const);
  const [first, second] = (named as unknown as (typeof VALUES)["text"] | undefined) ?? VALUES[kind];
  return { name, key, kind, plain: plain as PlainField, flag: `--${key}`, first, second };
});

let store: TempStore;
let server: ServeProcess;
const cleanUp = laterCleanUp();
beforeAll(async () => {
  store = await tempStore({ at: tempDir(cleanUp) });
  server = await startServe(store.dir, [], { cleanUp });
});

interface Shown {
  readonly ticket: Readonly<Record<string, unknown>>;
}

/** The field as `show --json` has it; null where a ticket has none. */
async function fieldOf(name: PlainName, id: string): Promise<unknown> {
  const { ticket } = await store.json<Shown>("ticket", "show", id);
  return ticket[name] ?? null;
}

/** A ticket whose field has this value. */
function ticketWith(flag: string, value: string): Promise<string> {
  return store.ayo("ticket", "create", `With ${flag}`, flag, value);
}

describe("a plain field is one row of FIELDS, and that gives it to every face:", () => {
  test.for(ROWS)("create $flag sets it, in the file under its key", async (row) => {
    const id = await ticketWith(row.flag, row.first[0]);
    expect(store.text(id)).toMatch(new RegExp(`^${row.key}: `, "m"));
    expect(await fieldOf(row.name, id)).toEqual(row.first[1]);
    const listed = await store.json<{ tickets: Shown["ticket"][] }>("ticket", "list");
    expect(listed.tickets.find((ticket) => ticket.id === id)?.[row.name]).toEqual(row.first[1]);
  });

  test.for(ROWS)("update $flag changes it, and empties it", async (row) => {
    const id = await ticketWith(row.flag, row.first[0]);
    await store.ayo("ticket", "update", id, row.flag, row.second[0]);
    expect(await fieldOf(row.name, id)).toEqual(row.second[1]);
    await store.ayo("ticket", "update", id, row.flag, "");
    expect(await fieldOf(row.name, id)).toBe(null);
    expect(store.text(id)).not.toMatch(new RegExp(`^${row.key}:`, "m"));
  });

  test.for(ROWS)("update --set $key= changes it, and empties it", async (row) => {
    const id = await ticketWith(row.flag, row.first[0]);
    await store.ayo("ticket", "update", id, "--set", `${row.key}=${row.second[0]}`);
    expect(await fieldOf(row.name, id)).toEqual(row.second[1]);
    await store.ayo("ticket", "update", id, "--set", `${row.key}=`);
    expect(await fieldOf(row.name, id)).toBe(null);
  });

  test.for(ROWS)("a batch sets $name", async (row) => {
    const operation = { op: "create", title: "By a batch", [row.name]: row.first[0] };
    const { code, stdout } = await store.here(["ticket", "batch", "-", "--quiet"], {
      input: JSON.stringify(operation),
    });
    expect([code, await fieldOf(row.name, stdout.trim())]).toEqual([0, row.first[1]]);
  });

  test.for(ROWS)("a value that $name cannot hold is refused by name, and nothing is made", async (row) => {
    const before = store.files();
    for (const verb of [
      ["create", "Bad"],
      ["update", await ticketWith(row.flag, row.first[0])],
    ]) {
      const { code, stderr } = await store.here(["ticket", ...verb, row.flag, "a\u0007b"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(row.name)]);
    }
    expect(store.files().length).toBe(before.length + 1);
  });

  test.for(ROWS.filter(({ kind }) => kind === "time"))(
    "a date that is none is no $name, also by --set",
    async (row) => {
      const id = await ticketWith(row.flag, row.first[0]);
      for (const flags of [
        [row.flag, "soon"],
        ["--set", `${row.key}=soon`],
      ]) {
        const { code, stderr } = await store.here(["ticket", "update", id, ...flags]);
        expect([code, stderr]).toEqual([2, expect.stringContaining("'soon' is neither a date")]);
      }
      // A duration counts from now, and is written as the time that it means.
      await store.ayo("ticket", "update", id, "--set", `${row.key}=3d`);
      expect(await fieldOf(row.name, id)).toMatch(/^20\d\d-\d\d-\d\dT/);
    },
  );

  test.for(ROWS)("show prints $name", async (row) => {
    const id = await ticketWith(row.flag, row.first[0]);
    const lines = (await store.ayo("ticket", "show", id)).split("\n");
    expect(lines).toContain(`${labelOf(row.name)}: ${row.first[2]}`);
  });

  test.for(ROWS)("help of create and update tells of $flag, and completion offers it", async (row) => {
    for (const verb of ["create", "update"]) {
      const { stdout } = await runHere(store.dir, ["completion", "--words", "--", "ticket", verb, "--"]);
      const offered = stdout.split("\n").find((line) => line.startsWith(`${row.flag}\t`));
      const help = verb === "create" ? row.plain.help : (row.plain.update ?? `${row.plain.help}; '' for none`);
      expect([verb, offered]).toEqual([verb, `${row.flag}\t${help}`]);
    }
  });

  test.for(ROWS)("the library takes $name, and answers it", async (row) => {
    const opened = store.open();
    const { ticket } = await createTicket(opened, { title: "By the library", [row.name]: row.first[0] });
    expect(ticket[row.name]).toEqual(row.first[1]);
    const updated = await updateTickets(opened, { ids: [ticket.id], [row.name]: row.second[0] });
    expect(updated.tickets[0]?.[row.name]).toEqual(row.second[1]);
  });

  test("the library's types name each of them", () => {
    expectTypeOf<Pick<CreateInput, PlainName>>().toEqualTypeOf<{ [N in PlainName]?: string | undefined }>();
    expectTypeOf<PlainValues["due"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<PlainValues["reviewer"]>().toEqualTypeOf<readonly string[] | undefined>();
  });

  test.for(ROWS)("REST takes $name, and null empties it", async (row) => {
    const made = await server.ask("/api/tickets", { body: { title: "By REST", [row.name]: row.first[0] } });
    expect([made.status, made.json.ticket?.[row.name]]).toEqual([201, row.first[1]]);
    const { id } = made.json.ticket;
    const change = (value: unknown) =>
      server.ask(`/api/tickets/${id}`, { method: "PATCH", body: { [row.name]: value } });
    expect((await change(row.second[0])).json.tickets[0][row.name]).toEqual(row.second[1]);
    const emptied = await change(null);
    expect([emptied.status, emptied.json.tickets[0][row.name] ?? null]).toEqual([200, null]);
  });

  test.for(ROWS)("OpenAPI tells of $name, in what is taken and what is answered", async (row) => {
    const { json } = await server.ask("/api/openapi.json");
    const bodyOf = (path: string, method: string) =>
      json.paths[path][method].requestBody.content["application/json"].schema.properties;
    expect(bodyOf("/tickets", "post")[row.name]).toEqual({ type: "string", description: row.plain.help });
    expect(bodyOf("/tickets/{id}", "patch")[row.name]).toMatchObject({ type: ["string", "null"] });
    const { properties, required } = json.components.schemas.Ticket;
    const type = row.kind === "list" ? "array" : "string";
    expect([properties[row.name]?.type].flat()).toContain(type);
    // What is required is there where it is not set, as null.
    expect([properties[row.name]?.type].flat().includes("null")).toBe(required.includes(row.name));
  });

  test("an agent's tools take each, and tell it", async () => {
    const { call } = await stdioClient(store.dir);
    // Who handed a ticket on is what it says of an agent by itself.
    for (const row of ROWS.filter(({ name }) => name !== "delegatedBy")) {
      const { id } = await call("create_ticket", { title: `By a tool: ${row.name}`, [row.name]: row.first[0] });
      expect((await call("get_ticket", { id }))[row.name]).toEqual(row.first[1]);
      await call("update_ticket", { ids: [id], [row.name]: row.second[0] });
      expect((await call("get_ticket", { id, fields: [row.name] }))[row.name]).toEqual(row.second[1]);
    }
  });

  test.for(ROWS)("the board's page of a ticket has an input for $name only where its row says so", (row) => {
    const label = labelOf(row.name);
    const shown = textFields().filter(({ name }) => name === row.name);
    const wanted = {
      name: row.name,
      label: label.charAt(0).toUpperCase() + label.slice(1),
      hint: row.name === "due" ? "none, or 3d" : "none",
    };
    expect(shown).toEqual(row.plain.board === true ? [wanted] : []);
  });
});

describe("by a plain field that says so, tickets are found:", () => {
  const filtered = ROWS.filter(({ plain }) => plain.filter !== undefined);
  const flagged = ROWS.filter(({ plain }) => plain.filter === "flag");

  test("there are such fields, and the others are no filters", () => {
    expect([filtered.length, flagged.length]).not.toContain(0);
    const others = ROWS.filter(({ plain }) => plain.filter === undefined);
    expect(FILTER_KEYS.filter((key) => others.some((row) => row.key === key))).toEqual([]);
  });

  test.for(filtered)("by $key:value and has:$key, on the command line and on the board", async (row) => {
    const [one, other] = [await ticketWith(row.flag, row.first[0]), await ticketWith(row.flag, row.second[0])];
    const none = await store.ayo("ticket", "create", "Without it");
    const { json } = await server.ask(`/api/board?fields=${CARD_FIELDS}`);
    const cards = (json.columns as { tickets: Card[] }[]).flatMap(({ tickets }) => tickets);
    const board = (await server.ask("/api/config")).json.board as Scope["board"];
    const all = new Map(cards.map((card) => [card.id, card]));
    const scope = { board, cards: all, projects: projectsOf([]), me: "", hasChildren: () => false, now: Date.now() };
    const value = row.kind === "list" ? row.first[1][0] : row.first[0];
    const words = [`${row.key}:${value}`, `has:${row.key}`, `-has:${row.key}`];
    const wanted = [[one], [one, other], [none]];
    if (row.kind === "time") words.push(`${row.key}:<2032`, `${row.key}:>99d`);
    else words.push(`${row.key}:none`, `-${row.key}:none`);
    wanted.push(row.kind === "time" ? [one] : [none], [one, other]);
    for (const [at, word] of words.entries()) {
      const { tickets } = await store.json<{ tickets: { id: string }[] }>("ticket", "list", word);
      const found = tickets.map(({ id }) => id);
      expect([word, [one, other, none].filter((id) => found.includes(id))]).toEqual([word, wanted[at]]);
      const test = filterOf(word, scope);
      const shown = cards.filter((card) => test(card)).map(({ id }) => id);
      expect([word, shown.sort()]).toEqual([word, found.sort()]);
    }
  });

  test.for(flagged)("by $flag of lists, the board and the search, and completion knows its values", async (row) => {
    const ticket = (value: string) => store.ayo("ticket", "create", "Grouped", row.flag, value);
    const [id, other] = [await ticket(row.second[0]), await ticket(row.first[0])];
    for (const command of [["ticket", "list"], ["ticket", "ready"], ["board"], ["ticket", "search", "grouped"]]) {
      const found = await store.ayo(...command, row.flag, row.second[0], "--quiet");
      const ids = found.split("\n");
      expect([command, ids.includes(id), ids.includes(other)]).toEqual([command, true, false]);
    }
    const { stdout } = await runHere(store.dir, ["completion", "--words", "--", "ticket", "list", row.flag, ""]);
    expect(stdout.split("\n").map((line) => line.split("\t")[0])).toContain(row.second[0]);
  });
});

test.for(ROWS.filter(({ plain }) => plain.search === true))("search looks into $name", async (row) => {
  // One word: other tickets of this store have the field's own words in their titles.
  const word = `quagmire${row.key.replaceAll("-", "")}`;
  const id = await store.ayo("ticket", "create", "Nothing of it in the title", row.flag, word);
  const found = await store.ayo("ticket", "search", word, "--type", "keyword", "--quiet");
  expect(found.split("\n")[0]).toBe(id);
});
