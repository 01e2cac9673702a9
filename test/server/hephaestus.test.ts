import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

async function served() {
  const project = await tempStore({ project: true });
  return { project, ...(await startServe(project.dir)) };
}

test("update takes its fields in one object, replaces what is there, and keeps the comment", async () => {
  const { ask, project } = await served();
  const body = {
    title: "Build auth",
    description: "JWT, as before",
    initial_status: "in_progress",
    assigned_agent_id: "coder",
    ticket_type: "feature",
  };
  const made = await ask("/api/tickets/create", { body });
  const ticket_id = made.json.ticket.id;
  expect(made.json.ticket).toMatchObject({ status: "in_progress", assignee: "coder", type: "feature" });
  const updates = {
    title: "Build sign-in",
    description: "Sessions instead",
    priority: "high",
    tags: ["auth"],
    assigned_agent_id: "ops",
  };
  const updated = await ask("/api/tickets/update", {
    body: { ticket_id, agent_id: "planner", updates, update_comment: "JWT is out" },
  });
  expect(updated.json.tickets[0]).toMatchObject({
    title: "Build sign-in",
    priority: 1,
    tags: ["auth"],
    assignee: "ops",
  });
  const { ticket } = (await ask(`/api/tickets/${ticket_id}`)).json;
  expect([ticket.body, ticket.notes]).toEqual([
    expect.stringContaining("Sessions instead"),
    [expect.objectContaining({ by: "@planner", text: "JWT is out" })],
  ]);
  for (const [wrong, why] of [
    [{ ticket_id, updates: "title" }, "updates is an object"],
    [{ ticket_id, updates: { nope: 1 } }, "there is no field 'nope'"],
    [{ ticket_id, title: "x", updates: { title: "y" } }, "title is given twice"],
    [{ ticket_id, updates: { title: "y" }, replace: false }, "there is no field 'replace' here"],
  ] as const) {
    const { status, json } = await ask("/api/tickets/update", { body: wrong });
    expect([status, json.detail]).toEqual([400, expect.stringContaining(why)]);
  }
  project.judge();
});

test("a comment keeps its kind and names who is mentioned, once", async () => {
  const { ask, project } = await served();
  const ticket_id = await project.ayo("ticket", "create", "One");
  const say = (more: object) => ask("/api/tickets/comment", { body: { ticket_id, ...more } });
  await say({ comment_text: "No database.", comment_type: "blocker", mentions: ["amy", "@rex"] });
  await say({ comment_text: "Ask @amy, please.", comment_type: "general", mentions: ["amy"] });
  const { notes } = (await ask(`/api/tickets/${ticket_id}`)).json.ticket;
  expect(notes.map(({ text }: { text: string }) => text)).toEqual([
    "Blocker: No database.\n\n@amy @rex",
    "Ask @amy, please.",
  ]);
  expect((await say({ comment_text: "x", mentions: [1] })).json.detail).toBe("mentions is a list of texts");
  expect((await say({ comment_text: "x", comment_type: 1 })).json.detail).toBe("comment_type must be a text");
});

test("a request for clarification parks the ticket with a question, and reviews are counted", async () => {
  const { ask, project } = await served();
  const ticket_id = await project.ayo("ticket", "create", "One");
  const asked = await ask("/api/tickets/request-clarification", {
    body: {
      ticket_id,
      conflict_description: "SQLite or PostgreSQL?",
      context: "The plan names both.",
      potential_solutions: ["SQLite", "PostgreSQL"],
    },
    headers: { "x-agent-id": "coder" },
  });
  expect(asked.json.tickets[0]).toMatchObject({ status: "blocked", question: "SQLite or PostgreSQL?" });
  expect(project.text(ticket_id)).toContain(
    "Question: SQLite or PostgreSQL?\n\nContext: The plan names both.\n\nPossible answers:\n- SQLite\n- PostgreSQL",
  );
  const count = async () => (await ask("/api/tickets/pending-review-count")).json;
  expect(await count()).toEqual({ schema: 1, count: 0 });
  const other = await project.ayo("ticket", "create", "Two");
  await project.ayo("ticket", "submit", other);
  expect(await count()).toEqual({ schema: 1, count: 1 });
});

