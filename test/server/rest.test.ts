import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadRoutes } from "../../src/server/routes/routes.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { type Ask, startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore } from "../helpers/tempStore.ts";

const ROUTES = await loadRoutes();

async function served() {
  const project = await tempStore();
  return { project, ...(await startServe(project.dir)) };
}

describe("/api/tickets", () => {
  test("a path that the system refuses is no bug of ayo", async () => {
    const { project, ask } = await served();
    const redo = path.join(project.repo, ".git", "ayo", "redo");
    rmSync(redo, { recursive: true });
    writeFileSync(redo, "");
    const { status, json } = await ask("/api/tickets", { body: { title: "Build login" } });
    expect([status, json.code, json.detail]).toEqual([403, "store_not_writable", expect.stringContaining(redo)]);
  });

  test("makes, shows, changes and deletes a ticket, and each change is a commit by who made it", async () => {
    const { project, ask } = await served();
    const made = await ask("/api/tickets", { body: { title: "Build login", priority: "high", tags: ["auth"] } });
    expect(made.status).toBe(201);
    const { id, version } = made.json.ticket;
    expect(made.headers.location).toBe(`/api/tickets/${id}`);
    expect(made.headers.etag).toBe(`"${version}"`);

    const noted = await ask(`/api/tickets/${id}/comments`, {
      body: { text: "Token works." },
      headers: { "x-agent-id": "coder" },
    });
    expect(noted.json).toMatchObject({ ticket: { id }, note: { by: "@coder" } });
    const shown = await ask(`/api/tickets/${id}`);
    expect(shown.json.ticket).toMatchObject({
      priority: 1,
      tags: ["auth"],
      notes: [{ by: "@coder", text: "Token works." }],
    });

    const changed = await ask(`/api/tickets/${id}`, {
      method: "PATCH",
      body: { title: "Build the login", addTag: "ui" },
      headers: { "if-match": String(shown.headers.etag) },
    });
    expect(changed.json.tickets[0]).toMatchObject({ title: "Build the login", tags: ["auth", "ui"] });
    const stale = await ask(`/api/tickets/${id}`, {
      method: "PATCH",
      body: { title: "Mine" },
      headers: { "if-match": String(shown.headers.etag) },
    });
    expect([stale.status, stale.json.code]).toEqual([412, "conflict"]);
    expect(stale.json.data.actual).toBe(changed.json.tickets[0].version);

    expect((await ask(`/api/tickets/${id}/start`, { body: {} })).json.tickets[0].status).toBe("in_progress");
    expect((await ask(`/api/tickets/${id}/close`, { body: { message: "Done." } })).json.tickets[0].status).toBe(
      "closed",
    );
    expect((await ask(`/api/tickets/${id}`, { method: "DELETE" })).status).toBe(200);
    expect((await ask(`/api/tickets/${id}`)).status).toBe(404);
    expect(
      project
        .subjects()
        .slice(0, 6)
        .map((subject) => subject.split(" ")[0]),
    ).toEqual(["delete", "close", "start", "update", "note", "create"]);
    project.judge();
  });

  test("comes in pages that miss and repeat nothing while tickets come and go", async () => {
    const { ask } = await served();
    const operations = Array.from({ length: 25 }, (_, n) => ({ op: "create", title: `T${n}`, priority: n % 5 }));
    expect((await ask("/api/batch", { body: { operations } })).status).toBe(200);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { json } = await ask(`/api/tickets?limit=7&sort=priority&fields=id,title&cursor=${cursor}`);
      expect(json.total).toBeGreaterThanOrEqual(25);
      expect(Object.keys(json.tickets[0])).toEqual(["id", "title"]);
      seen.push(...json.tickets.map(({ title }: { title: string }) => title));
      // One that sorts before everything that was seen.
      if (seen.length === 7) await ask("/api/tickets", { body: { title: "New", priority: 0 } });
      cursor = json.cursor;
    }
    expect(seen.length).toBe(25);
    expect(new Set(seen).size).toBe(25);
  });

  test("is filtered by every filter of lists and by the query language", async () => {
    const { ask, project } = await served();
    const one = await project.ayo("ticket", "create", "Fix login", "--type", "bug", "--tags", "auth,ui", "-p", "0");
    const two = await project.ayo("ticket", "create", "Deploy", "--deps", one, "-a", "@ops");
    const ids = async (query: string) =>
      (await ask(`/api/tickets?${query}`)).json.tickets.map(({ id }: { id: string }) => id);
    expect(await ids("type=bug")).toEqual([one]);
    expect(await ids("tag=auth&tag=ui")).toEqual([one]);
    expect(await ids("q=is:blocked")).toEqual([two]);
    expect(await ids("q=login%20-tag:x")).toEqual([one]);
    expect(await ids("assignee=ops")).toEqual([two]);
    expect(await ids("priority=0&status=todo")).toEqual([one]);
    expect((await ask("/api/ready")).json.tickets.map(({ id }: { id: string }) => id)).toEqual([one]);
    expect((await ask("/api/search?q=login")).json.tickets[0].id).toBe(one);
    expect((await ask(`/api/tickets/${two}/graph`)).json.edges).toEqual([{ from: one, to: two, kind: "dependency" }]);
    const history = (await ask(`/api/tickets/${two}/history`)).json.entries;
    expect(history).toMatchObject([{ kind: "created", id: two }]);
    expect((await ask(`/api/tickets/${two}/commits`)).json.commits).toEqual([]);
    expect((await ask("/api/stats")).json).toMatchObject({ total: 2, ready: 1, blocked: 1 });
    expect((await ask("/api/board?limit=1")).json.columns[0]).toMatchObject({ id: "open", count: 2 });
    expect((await ask("/api/board?q=-is:blocked")).json.columns[0]).toMatchObject({ tickets: [{ id: one }] });
    expect((await ask("/api/blocked?q=type:bug")).json).toMatchObject({ total: 0 });
    const refused = await ask("/api/board?q=prioritty:1");
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining("'prioritty:1'")]);
    const claim = { next: true, q: "type:chore", as: "@amy" };
    const { json } = await ask("/api/claims", { body: claim });
    expect(json.tickets).toEqual([]);
  });

  test("a refused move says why, and unchanged answers need not be sent again", async () => {
    const { ask, project } = await served();
    const one = await project.ayo("ticket", "create", "One");
    const two = await project.ayo("ticket", "create", "Two", "--deps", one);
    const refused = await ask(`/api/tickets/${two}/status`, { body: { column: "closed" } });
    expect(refused.headers["content-type"]).toBe("application/problem+json");
    expect(refused.json).toMatchObject({ status: 409, code: "blocked", instance: `/api/tickets/${two}/status` });
    expect(refused.json.detail).toContain(one);
    const { headers } = await ask("/api/board");
    const again = await ask("/api/board", { headers: { "if-none-match": String(headers.etag) } });
    expect([again.status, again.text]).toEqual([304, ""]);
    await project.ayo("ticket", "close", one);
    const news = await ask("/api/board", { headers: { "if-none-match": String(headers.etag) } });
    expect(news.status).toBe(200);
  });
});

