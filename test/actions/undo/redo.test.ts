import { describe, expect, test } from "vitest";
import {
  addNote,
  applyBatch,
  closeTickets,
  createTicket,
  readyTickets,
  redoChange,
  undoChange,
  updateTickets,
} from "../../../src/index.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** A ticket whose priority was changed three times. */
async function threeSteps() {
  const project = await tempStore();
  const store = project.open();
  const { id } = (await createTicket(store, { title: "A", priority: 4 })).ticket;
  for (const priority of ["3", "2", "1"]) await updateTickets(store, { ids: [id], priority });
  return { project, store, id, priority: () => /^priority: (.)$/m.exec(project.text(id))?.[1] };
}

describe("each undo is a step back", () => {
  test("and each redo a step forward again", async () => {
    const { project, store, priority } = await threeSteps();
    const seen: (string | undefined)[] = [];
    for (const step of [
      undoChange,
      undoChange,
      redoChange,
      undoChange,
      undoChange,
      redoChange,
      redoChange,
      redoChange,
    ]) {
      await step(store, {});
      seen.push(priority());
    }
    expect(seen).toEqual(["2", "3", "2", "3", "4", "3", "2", "1"]);
    await expect(redoChange(store, {})).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/^nothing to redo: .* has undone nothing since its last change$/),
    });
    project.judge();
  });

  test("until nothing is left, also of one ticket", async () => {
    const { project, store, id, priority } = await threeSteps();
    await addNote(store, { id: (await createTicket(store, { title: "B" })).ticket.id, text: "of another" });
    await undoChange(store, { what: id });
    await undoChange(store, { what: id });
    expect(priority()).toBe("3");
    await redoChange(store, { what: id });
    expect(priority()).toBe("2");
    for (let left = 0; left < 5; left++) await undoChange(store, {});
    expect(project.files()).toEqual([]);
    await expect(undoChange(store, {})).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/^nothing to undo: .* has undone all that it changed here$/),
    });
  });

  test("a new change ends what can be redone; a commit is redone all the same", async () => {
    const { project, store, id, priority } = await threeSteps();
    const { undone } = await undoChange(store, {});
    await addNote(store, { id, text: "meanwhile" });
    await expect(redoChange(store, {})).rejects.toMatchObject({ code: "not_found" });
    const again = await redoChange(store, { what: undone.commit as string });
    expect([priority(), again.undone.subject]).toEqual(["1", `undo update ${id}: priority`]);
    expect(project.subjects()[0]).toBe(`redo update ${id}: priority`);
    await expect(redoChange(store, { what: undone.commit as string })).rejects.toMatchObject({
      message: `nothing to redo: ${(undone.commit as string).slice(0, 7)} was not undone`,
    });
  });

  test("passes over what somebody else undid, and over what was undone ticket by ticket", async () => {
    const { project, store, id } = await threeSteps();
    const other = (await createTicket(store, { title: "B" })).ticket.id;
    await closeTickets(store, { ids: [id, other] });
    await undoChange(store, { what: id, as: "@a" });
    await undoChange(store, { what: other });
    const { undone } = await undoChange(store, {});
    expect(undone.subject).toBe(`create ${other}: B`);
    project.judge();
  });

  test("through a batch and a change of the configuration", async () => {
    const project: TempStore = await tempStore();
    const store = project.open();
    const { id } = (await createTicket(store, { title: "A" })).ticket;
    await applyBatch(store, {
      operations: [
        { op: "create", title: "B" },
        { op: "note", id, text: "n" },
      ],
    });
    await project.ayo("config", "prefix", "zz");
    const subjects = [];
    for (let left = 0; left < 3; left++) subjects.push((await undoChange(project.open(), {})).undone.subject);
    expect(subjects).toEqual([
      expect.stringContaining("prefix"),
      expect.stringMatching(/^batch: 1 create, 1 note: /),
      `create ${id}: A`,
    ]);
    for (let left = 0; left < 3; left++) await redoChange(project.open(), {});
    expect((await readyTickets(project.open(), {})).tickets.map(({ title }) => title)).toEqual(["A", "B"]);
  });
});

test("ayo redo says what it brought back, and a dry run what it would", async () => {
  const { project, id } = await threeSteps();
  await project.ayo("undo");
  const would = await project.ayo("redo", "--dry-run");
  expect(would).toMatch(new RegExp(`^Would redo update ${id}: priority, which .* undid in [0-9a-f]{7}, 20`));
  expect(await project.ayo("redo")).toBe(would.replace("Would redo", "Redid"));
});
