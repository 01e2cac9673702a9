import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listProjects, showProject } from "../../../src/index.ts";
import { misfits } from "../../helpers/answerShapes.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

function put(store: TempStore, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(store.tickets, file)), { recursive: true });
  writeFileSync(path.join(store.tickets, file), text);
}

async function shop(): Promise<TempStore> {
  const store = await tempStore();
  put(store, "projects/web.md", "---\nname: Web Shop\ncolor: teal\nlead: '@mara'\ndue: 2020-01-01\n---\nThe shop.\n");
  put(store, "projects/old.md", "---\nstatus: archived\n---\n");
  put(store, "projects/README.md", "Not one.\n");
  writeTickets(store, {
    "t-a1": "Cart\nproject: web\ncreated: 2026-01-05T00:00:00Z",
    "t-b2": "Terms\nproject: web\nstatus: closed\ncreated: 2026-01-05T00:00:00Z\nclosed: 2026-01-13T00:00:00Z",
    "t-c3": "Never\nproject: web\nstatus: cancelled\ncreated: 2026-01-05T00:00:00Z",
    "t-d4": "By name\nproject: Web",
    "t-e5": "Other\nproject: legal matters",
    "t-f6": "Old\nproject: old\nstatus: closed",
    "t-g7": "None",
  });
  return store;
}

