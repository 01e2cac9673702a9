import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allow } from "../../src/actions/allow/allow.ts";
import { config } from "../../src/actions/config/config.ts";
import { invoke } from "../../src/actions/input/action.ts";
import {
  approveTickets,
  askPerson,
  claimTickets,
  closeTickets,
  createTicket,
  moveTickets,
  reopenTickets,
  submitTickets,
} from "../../src/index.ts";
import type { Store } from "../../src/store/open/store.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { stdioClient } from "../helpers/mcpClient.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** What an agent tries, in the words of the table's first column. */
interface Attempt {
  /** A command line, of which `ID` is the ticket. */
  readonly command: readonly string[];
  /** A line of a batch; undefined where a batch cannot do it. */
  readonly line?: Readonly<Record<string, unknown>>;
  /** The same as a call of REST. */
  readonly rest: readonly [method: string, path: string, body: Readonly<Record<string, unknown>>];
  /** By whose name, where that is not its own. */
  readonly as?: string;
  /** Brings the ticket to where it can be tried, and returns the commit that an undo would have to take back. */
  readonly before: (desk: Desk) => Promise<string>;
  /** The edit by hand, in the ticket or in config.yml. */
  readonly edit: readonly [from: RegExp, to: string];
  readonly file?: "config.yml" | "hooks/ticket.created";
}

interface Desk {
  readonly project: TempStore;
  readonly id: string;
  readonly ids: string[];
  /** The store for somebody; for a person where nobody is named. */
  as(who?: string): Store;
  head(): string;
}

const CONFIG = "review: required\n";
const CLOSED = [/^status: .*$/m, "status: closed"] as const;

async function submitted({ as, ids, head }: Desk): Promise<string> {
  await claimTickets(as("@coder"), { ids });
  await submitTickets(as("@coder"), { ids });
  await approveTickets(as(), { ids });
  await moveTickets(as(), { ids, column: "in_review" });
  return head();
}

async function held({ as, ids, head }: Desk): Promise<string> {
  await claimTickets(as("@other"), { ids, claim: "theirs" });
  return head();
}

const APPROVE = { op: "approve", ids: ["ID"] };
const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  "close what must be reviewed": {
    command: ["ticket", "close", "ID"],
    line: { op: "close", ids: ["ID"] },
    rest: ["POST", "/api/tickets/ID/close", {}],
    before: async ({ as, ids, head }) => {
      await closeTickets(as(), { ids });
      await reopenTickets(as(), { ids });
      const reopened = head();
      await claimTickets(as("@coder"), { ids });
      return reopened;
    },
    edit: CLOSED,
  },
  "approve its own work": {
    command: ["ticket", "approve", "ID"],
    line: APPROVE,
    rest: ["POST", "/api/tickets/ID/approve", {}],
    before: submitted,
    edit: CLOSED,
  },
  "approve it as another": {
    command: ["ticket", "approve", "ID", "--as", "@other"],
    line: APPROVE,
    rest: ["POST", "/api/tickets/ID/approve", {}],
    as: "@other",
    before: submitted,
    edit: CLOSED,
  },
  "answer a question": {
    command: ["ticket", "answer", "ID", "Yes"],
    line: { op: "answer", id: "ID", answer: "Yes" },
    rest: ["POST", "/api/tickets/ID/answer", { answer: "Yes" }],
    before: async ({ as, id, head }) => {
      await askPerson(as("@coder"), { id, question: "May I?" });
      return head();
    },
    edit: [/^question: .*\n/m, ""],
  },
  "confirm a hand edit": {
    command: ["ticket", "confirm", "ID"],
    line: { op: "confirm", ids: ["ID"] },
    rest: ["POST", "/api/tickets/ID/confirm", {}],
    before: async ({ project, as, id, ids }) => {
      await claimTickets(as("@coder"), { ids });
      project.write(id, project.text(id).replace(...CLOSED));
      await createTicket(as("@coder"), { title: "Other" });
      return git(project.repo, "rev-parse", "HEAD~1");
    },
    edit: [/^unconfirmed: .*\n/m, ""],
  },
  "loosen config": {
    command: ["config", "review", "none"],
    rest: ["PUT", "/api/config/review", { value: "none" }],
    before: async ({ project, as, head }) => {
      writeFileSync(path.join(project.tickets, "config.yml"), "review: none\n");
      await createTicket(as(), { title: "Other" });
      await invoke(config, as(), { key: "review", value: "required" });
      return head();
    },
    edit: [/required/, "none"],
    file: "config.yml",
  },
  "allow what takes effect": {
    command: ["allow", "ticket.created"],
    rest: ["POST", "/api/allow", { what: ["ticket.created"] }],
    before: async ({ project, as, head }) => {
      const hook = path.join(project.tickets, "hooks/ticket.created");
      mkdirSync(path.dirname(hook));
      writeFileSync(hook, `#!/bin/sh\necho ran >> ${project.dir}/mark\n`, { mode: 0o755 });
      await invoke(allow, as(), { what: ["ticket.created"] });
      await createTicket(as(), { title: "Other" });
      expect(readFileSync(path.join(project.dir, "mark"), "utf8")).toBe("ran\n");
      writeFileSync(hook, readFileSync(hook, "utf8").replace("ran", "changed"));
      await createTicket(as(), { title: "Another" });
      return head();
    },
    edit: [/changed/, "forged"],
    file: "hooks/ticket.created",
  },
  "force a claim away": {
    command: ["ticket", "release", "ID", "--force"],
    line: { op: "release", ids: ["ID"], force: true },
    rest: ["POST", "/api/tickets/ID/release", { force: true }],
    before: held,
    edit: [/^(?:claim|lease).*\n/gm, ""],
  },
  "take another's claim": {
    command: ["ticket", "claim", "ID"],
    line: { op: "claim", ids: ["ID"] },
    rest: ["POST", "/api/tickets/ID/claim", {}],
    before: held,
    edit: [/^claimed-by: .*$/m, "claimed-by: '@coder'"],
  },
};