test("a commit is recorded with the change of a status, and what it changed is shown", async () => {
  const { ask, project } = await served();
  const ticket_id = await project.ayo("ticket", "create", "One");
  const commit = (message: string, text: string): string => {
    writeFileSync(`${project.dir}/a.txt`, text);
    git(project.dir, "add", "a.txt");
    git(project.dir, "commit", "--quiet", `--message=${message}`, "--", "a.txt");
    return git(project.dir, "rev-parse", "HEAD").trim();
  };
  const sha = commit(`Work - TICKET: ${ticket_id}`, "hello\n");
  const secret = commit("Something else", "secret\n");
  const other = "0123456789abcdef0123456789abcdef01234567";
  await ask("/api/tickets/change-status", { body: { ticket_id, new_status: "in_progress", commit_sha: other } });
  expect((await ask(`/api/tickets/${ticket_id}`)).json.ticket.commits).toEqual(expect.arrayContaining([other, sha]));
  await ask("/api/tickets/resolve", { body: { ticket_id, resolution_comment: "Done.", commit_sha: sha } });
  expect(project.text(ticket_id)).toMatch(new RegExp(`^commits: \\[.*${other}.*\\]$`, "m"));
  const shown = await ask(`/api/tickets/commit-diff/${sha.slice(0, 9)}`);
  expect(shown.json).toMatchObject({ commit: { oid: sha, tickets: [ticket_id] } });
  expect(shown.json.diff).toContain("+hello");
  // The token of a server is none for the project's source: only what a ticket has is shown.
  const hidden = await ask(`/api/tickets/commit-diff/${secret}`);
  expect([hidden.status, hidden.json.code]).toEqual([404, "not_found"]);
  expect((await ask("/api/tickets/commit-diff/--output=x")).status).toBe(400);
  project.judge();
});

test("lists come from their other end, from an offset, and with or without what is finished", async () => {
  const { ask, project } = await served();
  const operations = ["Apple", "Berry", "Cherry", "Date", "Elder"].map((title) => ({ op: "create", title }));
  await ask("/api/batch", { body: { operations } });
  const first = (await ask("/api/tickets?sort=title&limit=1")).json.tickets[0].id;
  await project.ayo("ticket", "close", first);
  const titles = async (query: string) =>
    (await ask(`/api/tickets?${query}`)).json.tickets.map(({ title }: { title: string }) => title[0]).join("");
  expect(await titles("sort=title&order=desc")).toBe("EDCBA");
  expect(await titles("sort_by=created_at&sort_order=desc&offset=1&limit=2")).toBe("DC");
  expect(await titles("sort_by=title&offset=4&limit=2")).toBe("E");
  expect(await titles("sort_by=title&offset=9")).toBe("");
  expect(await titles("sort=title&include_completed=false")).toBe("BCDE");
  expect(await titles("sort=title&include_completed=false&q=Cherry")).toBe("C");
  expect(await titles("sort=title&include_completed=true")).toBe("ABCDE");
  await project.ayo("ticket", "archive", "--before", "2999-01-01");
  expect(await titles("sort=title")).toBe("BCDE");
  expect(await titles("sort=title&include_completed=true")).toBe("ABCDE");
  const { cursor } = (await ask("/api/tickets?sort=title&order=desc&limit=2")).json;
  expect(await titles(`sort=title&order=desc&limit=1&cursor=${cursor}`)).toBe("C");
  for (const query of ["offset=-1", "offset=x", "order=up", "include_completed=perhaps"])
    expect([query, (await ask(`/api/tickets?${query}`)).status]).toEqual([query, 400]);
});