describe("what programs written for other servers send", () => {
  test("the endpoints that programs written for Hephaestus call do what they did", async () => {
    const { ask, project } = await served();
    const { json } = await ask("/api/workflows");
    const workflow_id = json.workflows[0].id;
    const made = await ask("/api/tickets/create", {
      body: { workflow_id, title: "Build auth", description: "JWT", ticket_type: "feature", priority: "high" },
      headers: { "x-agent-id": "planner" },
    });
    expect(made.status).toBe(201);
    const ticket_id = made.json.ticket.id;
    const moved = await ask("/api/tickets/change-status", {
      body: { ticket_id, new_status: "in_progress", comment: "on it" },
    });
    expect(moved.json.tickets[0].status).toBe("in_progress");
    await ask("/api/tickets/comment", {
      body: { ticket_id, comment_text: "half" },
      headers: { "x-agent-id": "coder" },
    });
    const commit_sha = "0123456789abcdef0123456789abcdef01234567";
    expect((await ask("/api/tickets/link-commit", { body: { ticket_id, commit_sha } })).status).toBe(200);
    expect(
      (await ask("/api/tickets/search", { body: { workflow_id, query: "auth", search_type: "keyword" } })).json.total,
    ).toBe(1);
    expect((await ask("/api/search?q=auth&type=keyword")).json).toMatchObject({ mode: "keyword", total: 1 });
    expect((await ask("/api/search?q=auth&mode=keyword&type=bug")).json).toMatchObject({ mode: "keyword", total: 0 });
    expect((await ask("/api/search?q=auth&limit=0")).json.detail).toBe("limit must be at least 1");
    expect((await ask("/api/tickets/resolve", { body: { ticket_id, resolution_comment: "all of it" } })).status).toBe(
      200,
    );
    expect((await ask(`/api/tickets/stats/${workflow_id}`)).json.total).toBe(1);
    const { ticket } = (await ask(`/api/tickets/${ticket_id}?workflow_id=${workflow_id}`)).json;
    expect(ticket).toMatchObject({ status: "closed", type: "feature", commits: [commit_sha] });
    expect(ticket.notes.map(({ text }: { text: string }) => text)).toEqual(["on it", "half", "all of it"]);
    project.judge();
  });
});