describe("projects", () => {
  test("are listed with how far they are; archived ones when asked for, names of tickets too", async () => {
    const store = await shop();
    const { projects, archived } = await listProjects(store.open(), {});
    expect(projects.map(({ slug, status, tickets, progress }) => [slug, status, tickets, progress])).toEqual([
      ["web", "active", { total: 4, open: 2, closed: 2, done: 1 }, 33],
      ["legal matters", null, { total: 1, open: 1, closed: 0, done: 0 }, 0],
    ]);
    expect(archived).toBe(1);
    expect(await store.ayo("project", "list")).toBe(
      [
        "web            active   2 open  2 closed  33%  Web Shop (teal, @mara, overdue 2020-01-01)",
        "legal matters  no file  1 open  0 closed  0%",
        "1 archived: --all",
      ].join("\n"),
    );
    expect(await store.ayo("project", "list", "--all", "-q")).toBe("web\nlegal matters\nold");
    const list = await store.json("project", "list", "--all");
    expect(misfits("ProjectList", list)).toEqual([]);
  });

  test("are shown with tickets, description and weeks, by slug or name", async () => {
    const store = await shop();
    const now = () => Date.parse("2026-01-20T00:00:00Z");
    const shown = await showProject(store.open({ now }), { project: "Web Shop" });
    expect(shown.tickets.map(({ id, category }) => [id, category])).toEqual([
      ["t-a1", "todo"],
      ["t-d4", "todo"],
      ["t-b2", "done"],
      ["t-c3", "cancelled"],
    ]);
    expect(shown.project).toMatchObject({ slug: "web", description: "The shop.", path: "projects/web.md" });
    expect(shown.weeks.slice(-3)).toEqual([
      { week: "2026-W02", created: 3, closed: 0, open: 3 },
      { week: "2026-W03", created: 0, closed: 1, open: 2 },
      { week: "2026-W04", created: 0, closed: 0, open: 2 },
    ]);
    const long = await showProject(store.open({ now }), { project: "web", weeks: 30 });
    expect([long.weeks.length, long.weeks.at(-1), long.weeks[0]]).toEqual([
      30,
      shown.weeks.at(-1),
      { week: "2025-W27", created: 0, closed: 0, open: 0 },
    ]);
    const { project, tickets, total, truncated } = await showProject(store.open(), {
      project: "legal matters",
      limit: 1,
    });
    expect([project.status, tickets.length, total, truncated]).toEqual([null, 1, 1, false]);
    expect(await store.ayo("project", "show", "old")).toContain("archived; 0 open, 1 closed, 100% done");
    expect(misfits("ProjectShown", await store.json("project", "show", "web"))).toEqual([]);
    const missed = await store.here(["project", "show", "wen", "--json"]);
    expect(JSON.parse(missed.stderr).error).toMatchObject({ code: "not_found", data: { near: ["web"] } });
  });

  test("a file that cannot be read as one is told with its line, and holds up nothing", async () => {
    const store = await shop();
    put(store, "projects/bad.md", "---\nname: Bad\nstatus: done\n---\n");
    put(store, "projects/big.md", "x".repeat(300 * 1024));
    put(store, "projects/No slug.md", "x\n");
    put(store, "projects/latin.md", "");
    writeFileSync(path.join(store.tickets, "projects/latin.md"), Buffer.from([0x61, 0xff]));
    symlinkSync("/etc/passwd", path.join(store.tickets, "projects/link.md"));
    mkdirSync(path.join(store.tickets, "projects/folder.md"));
    execFileSync("mkfifo", [path.join(store.tickets, "projects/pipe.md")]);
    const { projects, problems } = await listProjects(store.open(), { all: true });
    expect(projects).toHaveLength(3);
    expect(problems.map(({ path: file, line }) => `${file}:${line}`).toSorted()).toEqual([
      "projects/No slug.md:0",
      "projects/bad.md:3",
      "projects/big.md:0",
      "projects/folder.md:0",
      "projects/latin.md:1",
      "projects/link.md:0",
      "projects/pipe.md:0",
    ]);
    const { stderr } = await store.here(["project", "list"]);
    expect(stderr).toContain("warning: projects/bad.md:3: status 'done' is not one of active, completed, archived\n");
    const { stderr: refused } = await store.here(["project", "show", "bad"]);
    expect(refused).toContain("error: projects/bad.md:3: status 'done'");
    for (const word of ["../web", "/etc/passwd", "projects/web", ".git/config", ""])
      expect((await store.here(["project", "show", word])).code).not.toBe(0);
  });

  test("a folder of projects that is a link is not followed", async () => {
    const store = await tempStore();
    const other = tempDir();
    writeFileSync(path.join(other, "web.md"), "---\nname: Stolen\n---\n");
    symlinkSync(other, path.join(store.tickets, "projects"));
    const { projects, problems } = await listProjects(store.open(), {});
    expect([projects.length, problems.map((one) => one.path)]).toEqual([0, ["projects"]]);
  });

  test("are meant by slug or name, in any case, wherever a filter or a flag names one", async () => {
    const store = await shop();
    const ids = (...args: string[]) => store.ayo("ticket", "list", "--all", "-q", ...args);
    const web = ["t-a1", "t-d4", "t-b2", "t-c3"];
    for (const args of [["--project", "WEB"], ["--project", "web shop"], ['project:"Web Shop"'], ["project:web"]])
      expect((await ids(...args)).split("\n"), args.join(" ")).toEqual(web);
    expect(await ids("project:old,none")).toBe("t-g7\nt-f6");
    expect(await ids("-project:WEB", "--project", "Legal Matters")).toBe("t-e5");
    expect(await store.ayo("ticket", "search", 'cart project:"web shop"', "-q")).toBe("t-a1");
    const made = await store.ayo("ticket", "create", "More", "--project", "WEB SHOP");
    expect(store.text(made)).toContain("project: web\n");
    await store.ayo("ticket", "submit", "t-a1");
    const approve = ["ticket", "approve", "--all", "--project", "web shop", "--as", "Mara", "-q"];
    expect((await store.here(approve)).stdout).toContain("t-a1");
    expect((await store.here(["doctor"])).stdout).not.toContain("project 'Web'");
  });

  test("completion offers slugs and names, archived ones only where it is about projects", async () => {
    const store = await shop();
    const words = async (...line: string[]) =>
      (await store.ayo("completion", "--words", "--", ...line)).split("\n").map((one) => one.split("\t")[0]);
    expect(await words("ticket", "list", "--project", "")).toEqual(["web", "legal matters"]);
    expect(await words("project", "show", "o")).toEqual(["old"]);
  });
});