const AGENT = { AYO_AGENT: "@coder" };
const withId = <T>(value: T, id: string): T => JSON.parse(JSON.stringify(value).replaceAll('"ID"', `"${id}"`)) as T;
const codeIn = (text: string): string | undefined => /"code":"(\w+)"/.exec(text)?.[1];

async function desk(attempt: Attempt): Promise<Desk & { undoable: string }> {
  const project = await tempStore({ project: true });
  writeFileSync(path.join(project.tickets, "config.yml"), CONFIG);
  const { id } = (await createTicket(project.open(), { title: "Build" })).ticket;
  // Where @other works: only there is its claim's token known.
  const elsewhere = path.join(tempDir(), "other");
  git(project.dir, "worktree", "add", "--quiet", elsewhere);
  const as: Desk["as"] = (who) => {
    const env = { ...hermeticEnv(sharedHome()), ...(who === undefined ? {} : { AYO_AGENT: who }) };
    return project.open({ env, ...(who === "@other" ? { cwd: elsewhere } : {}) });
  };
  const made = { project, id, ids: [id], as, head: () => git(project.repo, "rev-parse", "HEAD") };
  return { ...made, undoable: await attempt.before(made) };
}

/** What became of an attempt that was not refused. */
function reached({ project, id }: Desk): string {
  return /^status: (.*)$/m.exec(project.text(id))?.[1]?.replace("_", " ") ?? "";
}

/** What stands where the attempt would change it. */
function guarded({ project, id }: Desk): string {
  const text = project.text(id);
  const lines = text.match(/^(?:status|question|unconfirmed|claimed-by|claim): .*$/gm) ?? [];
  return [...lines, readFileSync(path.join(project.tickets, "config.yml"), "utf8")].join("\n");
}

/** Whether a hook ran that nobody allowed. */
function marks({ dir }: TempStore): string {
  const marked = readFileSync(path.join(dir, "mark"), "utf8");
  return marked === "ran\n" ? "does not run" : marked;
}

