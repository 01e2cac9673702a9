import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore, type Store } from "../../../src/store/open/store.ts";
import { markLive, markOver } from "../../../src/store/runs/liveRuns.ts";
import { newRunFolder, type RunRecord, writeRun } from "../../../src/store/runs/record.ts";
import { logEvents } from "../../../src/store/runs/runEvents.ts";
import { DOCUMENT, misfits, shapeOf } from "../../helpers/answerShapes.ts";
import { git } from "../../helpers/git.ts";
import { connectTracker } from "../../helpers/linear/connectTracker.ts";
import { LINEAR_KEY, linearServer } from "../../helpers/linear/server.ts";
import { putPipeline } from "../../helpers/pipelines.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore, testHost } from "../../helpers/tempStore.ts";

/** The store as its processes see it. */
function testStore(dir: string) {
  return openStore({ dir: path.join(dir, ".tickets") }, testHost(dir));
}

/** A run that no dispatcher looks after. */
function aRun(store: Store, ticket: string): RunRecord {
  const n = newRunFolder(store, ticket);
  const known = { run: randomUUID(), ticket, n, store: store.dir, inode: "0:0", agent: "@coder", token: "t" } as const;
  const how = { adapter: "command", state: "running", tries: 1, isResumed: false, isReview: false } as const;
  const record = { schema: 1, ...known, ...how, at: "2026-01-02T03:04:05Z", session: "s", branch: "b" } as const;
  markLive(store, record);
  logEvents(store, record, [{ at: record.at, type: "text", text: "hello", offset: 7 }]);
  return writeRun(store, record);
}

