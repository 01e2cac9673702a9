import { describe, expect, test } from "vitest";
import { edit } from "../../src/actions/edit.ts";
import { invoke } from "../../src/actions/input/action.ts";
import { checkCriteria, createTicket, linkTickets, listTickets, showTicket, updateTickets } from "../../src/index.ts";
import type { Store } from "../../src/store/open/store.ts";
import { tempStore } from "../helpers/tempStore.ts";

async function two() {
  const project = await tempStore();
  const store = project.open();
  const make = async (title: string, more = {}) => (await createTicket(store, { title, ...more })).ticket.id;
  const [a, b] = [await make("A"), await make("B")];
  return { project, store, make, a, b };
}

async function versionOf(store: Store, id: string): Promise<string> {
  const shown = await showTicket(store, { id });
  return "ticket" in shown ? shown.ticket.version : "";
}

describe("update sets what create sets", () => {
  test("status, review, design, criteria, dependencies and what it blocks", async () => {
    const { project, store, a, b } = await two();
    await updateTickets(store, {
      ids: [a],
      status: "in_progress",
      review: "required",
      design: "Two tables.",
      acceptance: "Mail arrives\nit is signed",
      addAcceptance: ["within a minute"],
      blocks: [b],
    });
    const text = project.text(a);
    expect(text).toMatch(/^status: in_progress$/m);
    expect(text).toMatch(/^review: required$/m);
    expect(text.slice(text.indexOf("# A"))).toBe(
      "# A\n\n## Design\n\nTwo tables.\n\n## Acceptance Criteria\n\n- [ ] Mail arrives\n- [ ] it is signed\n- [ ] within a minute\n",
    );
    expect(project.text(b)).toContain(`deps: [${a}]`);
    await updateTickets(store, { ids: [b], removeDep: [a], review: "" });
    await updateTickets(store, { ids: [a], addDep: [b], review: "" });
    expect([project.text(a), project.text(b)].map((one) => /^deps: .*$/m.exec(one)?.[0])).toEqual([
      `deps: [${b}]`,
      "deps: []",
    ]);
    expect(project.text(a)).not.toMatch(/^review:/m);
    project.judge();
  });

  test("and asks before it replaces a design or criteria", async () => {
    const { project, store, make } = await two();
    const id = await make("C", { design: "old", acceptance: "one" });
    await updateTickets(store, { ids: [id], description: "Text" });
    await expect(updateTickets(store, { ids: [id], design: "new" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("has a design; say --replace"),
    });
    await expect(updateTickets(store, { ids: [id], acceptance: "two" })).rejects.toMatchObject({ code: "conflict" });
    await updateTickets(store, { ids: [id], design: "", acceptance: "two", replace: true, message: "why" });
    const text = project.text(id);
    expect(text.slice(text.indexOf("# C"))).toMatch(
      /^# C\n\nText\n\n## Acceptance Criteria\n\n- \[ \] two\n\n## Notes\n\n\*\*.*\n\nwhy\n$/,
    );
  });

  test("check adds criteria, below what the last one says", async () => {
    const { project, store, make, a } = await two();
    await checkCriteria(store, { id: a, add: ["first"] });
    const { criteria } = await checkCriteria(store, { id: a, numbers: [1], add: ["second", "third"] });
    expect(criteria.map(({ text, done }) => [text, done])).toEqual([
      ["first", true],
      ["second", false],
      ["third", false],
    ]);
    expect(project.subjects()[0]).toBe(`check ${a}: 1, + second, + third`);
    const id = await make("C", { acceptance: "- [ ] one\n  and more of it\n\nThat is all." });
    await checkCriteria(store, { id, add: ["two"] });
    expect(project.text(id)).toContain("- [ ] one\n  and more of it\n- [ ] two\n\nThat is all.\n");
    await expect(checkCriteria(store, { id })).rejects.toMatchObject({ code: "bad_usage" });
    expect(await project.ayo("ticket", "check", id, "--add", "three")).toBe(`${id}: 0 of 3 criteria done`);
  });
});

describe("--set and edit pass the checks of the flags", () => {
  test("the title, the parent, the status and the review are set as their flags do", async () => {
    const { project, store, a, b } = await two();
    await updateTickets(store, { ids: [a], set: { title: "New", parent: b, review: "required" } });
    expect(project.text(a)).toContain("\n# New\n");
    expect(project.text(a)).not.toMatch(/^title:/m);
    expect((await listTickets(store, { parent: b })).tickets.map(({ id }) => id)).toEqual([a]);
    await expect(updateTickets(store, { ids: [a], title: "x", set: { title: "y" } })).rejects.toMatchObject({
      message: "title is given twice, also by set",
    });
    await updateTickets(store, { ids: [a], set: { created: "2026-01-02", closed: "" } });
    expect(project.text(a)).toMatch(/^created: 2026-01-02$/m);
  });

  const BAD: readonly (readonly [key: string, value: string, code: string])[] = [
    ["due", "soon", "bad_input"],
    ["created", "sometime", "bad_input"],
    ["closed", "never", "bad_input"],
    ["started", "99", "bad_input"],
    ["priority", "99", "bad_input"],
    ["type", "wat", "bad_input"],
    ["status", "wat", "bad_input"],
    ["parent", "nope", "not_found"],
    ["parent", "CHILD", "cycle"],
    ["duplicate-of", "nope", "not_found"],
    ["links", "nope", "bad_input"],
  ];

  test.each(BAD)("%s: %s is refused on every way in", async (key, value, code) => {
    const { project, store, make, a } = await two();
    const child = await make("child", { parent: a });
    const given = value === "CHILD" ? child : value;
    const before = project.text(a);
    await expect(updateTickets(store, { ids: [a], set: { [key]: given } })).rejects.toMatchObject({ code });
    const line = `${key}: ${key === "links" ? `[${given}]` : given}`;
    const pattern = new RegExp(`^${key}: .*$`, "m");
    const text = pattern.test(before) ? before.replace(pattern, line) : before.replace("\nid:", `\n${line}\nid:`);
    const version = await versionOf(store, a);
    const failure = invoke(edit, store, { id: a, text, version });
    await expect(failure).rejects.toMatchObject({ code: key === "links" ? "not_found" : code });
    expect(project.text(a)).toBe(before);
  });

  test("an edit makes no one-sided link and waits for nothing that is not there; what was wrong before may stay", async () => {
    const { project, store, a, b } = await two();
    const save = async (text: string) => {
      const version = await versionOf(store, a);
      return invoke(edit, store, { id: a, text, version });
    };
    await expect(save(project.text(a).replace("links: []", `links: [${b}]`))).rejects.toMatchObject({
      code: "bad_input",
      message: `links: ${b} is not linked back: ayo ticket link sets both ends`,
    });
    await expect(save(project.text(a).replace("deps: []", "deps: [nope]"))).rejects.toMatchObject({
      code: "not_found",
    });
    await linkTickets(store, { ids: [a, b] });
    project.write(a, project.text(a).replace("\nid:", "\ndue: soon\nid:"));
    expect((await save(project.text(a).replace("# A", "# AA"))).changed).toBe(true);
  });

  test("an import tells what no command would take", async () => {
    const { project } = await two();
    const line = '{"id":"x-1","title":"X","created":"yesterday","priority":99,"due":"soon"}';
    const { stderr, code } = await project.run(["import", "-"], { input: line });
    expect(code).toBe(0);
    expect(stderr).toContain("note: x-1: created 'yesterday' is no time: write 2026-12-31 or 2026-12-31T10:00:00Z\n");
    expect(stderr).toContain("note: x-1: priority 99 is not one of 0 (highest) to 4\n");
    expect(stderr).toContain("note: x-1: due 'soon' is no time, so it is never due");
    expect(await project.ayo("doctor").catch((error: Error) => error.message)).toContain("priority 99");
  });
});
