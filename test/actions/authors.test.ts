import { expect, test } from "vitest";
import {
  approveTickets,
  cancelTickets,
  claimTickets,
  closeTickets,
  createTicket,
  rejectTickets,
  releaseTickets,
  reopenTickets,
  startTickets,
  submitTickets,
  undoChange,
} from "../../src/index.ts";
import { tempStore } from "../helpers/tempStore.ts";

/** A ticket that @coder submitted, that was sent back, and that @tester submitted again. */
async function handedOver() {
  const project = await tempStore();
  const store = project.open();
  const { id } = (await createTicket(store, { title: "One" })).ticket;
  const ids = [id];
  await claimTickets(store, { ids, as: "@coder" });
  await submitTickets(store, { ids, as: "@coder" });
  await rejectTickets(store, { ids, message: "No tests", as: "@rex" });
  await claimTickets(store, { ids, as: "@tester" });
  await submitTickets(store, { ids, as: "@tester" });
  return { project, store, id, ids };
}

test("nobody approves what he ever held, whoever submitted it last", async () => {
  const { project, store, id, ids } = await handedOver();
  expect(project.text(id)).toContain("authors: ['@coder', '@tester']");
  for (const as of ["@coder", "@tester"]) {
    await expect(approveTickets(store, { ids, as })).rejects.toMatchObject({ code: "self_review" });
    await expect(closeTickets(store, { ids, as })).rejects.toMatchObject({ code: "self_review" });
    expect((await approveTickets(store, { all: true, as })).tickets).toEqual([]);
  }
  expect((await approveTickets(store, { ids, as: "@rex" })).tickets).toMatchObject([{ id, status: "closed" }]);
  project.judge();
});

test("an agent does not undo its way out of the authors; what is opened anew has none", async () => {
  const { project, store, id, ids } = await handedOver();
  await releaseTickets(store, { ids, as: "@tester" }).catch(() => {});
  await undoChange(store, { what: id, as: "@tester" });
  expect(project.text(id)).toContain("authors: ['@coder', '@tester']");
  await closeTickets(store, { ids, force: true });
  expect(project.text(id)).toContain("authors:");
  await reopenTickets(store, { ids });
  expect(project.text(id)).not.toContain("authors:");
});

test("an agent that gives its work up and takes it up again is its author still", async () => {
  const { project, store, id, ids } = await handedOver();
  await cancelTickets(store, { ids, as: "@tester" });
  await reopenTickets(store, { ids, as: "@tester" });
  expect(project.text(id)).toContain("authors: ['@coder', '@tester']");
  await cancelTickets(store, { ids });
  await reopenTickets(store, { ids });
  expect(project.text(id)).not.toContain("authors:");
});

test("a person who starts work is its author; a key of its own commands is set by nothing else", async () => {
  const project = await tempStore();
  const { id } = (await createTicket(project.open(), { title: "One" })).ticket;
  await startTickets(project.open(), { ids: [id] });
  expect(project.text(id)).not.toContain("authors:");
  await submitTickets(project.open(), { ids: [id] });
  expect(project.text(id)).toContain("authors: [Test User]");
  for (const key of ["authors", "unconfirmed", "verified", "Landed", "dispatched", "output"]) {
    const set = await project.run(["ticket", "update", id, "--set", `${key}=@x`, "--as", "@coder"]);
    expect([set.code, set.stderr]).toEqual([2, expect.stringContaining(`${key} cannot be set this way`)]);
  }
});
