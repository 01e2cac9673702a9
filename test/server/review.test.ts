import { expect, test } from "vitest";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

const CODER = { "x-agent-id": "coder" };
const REVIEWER = { "x-agent-id": "reviewer" };

async function submitted() {
  const project = await tempStore();
  const served = await startServe(project.dir);
  const { ask } = served;
  const id = await project.ayo("ticket", "create", "Build login", "--acceptance", "401 on a bad password");
  const post = (verb: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    ask(`/api/tickets/${id}/${verb}`, { method: "POST", body, headers });
  await post("claim", {}, CODER);
  return { ask, id, post, project };
}

test("work is handed in, sent back and approved by somebody else", async () => {
  const { id, post, project } = await submitted();
  expect((await post("check", { numbers: [1] }, CODER)).json.criteria).toMatchObject([{ n: 1, done: true }]);
  expect((await post("uncheck", { all: true }, CODER)).json.criteria).toMatchObject([{ n: 1, done: false }]);
  const handedIn = await post("submit", { message: "12 tests pass" }, CODER);
  expect(handedIn.json.tickets[0]).toMatchObject({ status: "in_review", from: "in_progress" });

  const own = await post("approve", {}, CODER);
  expect([own.status, own.json.code]).toEqual([403, "self_review"]);
  const silent = await post("reject", {}, REVIEWER);
  expect([silent.status, silent.json.code]).toEqual([400, "bad_usage"]);
  const stale = await post("approve", {}, { ...REVIEWER, "if-match": '"0000000"' });
  expect([stale.status, stale.json.code]).toEqual([412, "conflict"]);
  expect((await post("reject", { reason: "500 on an empty one" }, REVIEWER)).json.tickets[0].status).toBe("open");

  await post("claim", {}, CODER);
  await post("submit", {}, CODER);
  expect((await post("approve", { message: "Works." }, REVIEWER)).json.tickets[0].status).toBe("closed");
  const { ticket } = await project.json<{ ticket: { notes: { by: string; text: string }[] } }>("ticket", "show", id);
  expect(ticket.notes.map(({ by }) => by)).toEqual(["@coder", "@reviewer", "@reviewer"]);
  expect(ticket.notes[1]?.text).toMatch(/^Rejected: 500 on an empty one/);
  project.judge();
});

test("a question waits for a person, whom the server's own user is", async () => {
  const { id, post, project } = await submitted();
  const asked = await post("ask", { question: "Is 400 right?" }, CODER);
  expect(asked.json.tickets[0]).toMatchObject({ status: "blocked" });
  const agent = await post("answer", { answer: "Yes." }, REVIEWER);
  expect([agent.status, agent.json.code]).toEqual([403, "needs_person"]);
  expect((await post("answer", { text: "Yes." })).json.tickets[0]).toMatchObject({ status: "open" });
  const choice = { options: ["400", "422"], default: "422", after: "1h" };
  const chosen = await post("ask", { question: "Which?", ...choice }, CODER);
  expect(chosen.json.tickets[0]).toMatchObject({ answerOptions: ["400", "422"], defaultAnswer: "422" });
  expect(chosen.json.notices.join()).toContain("default answers are off here");
  expect((await post("ask", { question: "Which?", ...choice, default: "500" }, CODER)).status).toBe(400);
  const answered = await post("answer", { answer: "2" });
  expect(answered.json.tickets[0].answerOptions).toBeUndefined();
  expect(project.text(id)).toMatch(/^Answer: 422$/m);
});

test("the addresses with the ticket in the body do the same, and approve takes all at once", async () => {
  const { ask, id, project } = await submitted();
  const send = (path: string, body: unknown, headers = REVIEWER) => ask(`/api/tickets/${path}`, { body, headers });
  await send(`${id}/submit`, {}, CODER);
  const rejected = await send("reject", { ticket_id: id, rejection_reason: "No tests." });
  expect(rejected.json.tickets[0]).toMatchObject({ id, status: "open" });
  await send(`${id}/claim`, {}, CODER);
  await send(`${id}/submit`, {}, CODER);
  expect((await send("approve", { ticket_id: id }, CODER)).json.code).toBe("self_review");
  expect((await send("approve", { ticket_id: id })).json.tickets[0]).toMatchObject({ id, status: "closed" });

  const other = await project.ayo("ticket", "create", "Write the guide");
  await send(`${other}/submit`, {}, CODER);
  expect((await send("approve", { all: true }, CODER)).json.tickets).toEqual([]);
  expect((await send("approve", { all: true })).json.tickets[0]).toMatchObject({ id: other, status: "closed" });
  project.judge();
});

test("a review is claimed by its role, once, and by whom a ticket names", async () => {
  const { ask, id, post, project } = await submitted();
  const ready = async (headers: Record<string, string>, role = "") =>
    (await ask(`/api/ready${role}`, { headers })).json.tickets.map((ticket: { id: string }) => ticket.id);
  const next = async (headers: Record<string, string>, body: object = {}) =>
    (await ask("/api/claims", { body: { next: true, ...body }, headers })).json.tickets;
  await post("submit", {}, CODER);
  const role = { role: "reviewer" };
  expect([await ready(REVIEWER), await ready(REVIEWER, "?role=reviewer")]).toEqual([[], [id]]);
  expect([await ready(CODER, "?role=reviewer"), await next(CODER, role)]).toEqual([[], []]);
  expect(await next(REVIEWER, role)).toMatchObject([{ id, status: "in_review", claim: { by: "@reviewer" } }]);
  const second = { "x-agent-id": "second" };
  expect([await ready(second, "?role=reviewer"), await next(second, role)]).toEqual([[], []]);
  const taken = await post("approve", {}, second);
  expect([taken.status, taken.json.code]).toEqual([409, "claimed"]);
  await post("release", {}, REVIEWER);
  const named = await ask(`/api/tickets/${id}`, { method: "PATCH", body: { reviewer: "@second" } });
  expect(named.json.tickets[0].reviewer).toEqual(["@second"]);
  expect([await ready(REVIEWER, "?role=reviewer"), await ready(second)]).toEqual([[], [id]]);
  await ask(`/api/tickets/${id}`, { method: "PATCH", body: { reviewer: null } });
  expect(await ready(REVIEWER, "?role=reviewer")).toEqual([id]);
  project.judge();
});
