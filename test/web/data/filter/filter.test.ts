import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { filterOf, type Scope, suggestions } from "../../../../src/web/data/filter/filter.ts";
import { projectsOf } from "../../../../src/web/data/projects.ts";
import type { Card, Column } from "../../../../src/web/data/shapes.ts";
import { shownText } from "../../../../src/web/ticket/text/shownText.ts";
import { laterCleanUp } from "../../../helpers/laterCleanUp.ts";
import { type ServeProcess, startServe } from "../../../helpers/serveProcess.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../../../helpers/tempStore.ts";

describe("the filter of the board", () => {
  let project: TempStore;
  let server: ServeProcess;
  let cards: Card[];
  let scope: Scope;
  const cleanUp = laterCleanUp();

  beforeAll(async () => {
    project = await tempStore({
      at: path.join(tempDir(cleanUp), "p"),
    });
    await project.ayo("project", "create", "Web Shop", "--slug", "web");
    const epic = await project.ayo("ticket", "create", "Login for all", "-t", "epic", "--due", "2020-01-01");
    const one = await project.ayo("ticket", "create", "Build login", "-t", "bug", "-p", "0", "--tags", "auth,ui");
    await project.ayo("ticket", "create", "Deploy it", "--deps", one, "-a", "Mara Lind", "--parent", epic);
    const two = await project.ayo("ticket", "create", "Login by mail", "-a", "@coder", "--project", "web", "-p", "3");
    const three = await project.ayo("ticket", "create", "Old thing", "--acceptance", "works", "--due", "2999-01-01");
    await project.ayo("ticket", "link", one, two);
    await project.ayo("ticket", "claim", two, "--as", "@coder");
    await project.ayo("ticket", "close", three);
    server = await startServe(project.dir, [], { cleanUp });
    const [{ json: config }, { json: board }, { json: found }] = await Promise.all([
      server.ask("/api/config"),
      server.ask("/api/board"),
      server.ask("/api/projects?all=true"),
    ]);
    cards = (board.columns as { tickets: Card[] }[]).flatMap(({ tickets }) => tickets);
    const parents = new Set(cards.map(({ parent }) => parent));
    scope = {
      board: config.board as { columns: Column[]; types: string[] } as unknown as Scope["board"],
      cards: new Map(cards.map((card) => [card.id, card])),
      projects: projectsOf(found.projects),
      me: config.actor.name,
      hasChildren: (id) => parents.has(id),
      now: Date.now(),
    };
  }, 60_000);

  test("knows what the server says that commits name, and otherwise what files record", () => {
    const count = (hasCommits?: ReadonlySet<string>): number =>
      cards.filter(filterOf("has:commits", { ...scope, hasCommits })).length;
    expect([count(), count(new Set(cards.slice(0, 2).map(({ id }) => id)))]).toEqual([0, 2]);
  });

  test.for([
    ["LOGIN", 3],
    ["login -mail", 2],
    ['"build login"', 1],
    ['-"login by"', 4],
    ["tag:auth", 1],
    ["-tag:ui,auth", 4],
    ["assignee:coder", 1],
    ["owner:@CODER", 1],
    ['assignee:"mara lind"', 1],
    ["assignee:none", 3],
    ["assignee:any", 2],
    ["claimed-by:@coder", 1],
    ["type:bug,epic", 2],
    ["priority:0", 1],
    ["priority:critical", 1],
    ["priority:<2", 1],
    ["priority:2..3", 4],
    ["priority:>p2", 1],
    ["status:in_progress", 1],
    ["status:active", 1],
    ["status:done", 1],
    ["is:blocked", 1],
    ["is:ready", 1],
    ["is:claimed", 1],
    ["is:open", 4],
    ["is:closed", 1],
    ["is:overdue", 1],
    ["is:unassigned", 3],
    ["is:active", 1],
    ["is:archived", 0],
    ["has:children", 1],
    ["has:criteria", undefined],
    ["has:deps,links", 3],
    ["-has:project", 4],
    ["project:WEB", 1],
    ['project:"web shop",none', 5],
    ["-project:shop", 5],
    ["has:due has:parent", 0],
    ["due:<2021", 1],
    ["due:2999-01", 1],
    ["created:<1d", 5],
    ["created:>7d", 0],
    ["closed:today", 1],
    ["project:web", 1],
    ["project:none", 4],
    ["parent:none", 4],
  ] as const)("%s finds what the server finds", async ([text, count]) => {
    const { json } = await server.ask(`/api/tickets?query=${encodeURIComponent(text)}`);
    const served = (json.tickets as Card[]).map(({ id }) => id).sort();
    const test = filterOf(text, scope);
    const found = cards.filter((card) => test(card)).map(({ id }) => id);
    expect(found.sort()).toEqual(served);
    if (count !== undefined) expect(found.length).toBe(count);
  });

  test.for([
    "is:finishd",
    "status:nowhere",
    "statsu:open",
    "odd:thing",
    "priority:9",
    "type:bgu",
    "due:soon",
    "tag:<3",
  ])("%s is refused with the word, by both", async (text) => {
    const { status, json } = await server.ask(`/api/tickets?query=${encodeURIComponent(text)}`);
    expect(status).toBe(400);
    expect(() => filterOf(text, scope)).toThrow(`'${text}':`);
    expect(json.detail).toContain(`'${text}':`);
  });

  test("suggests what the last word could become, after what stands before it", () => {
    expect(suggestions("login is:r", scope)).toEqual(["login is:ready"]);
    expect(suggestions("-tag:a", scope)).toEqual(["-tag:auth"]);
    expect(suggestions("proj", scope)).toEqual(["project:web"]);
    expect(suggestions("assignee:", scope)).toContain('assignee:"Mara Lind"');
  });
});

test("the page shows of a body what it does not show elsewhere, and takes no heading from code", () => {
  const body = [
    "# Title",
    "",
    "Text.",
    "",
    "```sh",
    "# Title of code",
    "## Notes",
    "```",
    "",
    "## Design",
    "Kept.",
    "## Acceptance Criteria",
    "- [ ] gone",
    "## Notes",
    "**2026-11-21T03:40:00Z** @x",
    "gone",
  ].join("\n");
  expect(shownText(body)).toBe("Text.\n\n```sh\n# Title of code\n## Notes\n```\n\n## Design\nKept.");
});
