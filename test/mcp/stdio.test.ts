import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { ERAS, stdioClient } from "../helpers/mcpClient.ts";
import { ROOT, TOPIC_NAMES } from "../helpers/pages.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";
import { tokens } from "../helpers/tokens.ts";

const CORE = [
  "create_ticket",
  "claim_ticket",
  "search_tickets",
  "get_ticket",
  "ready_tickets",
  "change_ticket_status",
  "update_ticket",
  "add_ticket_comment",
  "resolve_ticket",
];

describe.for(ERAS)("ayo mcp on stdio, protocol %s", (era) => {
  test("offers the core tools, or all, the store's resources with a template, and the guide", async () => {
    const { dir } = await tempStore();
    const { client } = await stdioClient(dir, { era });
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect(client.getServerVersion()).toMatchObject({ name: "ayo" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(CORE));
    expect(tokens({ tools })).toBeLessThanOrEqual(1_500);
    expect(tokens(client.getInstructions() ?? expect.fail())).toBeLessThanOrEqual(120);
    const all = await stdioClient(dir, { era, args: ["--tools", "all"] });
    const every = (await all.client.listTools()).tools;
    expect(every.length).toBeGreaterThan(tools.length);
    expect(tokens({ tools: every })).toBeLessThanOrEqual(5_300);
    const { resources } = await client.listResources();
    const guide = TOPIC_NAMES.map((topic) => `ayo://guide/${topic}`);
    expect(resources.map(({ uri }) => uri).toSorted()).toEqual(["ayo://ready", "ayo://board", ...guide].toSorted());
    expect(tokens({ resources })).toBeLessThanOrEqual(2_000);
    expect((await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate)).toEqual([
      "ayo://ticket/{id}",
    ]);
  });

  test("takes a ticket from its making to its end, in few tokens, in the client's name", async () => {
    const project = await tempStore();
    const { call } = await stdioClient(project.dir, { era, name: "claude-code" });
    const { id: first } = await call<{ id: string }>("create_ticket", {
      title: "Schema",
      priority: "high",
      tags: "db",
    });
    const { id: second } = await call<{ id: string }>("create_ticket", { title: "Auth", deps: [first] });
    expect(await call("ready_tickets")).toEqual({
      tickets: [{ id: first, title: "Schema", status: "open", priority: 1 }],
      total: 1,
      truncated: false,
    });
    expect(await call("change_ticket_status", { ids: [first], column: "in_progress" })).toEqual({
      id: first,
      status: "in_progress",
    });
    const noted = await call("add_ticket_comment", { id: first, text: "Half done.\n\nThe rest is hard." });
    const closed = await call("resolve_ticket", { ids: [first], message: "12 tests pass" });
    expect(closed).toEqual({ id: first, status: "closed", nowReady: [second] });
    for (const answer of [noted, closed]) expect(tokens(answer)).toBeLessThanOrEqual(40);
    expect(await call("get_ticket", { id: second, include: ["body"] })).toMatchObject({ title: "Auth", body: "" });
    expect(project.text(first)).toMatch(
      /@claude\n\nHalf done\.\n\nThe rest is hard\.\n[\s\S]*@claude\n\n12 tests pass/,
    );
    expect(git(project.repo, "log", "-1", "--format=%an")).toBe("claude");
    project.judge();
  });

  test("a path that the system refuses is no bug of ayo", async () => {
    const project = await tempStore();
    const { refusal } = await stdioClient(project.dir, { era });
    const redo = path.join(project.repo, ".git", "ayo", "redo");
    rmSync(redo, { recursive: true });
    writeFileSync(redo, "");
    const { code, message } = await refusal("create_ticket", { title: "Build login" });
    expect([code, message]).toEqual(["store_not_writable", expect.stringContaining(redo)]);
  });

  test("takes the names of parameters that other servers' prompts use", async () => {
    const project = await tempStore();
    const { call } = await stdioClient(project.dir, { era, args: ["--tools", "all", "--as", "@lead"] });
    const { id: infra } = await call<{ id: string }>("create_ticket", { title: "Infra", ticket_type: "component" });
    const { id } = await call<{ id: string }>("create_ticket", {
      title: "Build Authentication System",
      description: "Implement JWT auth",
      ticket_type: "component",
      blocked_by_ticket_ids: [infra],
      priority: null,
    });
    expect(project.text(id)).toMatch(new RegExp(`deps: \\[${infra}\\][\\s\\S]*type: component`));
    await call("resolve_ticket", { ticket_id: infra, resolution_comment: "All tests pass." });
    expect(
      await call("change_ticket_status", { ticket_id: id, new_status: "in_progress", comment: "Starting" }),
    ).toEqual({
      id,
      status: "in_progress",
    });
    await call("add_ticket_comment", { ticket_id: id, comment_text: "Completed token generation", agent_id: "@coder" });
    expect(project.text(infra)).toMatch(/@lead\n\nAll tests pass\./);
    expect(project.text(id)).toMatch(/@lead\n\nStarting[\s\S]*@coder\n\nCompleted token generation/);
  });

  test("answers briefly, and with what is asked for besides", async () => {
    const project = await tempStore();
    const { call } = await stdioClient(project.dir, { era, args: ["--tools", "all"] });
    const operations = Array.from({ length: 25 }, (_, n) => ({
      op: "create",
      title: `Ticket number ${n}`,
      name: `t${n}`,
    }));
    const { names } = await call<{ names: Record<string, string> }>("batch", { operations });
    const id = names.t3 ?? "";
    await call("update_ticket", { ids: [id], description: "A long story.\n".repeat(50), assignee: "@coder" });
    await call("add_ticket_comment", { id, text: "A remark." });
    const ready = await call<{ tickets: object[]; total: number; truncated: boolean }>("ready_tickets");
    expect([ready.tickets.length, ready.total, ready.truncated]).toEqual([20, 25, true]);
    expect(tokens(ready)).toBeLessThanOrEqual(20 * 40);
    expect((await call<{ tickets: object[] }>("list_tickets", { limit: 1, fields: "title,created" })).tickets).toEqual([
      { id: expect.any(String), title: expect.any(String), created: expect.any(String) },
    ]);
    const brief = await call("get_ticket", { id });
    expect(brief).toMatchObject({ id, assignee: "@coder", has: { bodyCharacters: 699, notes: 1 } });
    expect(tokens(brief)).toBeLessThanOrEqual(100);
    expect(await call("get_ticket", { id, include: "notes" })).toMatchObject({ notes: [{ text: "A remark." }] });
    expect(await call("get_ticket", { id, fields: ["status"] })).toEqual({ id, status: "open" });
  });

  test("gives each caller work of its own, and nothing where there is none", async () => {
    const project = await tempStore();
    const { call, refusal } = await stdioClient(project.dir, { era, args: ["--tools", "all"] });
    const operations = ["One", "Two"].map((title) => ({ op: "create", title }));
    await call("batch", { operations });
    const claims = await Promise.all(["@a", "@b"].map((as) => call<{ id: string }>("claim_ticket", { as })));
    for (const claim of claims) {
      expect(claim).toEqual({
        id: expect.any(String),
        title: expect.stringMatching(/One|Two/),
        until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      });
      expect(tokens(claim)).toBeLessThanOrEqual(40);
    }
    const [mine, other] = claims.map(({ id }) => id);
    expect(mine).not.toBe(other);
    expect(await call("claim_ticket", { as: "@c" })).toEqual({ tickets: [] });
    expect(await refusal("claim_ticket", { id: mine, as: "@c" })).toMatchObject({ code: "claimed" });
    expect(await call("renew_claim", { id: mine, lease: "1h", as: "@a" })).toEqual({
      until: { [mine ?? ""]: expect.any(String) },
    });
    expect(await call("release_ticket", { id: mine, as: "@a", reason: "Needs a Mac" })).toMatchObject({
      id: mine,
      status: "open",
    });
    expect(await call("claim_ticket", { ids: [mine], as: "@c" })).toMatchObject({ id: mine });
    project.judge();
  });

  test("has work reviewed by another, and questions asked of people", async () => {
    const project = await tempStore();
    const clientOf = (name: string) => stdioClient(project.dir, { era, args: ["--tools", "all", "--as", name] });
    const [{ call, refusal }, reviewer] = [await clientOf("@a"), await clientOf("@b")];
    const { id } = await call<{ id: string }>("create_ticket", { title: "One", acceptance: "Tests pass" });
    await call("claim_ticket");
    await call("batch", { operations: [{ op: "check", id, numbers: [1] }] });
    expect(project.text(id)).toContain("- [x] Tests pass");
    expect(await call("submit_ticket", { ticket_id: id })).toMatchObject({ id, status: "in_review" });
    expect(await refusal("approve_ticket", { id })).toMatchObject({ code: "self_review" });
    for (const tool of ["approve_ticket", "reject_ticket"]) {
      expect(await refusal(tool, { id, as: "@b", reason: "No" })).toMatchObject({ code: "not_you" });
    }
    expect(await call("ready_tickets", { role: "reviewer" })).toMatchObject({ total: 0 });
    expect(await call("ready_tickets", { role: "reviewer", as: "@b" })).toMatchObject({ total: 1 });
    expect(await call("claim_ticket", { role: "reviewer" })).toEqual({ tickets: [] });
    expect(await reviewer.call("claim_ticket", { role: "reviewer" })).toMatchObject({ id, status: "in_review" });
    expect(await reviewer.call("get_ticket", { id })).toMatchObject({
      claim: { by: "@b" },
      reasons: [expect.stringMatching(/^is in review by @b until /)],
    });
    expect(await reviewer.call("release_ticket", { id })).toMatchObject({ id, status: "in_review" });
    await reviewer.call("claim_ticket", { id });
    expect(await reviewer.call("reject_ticket", { id, reason: "No docs" })).toMatchObject({ id, status: "open" });
    expect(await call("ask_human", { id, as: "@a", question: "Which docs?" })).toMatchObject({ id, status: "blocked" });
    expect(await call("get_ticket", { id, include: "notes" })).toMatchObject({ question: "Which docs?" });
    await project.ayo("config", "questions.defaults", "on");
    // What waits for a person without an end is not made to end by who asks again.
    await project.ayo("ticket", "answer", id, "Those of the API");
    const choice = { options: ["API", "guide"], default: "guide", after: "30m" };
    await call("ask_human", { id, question: "Which docs?", ...choice });
    expect(await call("get_ticket", { id })).toMatchObject({
      question: "Which docs?",
      answerOptions: ["API", "guide"],
      defaultAnswer: "guide",
      answerBy: expect.stringMatching(/Z$/),
    });
    project.judge();
  });

  test("finds tickets by what they mean, and warns of one like it", async () => {
    const project = await tempStore();
    const { call } = await stdioClient(project.dir, { era, args: ["--tools", "all"], name: "claude-code" });
    const title = "Authentication token expires during sign-in";
    const { id } = await call<{ id: string }>("create_ticket", { title, description: "After an hour." });
    await call("create_ticket", { title: "Paginate the list of orders" });
    const found = await call<{ tickets: { id: string }[] }>("search_tickets", {
      query: "login JWT",
      search_type: "hybrid",
    });
    expect(found.tickets[0]).toMatchObject({ id, title, status: "open", says: "After an hour." });
    expect(tokens(found) / found.tickets.length).toBeLessThanOrEqual(60);
    const filtered = await call("search_tickets", {
      query: "login",
      filters: { status: ["open"], priority: "<1" },
      include_comments: false,
    });
    expect(filtered).toMatchObject({ tickets: [] });
    const again = await call("create_ticket", { title: "Authentication token expires in sign-in" });
    expect(again).toMatchObject({ similar: [`${id} ${title}`] });
    expect(tokens(again)).toBeLessThanOrEqual(40);
    expect(await call("ticket_history", { ticket_id: id })).toMatchObject({
      entries: [expect.stringMatching(new RegExp(`^\\S+Z @claude: create ${id}: ${title}$`))],
      total: 1,
    });
  });

  test("refuses what a model can mend with a result, and what is no tool or resource with an error of the protocol", async () => {
    const project = await tempStore();
    const { client, call, refusal } = await stdioClient(project.dir, { era });
    const { id } = await call<{ id: string }>("create_ticket", { title: "One" });
    const { id: other } = await call<{ id: string }>("create_ticket", { title: "Two", deps: [id] });
    expect(await refusal("resolve_ticket", { id: other })).toMatchObject({ code: "blocked" });
    expect(await refusal("get_ticket", { id: "nosuch" })).toMatchObject({ code: "not_found" });
    expect(await refusal("get_ticket", {})).toMatchObject({
      code: "bad_input",
      message: "id is missing",
    });
    expect(await refusal("create_ticket", { title: "X", colour: "red" })).toMatchObject({
      code: "bad_input",
      message: expect.stringContaining("there is no field 'colour'; there are title, "),
    });
    expect(await refusal("create_ticket", { title: 3, description: { a: 1 } })).toMatchObject({ code: "bad_input" });
    expect(await refusal("resolve_ticket", { id, as: "not a name" })).toMatchObject({ code: "bad_usage" });
    expect(await refusal("ready_tickets", { dir: "/no/such/dir" })).toMatchObject({ code: "no_store" });
    expect(await refusal("ready_tickets", { dir: 3 })).toMatchObject({ code: "bad_input" });
    await expect(client.callTool({ name: "explode", arguments: {} })).rejects.toMatchObject({ code: -32_602 });
    for (const uri of ["ayo://nothing", "ayo://ticket/nosuch", "file:///etc/passwd", "ayo://ticket/..%2f..%2fx"]) {
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
    }
    expect((await call<{ total: number }>("ready_tickets")).total).toBe(1);
  });

  test("reads the guide, also where there is no store, and nothing beside it", async () => {
    const { client } = await stdioClient(tempDir(), { era });
    const uri = "ayo://guide/claims";
    const { contents } = await client.readResource({ uri });
    const page = readFileSync(path.join(ROOT, "templates/guide/claims.md"), "utf8");
    expect(contents).toEqual([{ uri, mimeType: "text/markdown", text: page.replaceAll(/^<!-- .* -->\n/gm, "") }]);
    for (const topic of ["nope", "README", "../agents/block", "..%2Fagents%2Fblock", ""]) {
      await expect(client.readResource({ uri: `ayo://guide/${topic}` })).rejects.toThrow(
        /not found: the topics are start, /,
      );
    }
  });

  test("reads resources, and tells of their changes, whoever makes them", async () => {
    const project = await tempStore();
    const { client, call, updated, untilUpdated } = await stdioClient(project.dir, { era });
    const { id } = await call<{ id: string }>("create_ticket", { title: "One" });
    const { id: other } = await call<{ id: string }>("create_ticket", { title: "Two" });
    const uri = `ayo://ticket/${id}`;
    const read = async (one: string) => {
      const [content] = (await client.readResource({ uri: one })).contents;
      return content !== undefined && "text" in content ? content.text : "";
    };
    expect(await read(uri)).toBe(project.text(id));
    expect(JSON.parse(await read("ayo://ready"))).toMatchObject({ total: 2 });
    expect(JSON.parse(await read("ayo://board")).columns[0]).toMatchObject({ id: "open", count: 2 });
    if (era === ERAS[0]) for (const one of [uri, "ayo://ready"]) await client.subscribeResource({ uri: one });
    else await client.listen({ resourceSubscriptions: [uri, "ayo://ready"] });
    await project.ayo("ticket", "note", other, "not of interest");
    await project.ayo("ticket", "note", id, "from a command line");
    await untilUpdated(uri);
    expect(updated).toEqual([uri]);
    project.write(id, project.text(id).replace("status: open", "status: closed"));
    await untilUpdated("ayo://ready");
    expect(JSON.parse(await read("ayo://ready"))).toMatchObject({ total: 1 });
    if (era !== ERAS[0]) return;
    updated.length = 0;
    await client.unsubscribeResource({ uri: "ayo://ready" });
    await project.ayo("ticket", "reopen", id);
    await untilUpdated(uri);
    expect(updated).toEqual([uri]);
  });

  test("works in the directory that a call names, and makes no store there", async () => {
    const [here, there] = [await tempStore(), await tempStore()];
    const { call, refusal } = await stdioClient(here.dir, { era, env: { TICKETS_DIR: here.tickets } });
    for (const dir of [there.dir, there.tickets, path.relative(here.dir, there.dir)]) {
      await call("create_ticket", { title: "There", dir });
    }
    expect([here.files().length, there.files().length]).toEqual([0, 3]);
    expect(await refusal("create_ticket", { title: "Nowhere", dir: tempDir() })).toMatchObject({ code: "no_store" });
  });

  test("means a project, a directory in one or a store by it, and never commits into the project's git", async () => {
    const [inline, own] = [await tempStore({ inline: true }), await tempStore({ project: true })];
    const tasks = path.join(own.dir, "tasks");
    await own.ayo("--dir", tasks, "ticket", "create", "By another name");
    for (const { dir } of [inline, own]) mkdirSync(path.join(dir, "src", "deep"), { recursive: true });
    writeFileSync(path.join(inline.dir, "README.md"), "not finished\n");
    const { call } = await stdioClient(tempDir(), { era });
    const project = (dir: string): string[] => [dir, `${dir}/`, `${dir}/src/deep`, `file://${dir}`];
    for (const dir of [...project(inline.dir), inline.tickets]) await call("create_ticket", { title: "Inline", dir });
    for (const dir of [...project(own.dir), own.tickets, `${own.tickets}/.git`])
      await call("create_ticket", { title: "Own", dir });
    for (const dir of [tasks, `file://${tasks}/`]) await call("create_ticket", { title: "Tasks", dir });
    expect([inline.files().length, own.files().length]).toEqual([5, 6]);
    expect(readdirSync(tasks).filter((name) => name.endsWith(".md"))).toHaveLength(3);
    expect(git(inline.dir, "status", "--porcelain")).toBe(" M README.md");
    expect(git(inline.dir, "log", "--format=", "--name-only", "-5")).not.toContain("README.md");
    expect(git(own.dir, "log", "--format=%s")).toBe("start");
  });

  test("says of a directory that is none, or has no store, which one and why", async () => {
    const [repo, empty] = [gitRepo(), tempDir()];
    const { refusal } = await stdioClient(tempDir(), { era });
    for (const dir of [repo, empty])
      expect(await refusal("create_ticket", { title: "X", dir })).toEqual({
        code: "no_store",
        message: `no ticket store at ${dir}/.tickets`,
      });
    writeFileSync(`${empty}/.tickets`, "a file");
    expect(await refusal("ready_tickets", { dir: empty })).toMatchObject({
      code: "no_store",
      message: `${empty}/.tickets is a file; a store is a directory`,
    });
    for (const dir of [`${repo}/README.md`, `${repo}/none`, "file://elsewhere/x", "file:///a%2fb"])
      expect(await refusal("ready_tickets", { dir })).toMatchObject({
        code: "no_store",
        message: expect.stringMatching(/^dir: .* is not a directory$/),
      });
    for (const dir of ["a\0b", "", "$" + "{workspaceFolder}"])
      expect(await refusal("ready_tickets", { dir })).toMatchObject({ code: "bad_usage" });
    expect(readdirSync(repo).sort()).toEqual([".git", "README.md"]);
  });
});

describe("ayo mcp and its client", () => {
  test("works where the client works, also when that changes, and in its own directory without a word", async () => {
    const [elsewhere, first, second] = [tempDir(), await tempStore(), await tempStore()];
    const roots = [elsewhere, first.dir];
    const { client, call } = await stdioClient(elsewhere, { roots });
    await call("create_ticket", { title: "In the first" });
    roots.splice(0, 2, second.dir);
    await client.sendRootsListChanged();
    await call("create_ticket", { title: "In the second" });
    expect([first.files().length, second.files().length]).toEqual([1, 1]);
    const other = await stdioClient(second.dir);
    expect(await other.call("ready_tickets")).toMatchObject({ total: 1 });
  });

  test("makes a store with the first ticket where the client works", async () => {
    const project = storeIn(gitRepo());
    const { call, refusal } = await stdioClient(tempDir(), { roots: [project.dir] });
    expect(await refusal("ready_tickets")).toMatchObject({ code: "no_store" });
    await call("create_ticket", { title: "First" });
    expect(project.files().length).toBe(1);
    expect(git(project.dir, "status", "--porcelain")).toBe("");
  });

  test.for([
    ["a call's as", { AYO_AGENT: "env" }, ["--as", "line"], "@call", "call"],
    ["--as", { AYO_AGENT: "env" }, ["--as", "line"], undefined, "line"],
    ["AYO_AGENT", { AYO_AGENT: "env" }, [], undefined, "env"],
    ["the client's name", {}, [], undefined, "My-Client-2"],
  ] as const)("%s names the actor", async ([, env, args, as, author]) => {
    const project = await tempStore();
    const { call } = await stdioClient(project.dir, { env, args, name: "My Client/2" });
    await call("create_ticket", { title: "One", ...(as === undefined ? {} : { as }) });
    expect(git(project.repo, "log", "-1", "--format=%an <%ae>")).toBe(`${author} <${author}@agents.ayo.invalid>`);
  });

  test("answers what was asked before the end of its input", async () => {
    const { dir, run } = await tempStore();
    const call = (id: number, name: string, input: object) => ({
      id,
      method: "tools/call",
      params: { name, arguments: input },
    });
    const hello = { protocolVersion: ERAS[0], capabilities: {}, clientInfo: { name: "raw", version: "0" } };
    const messages = [
      { id: 1, method: "initialize", params: hello },
      { method: "notifications/initialized" },
      ...Array.from({ length: 5 }, (_, n) => call(n + 2, "create_ticket", { title: `T${n}` })),
    ];
    const input = messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");
    const { code, stdout } = await run(["mcp"], { input });
    const ids = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect([code, ids.sort()]).toEqual([0, [1, 2, 3, 4, 5, 6]]);
    expect(storeIn(dir).files().length).toBe(5);
  });

  test.each([
    ["2025-03-26", { result: {} }],
    ["2025-06-18", { error: { code: -32_600 } }],
  ])("a batch is answered in version %s as that version has it", async (protocolVersion, expected) => {
    const { run } = await tempStore();
    const hello = { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "0" } };
    const ping = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
    const lines = [
      { jsonrpc: "2.0", id: 1, method: "initialize", params: hello },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      [ping(7), ping(8)],
      [],
    ];
    const input = lines.map((one) => `${JSON.stringify(one)}\n`).join("");
    const { code, stdout, stderr } = await run(["mcp"], { input });
    expect([code, stderr]).toEqual([0, ""]);
    const answers = new Map(
      stdout
        .trim()
        .split("\n")
        .flatMap((line) => JSON.parse(line) as { readonly id: unknown })
        .map((answer) => [answer.id, answer]),
    );
    expect([answers.get(7), answers.get(8)]).toMatchObject([expected, expected]);
    expect(answers.get(null)).toMatchObject({ error: { code: -32_600 } });
  });

  test("survives what is no message, and ends with its client", async () => {
    const { dir } = await tempStore();
    const child = spawn(process.execPath, [CLI, "mcp"], { cwd: dir, env: hermeticEnv(sharedHome()) });
    const lines: string[] = [];
    let wake = (): void => {};
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      lines.push(...part.trim().split("\n"));
      wake();
    });
    const answered = async (count: number): Promise<void> => {
      while (lines.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const send = (text: string) => child.stdin.write(`${text}\n`);
    send("this is no JSON");
    send(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"raw","version":"0"}}}',
    );
    await answered(2);
    send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    send('{"jsonrpc":"2.0","id":2,"method":"no/such/method"}');
    send('{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"ready_tickets","arguments":"none"}}');
    send('{"jsonrpc":"2.0","id":4,"method":"ping"}');
    await answered(5);
    const answers = new Map(lines.map((line) => [JSON.parse(line).id, JSON.parse(line)]));
    expect(answers.get(null).error.code).toBe(-32_700);
    expect(answers.get(1).result.protocolVersion).toBe("2024-11-05");
    expect(answers.get(2).error.code).toBe(-32_601);
    expect(answers.get(3).error.code).toBe(-32_602);
    expect(answers.get(4).result).toEqual({});
    const code = new Promise((resolve) => child.on("close", resolve));
    child.stdin.end();
    expect(await code).toBe(0);
  });
});