test("every route answers as the description says: no field more, none less, and no other kind", async () => {
  const project = await tempStore({ project: true });
  const linear = await linearServer();
  onTestFinished(linear.close);
  const { ask } = await startServe(project.dir, [], { env: { LINEAR_API_KEY: LINEAR_KEY } });
  const asked = new Set<string>();
  const faults: string[] = [];
  /** Calls a route by its address in the description. */
  const call = async (route: string, values: Record<string, string> = {}, body?: unknown, more: object = {}) => {
    const [method = "", pattern = ""] = route.split(" ");
    const [path = "", query = ""] = pattern.split(/(?=\?)/);
    const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "?"));
    const reply = await ask(`/api${at}${query}`, {
      method: method.toUpperCase(),
      ...(body === undefined ? {} : { body }),
      ...more,
    });
    asked.add(`${method} ${path}`);
    const shape = shapeOf(path, method, reply.status);
    if (reply.status >= 300) faults.push(`${route}: ${reply.status} ${reply.text}`);
    else if (shape === undefined && reply.json !== undefined) faults.push(`${route}: ${reply.status} has no shape`);
    else if (shape !== undefined) faults.push(...misfits(shape, reply.json).map((fault) => `${route}: ${fault}`));
    return reply.json;
  };
  const make = async (title: string, more: object = {}): Promise<string> =>
    (await call("post /tickets", {}, { title, ...more })).ticket.id;

  const id = await make("Build the login page", {
    acceptance: "It works",
    due: "2030-01-01",
    tags: ["ui"],
    project: "web",
  });
  const other = await make("Build a login page", { deps: [id], type: "bug" });
  const third = await make("Third", { parent: other, description: "Some text.", assignee: "@coder" });
  writeFileSync(`${project.dir}/a.txt`, "a\n");
  git(project.dir, "add", "a.txt");
  git(project.dir, "commit", "--quiet", `--message=Work\n\nTICKET: ${id}`, "--", "a.txt");
  const sha = git(project.dir, "rev-parse", "HEAD").trim();
  const one = { id };
  const coder = { headers: { "x-agent-id": "coder" } };

  for (const route of ["get /tickets", "get /ready?explain=true", "get /blocked", "get /closed", "get /board"])
    await call(route);
  await call("get /search?q=login&explain=true");
  await call("get /duplicates");
  await call("get /cycles");
  await call("get /tickets/{id}?history=true", one);
  await call("get /tickets/{id}/tree", { id: other });
  await call("get /tickets/{id}/graph", { id: other });
  await call("post /tickets/{id}/delegate", { id: other }, { title: "A part", to: "@tester" });
  await call("get /tickets/{id}/parts", { id: other });
  await call("get /parts");
  await call("get /graph");
  await call("get /tickets/{id}/history?patch=true", one);
  await call("get /history");
  await call("get /tickets/{id}/commits", one);
  await call("get /commits");
  await call("get /commits/{commit}/diff", { commit: sha });
  await call("get /tickets/{id}/diff", { id });
  await call("get /tickets/commit-diff/{commit_sha}", { commit_sha: sha.slice(0, 10) });
  await call("get /stats");
  await call("get /stats?by=column&by=project,agent&forecast=true&cost=true&flow=true&days=7");
  await call("post /projects", {}, { name: "Web", lead: "@mara" });
  const web = { project: "web" };
  expect((await call("patch /projects/{project}", web, { color: "red", lead: null })).changed).toEqual([
    "color",
    "lead",
  ]);
  for (const verb of ["complete", "archive", "reopen"]) await call(`post /projects/{project}/${verb}`, web, {});
  await call("get /projects?all=true");
  await call("get /projects/{project}", web);
  putPipeline(project, "nightly", "on: ticket.failed\nsteps:\n  - create: {title: 'Look at {{set.what}}'}\n");
  await project.ayo("allow", "pipeline", "nightly");
  const nightly = { pipeline: "nightly", what: "nightly" };
  for (const dryRun of [true, false])
    await call("post /pipelines/{pipeline}/run", nightly, { set: { what: "logs" }, once: "1", dryRun });
  const begun = await call("post /pipelines/{pipeline}/run", nightly, { set: { what: "logs" }, once: "1" });
  await call("get /pipelines");
  await call("get /pipeline-checks");
  await call("get /pipelines/{what}", nightly);
  await call("get /pipelines/{what}", { what: begun.run.ticket.id });
  await call("post /pipeline-runs/{run}/cancel", { run: begun.run.ticket.id }, {});
  const { workflows } = await call("get /workflows");
  await call("get /tickets/stats/{workflow_id}", { workflow_id: workflows[0].id });
  await call("get /config");
  await call("put /config/{key}", { key: "prefix" }, { value: "abc" });
  await call("delete /config/{key}", { key: "prefix" }, {});
  await call("post /markdown", {}, { texts: [{ text: "- [ ] **a**" }, { text: "`b`", isLine: true }] });
  await call("get /recap");
  await call("post /recap", {}, {});
  const asking = await make("Ask", { description: "@user, look" });
  await call("post /tickets/{id}/comments", { id: asking }, { text: "@user, look again" }, coder);
  await call("get /inbox?limit=5");
  await call("post /inbox", {}, {});
  await call("post /inbox/snooze", {}, { keys: [`${asking}:text`], until: "2h" });
  await call("post /inbox/done", {}, { keys: [asking] });
  await call("get /inbox?all=true");
  await call("get /doctor");
  await call("post /doctor", {}, {});
  const working = testStore(project.dir);
  const record = aRun(working, id);
  await call("get /runs");
  await call("get /runs/{run}", { run: `${id}/${record.n}` });
  await call("get /runs/{run}/log?limit=5", { run: id });
  await call("post /runs/{run}/stop", { run: id }, {});
  writeRun(working, { ...record, state: "ended", outcome: "failed", why: "no" });
  markOver(working, record);
  await call("post /tickets/{id}/retry", one, {});
  await call("post /tickets/{id}/verify", one, { dryRun: true });
  await call("post /tickets/{id}/accept", one, {});
  await call("get /hooks");
  await call("get /hooks/log");
  const hub = path.join(tempDir(), "hub.git");
  git(tempDir(), "init", "--quiet", "--bare", hub);
  await project.ayo("sync", "--remote", hub, "--yes");
  await call("post /sync", {}, {});
  await call("get /sync");

  await call("post /tickets/{id}/claim", one, {}, coder);
  await call("get /agents");
  await call("get /agents/whoami", {}, undefined, coder);
  await call("get /agents/prime", {}, undefined, coder);
  await call("post /tickets/{id}/renew", one, {}, coder);
  await call("post /tickets/{id}/comments", one, { text: "Half." }, coder);
  await call("post /tickets/{id}/check", one, { numbers: [1] }, coder);
  await call("post /tickets/{id}/uncheck", one, { numbers: [1] }, coder);
  await call("post /tickets/{id}/check?include=affected", one, { numbers: [1] }, coder);
  await call("post /tickets/{id}/release", one, {}, coder);
  await call("post /claims", {}, { next: true }, coder);
  await call("post /tickets/{id}/ask", one, { question: "Which?" }, coder);
  await call("post /tickets/{id}/answer", one, { answer: "That." });
  await call("post /tickets/{id}/start", one, {}, coder);
  await call("post /tickets/{id}/submit", one, { message: "Done." }, coder);
  await call("post /tickets/{id}/reject", one, { message: "Not yet." });
  await call("post /tickets/{id}/block", one, { message: "Waits." });
  await call("post /tickets/{id}/unblock", one, {});
  await call("post /tickets/{id}/submit", one, {}, coder);
  await call("post /tickets/{id}/approve", one, {});
  await call("post /tickets/{id}/reopen", one, {});
  await call("post /tickets/{id}/fail", one, {});
  await call("post /tickets/{id}/reopen", one, {});
  await project.ayo("config", "review", "required");
  project.write(third, project.text(third).replace("status: in_progress", "status: closed"));
  await call("get /config");
  await call("post /tickets/{id}/confirm", { id: third }, {});
  await call("post /tickets/{id}/reopen", { id: third }, {});
  await call("post /tickets/{id}/assign", one, { assignee: "@ops" });
  await call("post /tickets/{id}/rank", one, { first: true });
  await call("post /tickets/{id}/followers", one, { who: "@ops", role: "owner" });
  await call("delete /tickets/{id}/followers/{who}", { id, who: "@ops" });
  await call("post /tickets/{id}/attachments?name=a.txt", one, "what was seen");
  await call("get /tickets/{id}", one);
  await call("get /tickets/{id}/attachments/{name}", { id, name: "a.txt" });
  await call("delete /tickets/{id}/attachments/{name}", { id, name: "a.txt" });
  await call("post /tickets/{id}/status", one, { column: "in_progress" });
  await call("post /tickets/{id}/commits", one, { commit: "1234567" });
  await call("patch /tickets/{id}", one, { title: "Login", extra: { size: { w: 1, tags: ["a"] }, ok: true } });
  const { version } = (await call("get /tickets/{id}", { id: third })).ticket;
  const text = project.text(third).replace("Some text.", "Another text.");
  await call("put /tickets/{id}/text", { id: third }, { text, version });
  await call("post /tickets/{id}/dependencies", { id: third }, { dep: id });
  await call("delete /tickets/{id}/dependencies/{dep}", { id: third, dep: id });
  await call("post /links", {}, { ids: [id, third] });
  await call("post /links/delete", {}, { ids: [id, third] });
  await call("post /batch", {}, { operations: [{ op: "create", name: "n", title: "By batch" }] });
  await call("post /undo", {}, {});
  await call("post /redo", {}, {});
  await call("post /tickets/{id}/close", one, { message: "Done.", commit: sha });
  await call("post /tickets/{id}/landed", one, {});
  await call("post /tickets/{id}/duplicate", { id: other }, { of: id });
  await call("post /archive", {}, { before: "2999-01-01" });
  await call("post /tickets/{id}/cancel", { id: third }, {});
  await call("delete /tickets/{id}", { id: third });
  await call("get /export");
  const lines = (await ask("/api/export?all=true")).text;
  await call("post /import", {}, { text: lines.replaceAll("Login", "Sign in") });

  const ticket_id = (await call("post /tickets/create", {}, { title: "From Hephaestus" })).ticket.id;
  await call("post /tickets/update", {}, { ticket_id, updates: { title: "Renamed", assigned_agent_id: "@x" } });
  await call(
    "post /tickets/comment",
    {},
    { ticket_id, comment_text: "Hi", comment_type: "blocker", mentions: ["amy"] },
  );
  await call("post /tickets/search", {}, { query: "hephaestus" });
  await call("post /tickets/link-commit", {}, { ticket_id, commit_sha: sha });
  await call("post /tickets/request-clarification", {}, { ticket_id, conflict_description: "A or B?" });
  await call("post /tickets/{id}/answer", { id: ticket_id }, { answer: "A." });
  await call("get /tickets/pending-review-count");
  await call("post /tickets/change-status", {}, { ticket_id, new_status: "in_review", comment: "Look." });
  await call("post /tickets/reject", {}, { ticket_id, rejection_reason: "No." });
  await call("post /tickets/change-status", {}, { ticket_id, new_status: "in_review" });
  await call("post /tickets/approve", {}, { ticket_id });
  await call("post /tickets/{id}/reopen", { id: ticket_id }, {});
  await call("get /tickets/{id}/channel", { id: ticket_id });
  await call("post /tickets/resolve", {}, { ticket_id, resolution_comment: "Yes.", commit_sha: sha });

  await connectTracker(project, linear, { push: "linked" });
  const pulled = linear.world.create({ title: "There" }, "user-mara");
  await call("get /trackers");
  await call("get /trackers/mapping");
  await call("post /trackers/sync", {}, { dryRun: true });
  await call("post /trackers/sync", {}, {});
  await call("post /trackers/publish", {}, { ids: [ticket_id], yes: true });
  await call("post /trackers/unlink", {}, { ids: [ticket_id] });
  await call("post /trackers/pull", {}, { keys: [linear.world.nameOf(pulled)] });

  const refused = await ask("/api/tickets/nope");
  faults.push(...misfits("Problem", refused.json));
  expect(faults).toEqual([]);
  const all = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  // The stream has a test of its own.
  expect(all.filter((route) => !asked.has(route))).toEqual(["get /events"]);
  project.judge();
});
