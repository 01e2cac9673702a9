import { expect, test } from "vitest";
import { allowedPipeline, allTickets, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("a pipeline approves nothing: a step that would is refused, and stands in the run", async () => {
  const project = await tempStore();
  await project.ayo("config", "review", "required");
  const text = "on: ticket.noted\nsteps:\n  - move: {ticket: '{{ticket.id}}', to: closed}\n";
  await allowedPipeline(project, "mv", text);
  const id = await project.ayo("ticket", "create", "Work");
  await project.ayo("ticket", "claim", id, "--as", "@coder");
  await project.ayo("ticket", "submit", id, "--as", "@coder");
  await project.ayo("ticket", "note", id, "please", "--as", "@coder");
  expect((await allTickets(project)).find((one) => one.id === id)).toMatchObject({ status: "in_review" });
  expect((await runsOf(project, "mv"))[0]).toMatchObject({
    status: "blocked",
    blockedReason: expect.stringContaining("a pipeline approves nothing"),
  });
  project.judge();
});

test("an agent that has a pipeline hand something in is among its authors, also behind another pipeline: it approves none of it", async () => {
  const project = await tempStore();
  await project.ayo("config", "review", "required");
  await allowedPipeline(project, "mv", "steps:\n  - complete: '{{ticket.id}}'\n");
  await allowedPipeline(
    project,
    "say",
    "on: {event: ticket.updated, where: 'tag:go'}\nsteps:\n  - note: {ticket: '{{ticket.id}}', text: go}\n",
  );
  await allowedPipeline(
    project,
    "end",
    "on: {event: ticket.noted, where: 'tag:go'}\nsteps:\n  - complete: '{{ticket.id}}'\n",
  );
  const [one, two] = [await project.ayo("ticket", "create", "V"), await project.ayo("ticket", "create", "W")];
  await project.ayo("pipeline", "run", "mv", "--ticket", one, "--as", "@coder");
  await project.ayo("ticket", "update", two, "--tags", "go", "--as", "@coder");
  for (const id of [one, two]) {
    const refused = await project.here(["ticket", "approve", id, "--as", "@coder", "--json"]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('"code":"self_review"') });
  }
  await project.ayo("ticket", "approve", one, "--as", "@other");
  project.judge();
});