const FACES: Readonly<Record<string, (attempt: Attempt) => Promise<string>>> = {
  "command line": async (attempt) => {
    const at = await desk(attempt);
    const args = attempt.command.map((word) => (word === "ID" ? at.id : word));
    const { stderr } = await at.project.run([...args, "--json"], { env: AGENT });
    return codeIn(stderr) ?? reached(at);
  },
  batch: async (attempt) => {
    if (attempt.line === undefined) {
      const { project } = await desk(attempt);
      const { stderr } = await project.here(["ticket", "batch", "--json"], {
        env: AGENT,
        input: JSON.stringify({ op: attempt.command[0], ...attempt.rest[2], key: "review" }),
      });
      return codeIn(stderr) === "bad_input" ? "not offered" : stderr;
    }
    const at = await desk(attempt);
    const args = ["ticket", "batch", "--json", ...(attempt.as === undefined ? [] : ["--as", attempt.as])];
    const { stderr } = await at.project.here(args, { env: AGENT, input: JSON.stringify(withId(attempt.line, at.id)) });
    return codeIn(stderr) ?? reached(at);
  },
  MCP: async (attempt) => {
    const at = await desk(attempt);
    const { client } = await stdioClient(at.project.dir, { args: ["--tools", "all"], env: AGENT });
    const { tools } = await client.listTools();
    const named = tools.map(({ name }) => name);
    for (const word of ["answer", "confirm", "allow", "config", "accept"]) expect(named.join()).not.toContain(word);
    if (attempt.line === undefined) return "not offered";
    const input = {
      operations: [withId(attempt.line, at.id)],
      ...(attempt.as === undefined ? {} : { as: attempt.as }),
    };
    const { content } = await client.callTool({ name: "batch", arguments: input });
    await client.close();
    return codeIn((content as { text: string }[])[0]?.text ?? "") ?? reached(at);
  },
  REST: async (attempt) => {
    const at = await desk(attempt);
    const server = await startServe(at.project.dir, [], { env: attempt.as === undefined ? {} : AGENT });
    const [method, where, body] = attempt.rest;
    const reply = await server.ask(where.replace("ID", at.id), {
      method,
      body: { ...body, as: attempt.as ?? "@coder" },
    });
    await server.end();
    return reply.status === 404 ? "not offered" : (codeIn(reply.text) ?? reached(at));
  },
  "hand edit": async (attempt) => {
    const at = await desk(attempt);
    const { project, id } = at;
    const file = path.join(project.tickets, attempt.file ?? `${id}.md`);
    const before = guarded(at);
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(attempt.edit[0]);
    writeFileSync(file, text.replace(...attempt.edit));
    await createTicket(at.as("@coder"), { title: "Next" });
    project.judge();
    if (attempt.file?.startsWith("hooks") === true) return marks(project);
    if (guarded(at) === before && !project.subjects().join().includes("waits for a person")) return "put back";
    const now = readFileSync(file, "utf8");
    return now.includes("unconfirmed:") ? "waits" : "taken";
  },
  import: async (attempt) => {
    if (attempt.file !== undefined) return "not offered";
    const at = await desk(attempt);
    const { project, id } = at;
    const source = path.join(tempDir(), "source");
    mkdirSync(source);
    const copy = path.join(source, "far-1.md");
    const text = project
      .text(id)
      .replaceAll(id, "far-1")
      .replace(/^status: closed$/m, "status: in_review");
    writeFileSync(copy, text);
    expect((await project.here(["import", source])).code).toBe(0);
    writeFileSync(copy, text.replace(...attempt.edit).replace(/^# Build/m, "# Built"));
    const { stdout, stderr } = await project.here(["import", source, "--json"], { env: AGENT });
    expect(project.text("far-1")).toContain("# Build\n");
    if (stdout.includes("must be reviewed here: a person")) return "review_required";
    return /would change [\w, -]+: a person can import it/.test(stdout) ? "needs_person" : stderr;
  },
  undo: async (attempt) => {
    const at = await desk(attempt);
    const before = guarded(at);
    const undone = await at.project.here(["undo", at.undoable, "--json", "--as", "@coder"]);
    expect(undone.stderr + undone.stdout).toMatch(/undone|undo/);
    if (attempt.file?.startsWith("hooks") === true) return marks(at.project);
    return guarded(at) === before ? "stays" : `${undone.stdout}${undone.stderr}`;
  },
};

/** The table of src/README.md: its rows by their first cell, each cell by its column. */
function table(): { row: string; face: string; expected: string }[] {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../src/README.md"), "utf8");
  const lines = page
    .slice(page.indexOf("| an agent tries to "))
    .split("\n")
    .filter((line) => line.startsWith("|"));
  const cells = lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const [head = [], , ...rows] = cells;
  return rows.flatMap(([row = "", ...rest]) => rest.map((expected, n) => ({ row, face: head[n + 1] ?? "", expected })));
}

describe("an agent", () => {
  test("meets a gate on every face", () => {
    expect([...new Set(table().map(({ row }) => row))]).toEqual(Object.keys(ATTEMPTS));
    expect([...new Set(table().map(({ face }) => face))]).toEqual(Object.keys(FACES));
  });

  test.for(table())("who tries to $row by $face: $expected", async ({ row, face, expected }) => {
    expect(await FACES[face]?.(ATTEMPTS[row] as Attempt)).toBe(expected);
  });
});