describe("bad input is a clear problem, and nothing is lost", () => {
  let shared: Awaited<ReturnType<typeof served>>;
  const cleanUp = laterCleanUp();
  const dir = tempDir(cleanUp);
  beforeAll(async () => {
    const project = await tempStore({ at: dir });
    shared = { project, ...(await startServe(dir, [], { cleanUp })) };
  });

  test.for([
    ["malformed JSON", "/api/tickets", { body: "{nope" }, 400, "bad_input"],
    ["JSON that is no object", "/api/tickets", { body: "[1]" }, 400, "bad_input"],
    ["a text that held half of a character", "/api/tickets", { body: '{"title":"\ud800"}' }, 201, undefined],
    ["an unknown field", "/api/tickets", { body: { title: "x", nope: 1 } }, 400, "bad_input"],
    ["a field of the prototype", "/api/tickets", { body: '{"title":"x","__proto__":{"a":1}}' }, 400, "bad_input"],
    ["a wrong type", "/api/tickets", { body: { title: { a: 1 } } }, 400, "bad_input"],
    ["a number for a text", "/api/tickets", { body: { title: 5 } }, 400, "bad_input"],
    ["numbers in a list of texts", "/api/tickets", { body: { title: "x", deps: [1] } }, 400, "bad_input"],
    ["no title", "/api/tickets", { body: {} }, 400, "bad_input"],
    ["a huge number", "/api/tickets", { body: '{"title":"x","priority":1e999}' }, 400, "bad_input"],
    ["a huge limit", "/api/tickets?limit=99999999999999999999", {}, 400, "bad_input"],
    ["a limit of none", "/api/tickets?limit=0", {}, 400, "bad_input"],
    ["a field that there is not", "/api/stats?nothing=7", {}, 400, "bad_input"],
    ["a made-up cursor", "/api/tickets?cursor=e30", {}, 400, "bad_input"],
    ["an unknown filter", "/api/tickets?colour=red", {}, 400, "bad_input"],
    ["a switch that is none", "/api/tickets?all=perhaps", {}, 400, "bad_input"],
    ["an unknown column", "/api/tickets?status=nope", {}, 400, "bad_input"],
    ["a ticket that is not there", "/api/tickets/zzz-9999", {}, 404, "not_found"],
    ["a path out of the store", "/api/tickets/..%2F..%2Fetc%2Fpasswd", {}, 404, "not_found"],
    ["a path that is none", "/api/tickets/%ff%zz", {}, 404, "not_found"],
    ["a workflow that is not there", "/api/tickets?workflow_id=nope", {}, 404, "not_found"],
    [
      "a version that is none",
      "/api/tickets/x",
      { method: "PATCH", body: {}, headers: { "if-match": "five" } },
      400,
      "bad_input",
    ],
    [
      "a form",
      "/api/tickets",
      { body: "title=x", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "unsupported_media_type",
    ],
    [
      "plain text",
      "/api/tickets",
      { body: "{}", headers: { "content-type": "text/plain" } },
      415,
      "unsupported_media_type",
    ],
    ["too much", "/api/tickets", { body: { title: "x", description: "x".repeat(1024 * 1024) } }, 413, "too_large"],
    ["a route that is not there", "/api/nope", {}, 404, "no_such_route"],
    ["a method that is not there", "/api/board", { method: "PUT" }, 405, "method_not_allowed"],
    ["a file that is not there", "/../../package.json", {}, 404, "no_such_route"],
  ] as const)("%s", async ([, path, options, status, code]) => {
    const { ask, project } = shared;
    const reply = await ask(path, options);
    expect([reply.status, reply.json.code]).toEqual([status, code]);
    if (code !== undefined) {
      expect(reply.json).toMatchObject({ status, title: code.replaceAll("_", " "), type: `/api/docs#error-${code}` });
      expect(reply.text).not.toMatch(/at .*\.(ts|cjs):\d+/);
    }
    project.judge();
  });

  test("a change is what a JSON body says: no route takes one from the query, from a form, or without a content-type", async () => {
    const { ask, project } = await served();
    const id = await project.ayo("ticket", "create", "One");
    const before = project.subjects();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const changes = [
      ...ROUTES.filter(({ method }) => !["get", "delete"].includes(method)).map(({ method, path }) => [method, path]),
    ];
    for (const [method = "", path = ""] of [...changes, ["post", "/tickets/link-commit"]]) {
      const where = `/api${path.replaceAll(/\{(id|key)\}/g, id)}`;
      for (const headers of [{}, form]) {
        const { status } = await ask(`${where}?text=x&title=x&what=last`, { method: method.toUpperCase(), headers });
        expect([where, status]).toEqual([where, expect.toSatisfy((code) => code === 415 || code === 400)]);
      }
    }
    const noted = await ask(`/api/tickets/${id}/comments?text=viaquery`, { body: { text: "by body" } });
    expect([noted.status, noted.json.detail]).toEqual([
      400,
      expect.stringContaining("text belongs into the JSON body"),
    ]);
    expect(project.subjects()).toEqual(before);
    const { json } = await ask("/api/workflows");
    const there = `?workflow_id=${json.workflows[0].id}&fields=status`;
    const started = await ask(`/api/tickets/${id}/start${there}`, {
      body: "",
      headers: { "content-type": "application/json" },
    });
    expect(started.json.tickets).toEqual([{ status: "in_progress" }]);
  });

  test("a change answers with all that it turned where that is asked for, and with nothing more", async () => {
    const { project, ask } = await served();
    const one = await project.ayo("ticket", "create", "First");
    const two = await project.ayo("ticket", "create", "Second", "--deps", one);
    const both = await project.ayo("ticket", "create", "Waits for two", "--deps", `${one},${two}`);
    const parent = await project.ayo("ticket", "create", "Whole");
    await project.ayo("ticket", "update", one, "--parent", parent);
    await project.ayo("ticket", "create", "Elsewhere");
    const asked = "?include=affected&fields=id,status,ready,blockedBy,version";
    const rows = (json: { affected: { id: string }[] }) =>
      Object.fromEntries(json.affected.map(({ id, ...rest }) => [id, rest]));

    const closed = await ask(`/api/tickets/${one}/close${asked}`, { body: {} });
    expect(rows(closed.json)).toEqual({
      [one]: { status: "closed", ready: false, blockedBy: [], version: closed.json.tickets[0].version },
      [two]: { status: "open", ready: true, blockedBy: [], version: expect.any(String) },
      [both]: { status: "open", ready: false, blockedBy: [two], version: expect.any(String) },
      [parent]: { status: "open", ready: true, blockedBy: [], version: expect.any(String) },
    });
    expect([closed.json.gone, closed.json.nowReady.length]).toEqual([[], 2]);
    const undone = await ask(`/api/undo${asked}`, { body: { what: closed.json.commit } });
    expect(rows(undone.json)).toMatchObject({
      [one]: { ready: true },
      [two]: { ready: false },
      [parent]: { ready: false },
    });

    const made = await ask(`/api/tickets${asked}`, { body: { title: "Made", parent: two } });
    expect(Object.keys(rows(made.json))).toEqual([made.json.ticket.id]);
    const gone = await ask(`/api/tickets/${two}${asked}`, { method: "DELETE" });
    expect([gone.status, gone.json.gone]).toEqual([200, [two]]);
    const noted = await ask(`/api/tickets/${both}/comments${asked}`, { body: { text: "Yes." } });
    expect(Object.keys(rows(noted.json))).toEqual([both]);
    const same = await ask(`/api/tickets/${both}/status${asked}`, { body: { column: "open" } });
    expect(Object.keys(rows(same.json))).toEqual([both]);

    expect((await ask(`/api/tickets/${both}/comments`, { body: { text: "No." } })).json).not.toHaveProperty("affected");
    const unknown = await ask(`/api/tickets/${both}/comments?include=all`, { body: { text: "No." } });
    expect([unknown.status, unknown.json.detail]).toEqual([400, "include is 'affected' or nothing, not 'all'"]);
    expect((await ask("/api/tickets?include=affected")).status).toBe(400);
  });

  test("a DELETE says what it is to do in its query or a JSON body, and no other site's page may send one", async () => {
    const { ask, project } = await served();
    const id = await project.ayo("ticket", "create", "One");
    const remove = (more: Ask, query = "") => ask(`/api/tickets/${id}${query}`, { method: "DELETE", ...more });
    expect((await remove({ body: { dryRun: true } })).json.dryRun).toBe(true);
    expect((await remove({}, "?dryRun=true")).json.dryRun).toBe(true);
    expect((await remove({ body: "dryRun=true", headers: { "content-type": "text/plain" } })).status).toBe(415);
    const asked = await ask(`/api/tickets/${id}`, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "DELETE" },
    });
    expect(Object.keys(asked.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(project.files()).toEqual([`${id}.md`]);
    expect([(await remove({})).status, project.files()]).toEqual([200, []]);
  });

  test("null in a PATCH takes a value away, and is refused where every ticket has one", async () => {
    const { ask, project } = await served();
    const parent = await project.ayo("ticket", "create", "Whole");
    const other = await project.ayo("ticket", "create", "Other");
    const id = await project.ayo(
      "ticket",
      "create",
      "One",
      "-a",
      "@x",
      "--tags",
      "a,b",
      "--parent",
      parent,
      "--deps",
      other,
    );
    await project.ayo("ticket", "update", id, "--project", "p", "--due", "2030-01-01", "--set", "odd=1");
    const patch = (body: unknown, type = "application/json") =>
      ask(`/api/tickets/${id}`, { method: "PATCH", body, headers: { "content-type": type } });
    const gone = {
      assignee: null,
      project: null,
      due: null,
      parent: null,
      tags: null,
      blocked_by: null,
      set: { odd: null },
    };
    const { json } = await patch({ ...gone, message: null, addTag: null }, "application/merge-patch+json");
    expect(json.tickets[0]).toMatchObject({
      assignee: null,
      project: null,
      parent: null,
      tags: [],
      deps: [],
      extra: {},
    });
    expect(project.text(id)).not.toMatch(/^(assignee|project|due|parent|tags|odd):/m);
    for (const field of ["title", "type", "priority"]) {
      const refused = await patch({ [field]: null });
      expect([refused.status, refused.json.detail]).toEqual([400, `${field} cannot be null: every ticket has one`]);
    }
    expect((await patch({ nope: null })).status).toBe(400);
    expect((await ask("/api/tickets", { body: { title: "Two", assignee: null, tags: null } })).status).toBe(201);
  });

  test("an id with dots has an address for people and one for programs, which no file has", async () => {
    const { ask, project } = await served();
    project.write("bd-a1b2.1", "---\nid: bd-a1b2.1\nstatus: open\n---\n# A child\n");
    const page = await ask("/ticket/bd-a1b2.1");
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect((await ask("/api/tickets/bd-a1b2.1")).json.ticket.title).toBe("A child");
    expect((await ask("/api/tickets/bd-a1b2.1/start", { body: {} })).json.tickets[0].id).toBe("bd-a1b2.1");
    for (const path of ["/main.js.map", "/ticket/a/b.js", "/index.htm"]) {
      expect((await ask(path)).json.code).toBe("no_such_route");
    }
  });

  test("a store that is removed while it is served, and comes back", async () => {
    const { ask, project } = await served();
    await project.ayo("ticket", "create", "One");
    renameSync(project.tickets, `${project.tickets}-gone`);
    const gone = await ask("/api/board");
    expect([gone.status, gone.json.code]).toEqual([404, "no_store"]);
    await project.ayo("init");
    await project.ayo("ticket", "create", "Two");
    expect((await ask("/api/tickets")).json.tickets.map(({ title }: { title: string }) => title)).toEqual(["Two"]);
  });

  test("a ticket that cannot be read is told of, and the others are served", async () => {
    const { ask, project } = await served();
    const id = await project.ayo("ticket", "create", "One");
    const good = await project.ayo("ticket", "create", "Two");
    project.write(id, "---\nid: [\n---\n# One\n");
    const shown = await ask(`/api/tickets/${id}`);
    expect([shown.status, shown.json.code]).toEqual([422, "bad_ticket"]);
    expect(shown.json.data.text).toContain("id: [");
    const { tickets, problems } = (await ask("/api/tickets")).json;
    expect(tickets.map((one: { id: string }) => one.id)).toEqual([good]);
    expect(problems[0].path).toBe(`${id}.md`);
  });
});

describe("ayo serve", () => {
  test("several stores are workflows, and each request says which", async () => {
    const [one, two] = [await tempStore(), await tempStore()];
    const { ask } = await startServe(one.dir, ["--dir", one.tickets, "--dir", two.tickets]);
    const { workflows } = (await ask("/api/workflows")).json;
    expect(workflows.map(({ dir }: { dir: string }) => dir)).toEqual([one.tickets, two.tickets]);
    await ask("/api/tickets", { body: { title: "In two", workflow_id: workflows[1].id } });
    expect(one.files()).toEqual([]);
    expect(two.files().length).toBe(1);
    expect((await ask(`/api/tickets?workflow_id=${workflows[1].id}`)).json.total).toBe(1);
    expect((await ask("/api/tickets")).json.total).toBe(0);
  });

  test("takes the next port where the usual one is in use, and refuses one that was asked for", async () => {
    const { dir } = await tempStore();
    const first = await startServe(dir);
    const port = new URL(first.url).port;
    const { run } = await tempStore();
    const refused = await run(["serve", "--port", port]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`port ${port} is in use`)]);
    expect(await first.end()).toBe(0);
  });

  test("says what is missing where there is no store", async () => {
    const { run } = await tempStore();
    const { code, stderr } = await run(["serve", "--dir", "/nowhere/.tickets"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("no ticket store at /nowhere/.tickets")]);
  });

  test("killed in the middle of changes it loses none that it answered", async () => {
    const { ask, end, project } = await served();
    const answered: string[] = [];
    const making = Array.from({ length: 40 }, async (_, n) => {
      const made = await ask("/api/tickets", { body: { title: `T${n}` } }).catch(() => undefined);
      if (made?.status === 201) answered.push(made.json.ticket.id);
    });
    while (answered.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    await end("SIGKILL");
    await Promise.all(making);
    expect(answered.length).toBeGreaterThanOrEqual(5);
    const { tickets } = await project.json<{ tickets: { id: string }[] }>("ticket", "list");
    expect(tickets.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
    await project.ayo("ticket", "create", "After");
    project.judge();
  });
});
