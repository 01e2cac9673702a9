import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { applyBatch, archiveTickets, closeTickets, createTicket, listTickets, showTicket } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

type Operations = readonly Readonly<Record<string, unknown>>[];

/** Applies operations in a process of its own, so to speak. */
function apply(project: TempStore, operations: Operations, more: { as?: string; dryRun?: boolean } = {}) {
  return applyBatch(project.open(), { operations: [...operations], ...more });
}

async function refusal(promise: Promise<unknown>): Promise<AyoError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AyoError);
  return error as AyoError;
}

const PLAN: Operations = [
  { op: "create", name: "schema", title: "Schema", priority: 1 },
  { op: "create", name: "auth", title: "Auth", deps: ["$schema"] },
  { op: "create", name: "api", title: "API", deps: ["$schema", "$auth"], tags: "http,public" },
  { op: "note", id: "$auth", text: "costs $api dollars" },
  { op: "close", ids: ["$schema"], message: "was there" },
];

describe("a batch", () => {
  test("is one commit, whose lines see what those before them did", async () => {
    const project = await tempStore();
    const before = project.subjects().length;
    const { names, results, nowReady } = await apply(project, PLAN, { as: "@lead" });
    const { schema = "", auth = "", api = "" } = names;
    expect(results.map(({ line, op, ids, name }) => [line, op, ids, name])).toEqual([
      [1, "create", [schema], "schema"],
      [2, "create", [auth], "auth"],
      [3, "create", [api], "api"],
      [4, "note", [auth], undefined],
      [5, "close", [schema], undefined],
    ]);
    expect(results[4]?.did).toBe(`close ${schema}: Schema`);
    expect(nowReady).toEqual([]);
    expect(project.subjects().length).toBe(before + 1);
    expect(project.subjects()[0]).toBe(`batch: 3 create, 1 note, 1 close: ${schema}, ${auth}, ${api}`);
    expect(git(project.repo, "log", "-1", "--format=%an <%ae>|%(trailers:key=Actor,valueonly,separator=%x20)")).toBe(
      "lead <lead@agents.ayo.invalid>|@lead",
    );
    expect(project.text(api)).toContain(`deps: [${schema}, ${auth}]`);
    expect(project.text(api)).toContain("tags: [http, public]");
    // A text is a text: only ids are looked up.
    expect(project.text(auth)).toContain("@lead\n\ncosts $api dollars\n");
    expect(project.text(schema)).toMatch(/status: closed[\s\S]*\*\*.*\*\* @lead\n\nwas there\n/);
    project.judge();
  });

  test("names what became ready, and does not name what it made ready to begin with", async () => {
    const project = await tempStore();
    const first = await project.ayo("ticket", "create", "First");
    const second = await project.ayo("ticket", "create", "Second", "--deps", first);
    const { nowReady } = await apply(project, [
      { op: "create", title: "Third" },
      { op: "close", id: first },
    ]);
    expect(nowReady).toEqual([{ id: second, title: "Second" }]);
  });

  test.for([
    ["a gate", { op: "start", id: "$api" }, "blocked", /^line 6 \(start\): .*waits for/],
    ["a cycle", { op: "dep", id: "$schema", dep: "$api" }, "cycle", /^line 6 \(dep\): /],
    ["an unknown id", { op: "close", id: "nosuch" }, "not_found", /^line 6 \(close\): ticket 'nosuch' not found/],
    ["an unknown operation", { op: "explode", id: "$api" }, "bad_input", /^line 6 \(explode\): .*there are create,/],
    ["no operation", { id: "$api" }, "bad_input", /^line 6: op is missing/],
    ["an unknown field", { op: "create", titel: "X" }, "bad_input", /^line 6 \(create\): there is no field 'titel'/],
    ["a missing field", { op: "note", id: "$api" }, "bad_input", /^line 6 \(note\): text is missing/],
    ["an unknown name", { op: "close", id: "$nobody" }, "bad_input", /no line before is named 'nobody'.*\$schema/],
    ["a name given twice", { op: "create", title: "X", name: "api" }, "bad_input", /two lines are named 'api'/],
    ["a name that is none", { op: "create", title: "X", name: "a b" }, "bad_input", /'a b' is no name/],
    ["a name for several", { op: "link", ids: ["$api", "$auth"], name: "x" }, "bad_input", /for one ticket, not 2/],
    ["an actor of one line", { op: "close", id: "$api", as: "@x" }, "bad_input", /as is for the whole batch/],
    ["a dry line", { op: "close", id: "$api", dryRun: true }, "bad_input", /dryRun is for the whole batch/],
    ["an old version", { op: "close", id: "$api", ifMatch: "abcdef0" }, "conflict", /^line 6 \(close\): /],
  ] as const)("with %s changes nothing and names the line", async ([, bad, code, message]) => {
    const project = await tempStore();
    const before = project.subjects();
    const error = await refusal(apply(project, [...PLAN, bad, { op: "close", id: "$api" }]));
    expect([error.code, error.data?.line]).toEqual([code, 6]);
    expect(error.message).toMatch(message);
    expect(project.files()).toEqual([]);
    expect(project.subjects()).toEqual(before);
    project.judge();
  });

  test("where it changes one thing says it as the verb would, with its event", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    await apply(project, [
      { op: "close", id },
      { op: "assign", id, assignee: "" },
    ]);
    expect(project.subjects()[0]).toBe(`close ${id}: One`);
    expect(git(project.repo, "log", "-1", "--format=%(trailers:key=Event,valueonly)").trim()).toBe("closed");
  });

  test("that changes nothing commits nothing and says so", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const before = project.subjects();
    const answer = await apply(project, [{ op: "assign", id, assignee: "" }]);
    expect(answer.results).toEqual([{ line: 1, op: "assign", ids: [id], did: null }]);
    expect([answer.commit, project.subjects()]).toEqual([null, before]);
  });

  test("on a dry run tells all and does nothing", async () => {
    const project = await tempStore();
    const first = await project.ayo("ticket", "create", "First");
    const second = await project.ayo("ticket", "create", "Second", "--deps", first);
    const before = project.subjects();
    const answer = await apply(project, [{ op: "close", id: first }, ...PLAN], { dryRun: true });
    expect(answer).toMatchObject({ dryRun: true, nowReady: [{ id: second, title: "Second" }] });
    expect(answer.results.length).toBe(6);
    expect([project.files(), project.subjects()]).toEqual([[`${first}.md`, `${second}.md`].sort(), before]);
  });

  test("takes an archived ticket through several changes", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Old");
    await closeTickets(project.open(), { ids: [id] });
    await archiveTickets(project.open(), { before: "0d" });
    expect(project.files()).toEqual([]);
    await apply(project, [
      { op: "note", id, text: "one" },
      { op: "note", id, text: "two" },
      { op: "reopen", id },
      { op: "start", id },
    ]);
    expect(project.files()).toEqual([`${id}.md`]);
    expect(project.text(id)).toMatch(/status: in_progress[\s\S]*one[\s\S]*two/);
    project.judge();
  });

  test("claims, gives back and finishes like single commands, also what another line made", async () => {
    const project = await tempStore();
    const operations = [
      { op: "create", title: "One", name: "one" },
      { op: "create", title: "Two", name: "two" },
      { op: "claim", id: "$one" },
      { op: "claim", next: true, name: "next" },
      { op: "release", id: "$two" },
    ];
    const { names } = await apply(project, operations, { as: "@coder" });
    expect(names.next).toBe(names.two);
    expect(project.text(names.one ?? "")).toMatch(/claimed-by: '@coder'\nlease: /);
    expect(project.text(names.two ?? "")).toMatch(/status: open(?![\s\S]*claimed-by)/);
    await apply(project, [{ op: "close", id: names.one }], { as: "@coder" });
    const taken = await refusal(apply(project, [{ op: "claim", next: true, wait: "1m" }], { as: "@coder" }));
    expect(taken.message).toMatch(/wait is for the whole batch/);
    project.judge();
  });

  test("may be the first change of a store, and retried with a key", async () => {
    const project = await tempStore();
    const operations = [{ op: "create", title: "Once", once: "k1", name: "a" }];
    const [first, second] = [await apply(project, operations), await apply(project, operations)];
    expect(second.names).toEqual(first.names);
    expect((await listTickets(project.open(), {})).total).toBe(1);
  });

  test("keeps every byte that no line is about", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One", "-d", "Body");
    project.write(id, project.text(id).replace("links: []", "links: []   # mine\nodd: 'x'").replaceAll("\n", "\r\n"));
    const before = project.text(id);
    await apply(project, [
      { op: "update", id, priority: 0 },
      { op: "update", id, addTag: "x", set: { estimate: 3 } },
    ]);
    const expected = before.replace("priority: 2", "priority: 0").split("\r\n");
    const added = project
      .text(id)
      .split("\r\n")
      .filter((line) => !expected.includes(line));
    expect(added.sort()).toEqual(["estimate: 3", "tags: [x]"]);
    expect(project.text(id).split("\r\n").length).toBe(expected.length + 2);
  });

  test("does what its lines would do one by one", async () => {
    const operation = fc.oneof(
      fc.record({
        op: fc.constant("create"),
        title: fc.constantFrom("A", "B"),
        priority: fc.integer({ min: 0, max: 4 }),
      }),
      fc.record({ op: fc.constantFrom("start", "close", "reopen", "cancel"), at: fc.nat(3), force: fc.boolean() }),
      fc.record({ op: fc.constant("note"), at: fc.nat(3), text: fc.constantFrom("x", "y") }),
      fc.record({ op: fc.constantFrom("dep", "undep"), at: fc.nat(3), on: fc.nat(3) }),
      fc.record({ op: fc.constant("update"), at: fc.nat(3), addTag: fc.constantFrom("t", "u") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 6 }), async (operations) => {
        const [whole, single] = [await tempStore(), await tempStore()];
        for (const { open } of [whole, single]) {
          for (const once of START) await createTicket(open(), { title: once, once });
        }
        const lines = await Promise.all(operations.map((one) => withIds(whole, one)));
        const together = await apply(whole, lines).catch((error: AyoError) => error.code);
        const alone = await applyOneByOne(single, operations);
        expect(typeof together === "string" ? together : "done").toBe(alone);
        if (alone === "done") expect(await facts(whole)).toEqual(await facts(single));
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

/** The tickets that both stores begin with. */
const START = ["a", "b", "c", "d"];

/** An operation on the tickets of a store, which are named by their places in START. */
async function withIds(
  { open }: TempStore,
  operation: { readonly op: string; readonly at?: number; readonly on?: number },
) {
  const { tickets } = await listTickets(open(), {});
  const { at, on, ...rest } = operation;
  const id = (place: number) => tickets.find(({ title }) => title === START[place])?.id;
  return { ...rest, ...(at === undefined ? {} : { id: id(at) }), ...(on === undefined ? {} : { dep: id(on) }) };
}

/** "done", or the code of the first refusal. */
async function applyOneByOne(project: TempStore, operations: Parameters<typeof withIds>[1][]): Promise<string> {
  for (const one of operations) {
    const answer = await apply(project, [await withIds(project, one)]).catch((error: AyoError) => error.code);
    if (typeof answer === "string") return answer;
  }
  return "done";
}

/** What two stores that did the same have in common. */
async function facts(project: TempStore): Promise<unknown> {
  const { tickets } = await listTickets(project.open(), {});
  const titles = new Map(tickets.map(({ id, title }) => [id, title]));
  const pages = await Promise.all(tickets.map(({ id }) => showTicket(project.open(), { id })));
  return pages
    .flatMap((page) => ("ticket" in page ? [page.ticket] : []))
    .map(({ title, status, priority, tags, deps, notes, assignee }) => {
      const texts = notes.map(({ text, by }) => [text, by]);
      return { title, status, priority, tags, assignee, deps: deps.map((dep) => titles.get(dep)), texts };
    })
    .sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
}
