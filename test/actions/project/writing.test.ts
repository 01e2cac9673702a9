import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createProject, createTicket, editProject, updateTickets } from "../../../src/index.ts";
import { misfits } from "../../helpers/answerShapes.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

const fileOf = (store: TempStore, slug: string): string => path.join(store.tickets, `projects/${slug}.md`);
const textOf = (store: TempStore, slug: string): string => readFileSync(fileOf(store, slug), "utf8");

async function refused(store: TempStore, args: readonly string[], agent?: string): Promise<string> {
  const { code, stderr } = await store.here(
    [...args, "--json"],
    agent === undefined ? {} : { env: { AYO_AGENT: agent } },
  );
  expect([args, code]).not.toEqual([args, 0]);
  return (JSON.parse(stderr) as { error: { code: string } }).error.code;
}

describe("a project", () => {
  test("is made, edited, completed, archived and reopened, each in one commit with a sentence", async () => {
    const store = await tempStore();
    const made = await store.json(
      "project",
      "create",
      "Web: Shop",
      "--color",
      "#1F77B4",
      "--lead",
      "@mara",
      "--due",
      "2026-12-24",
      "-d",
      "Text.",
    );
    expect(misfits("ProjectMade", made)).toEqual([]);
    expect(textOf(store, "web-shop")).toBe(
      "---\nname: 'Web: Shop'\ncolor: '#1f77b4'\nstatus: active\nlead: '@mara'\ndue: 2026-12-24\n---\nText.\n",
    );
    expect(await store.ayo("project", "edit", "web-shop", "--name", "Shop", "--lead", "")).toBe(
      "Changed web-shop: name, lead",
    );
    expect(await store.ayo("project", "edit", "Shop", "--color", "Teal")).toBe("Changed web-shop: color");
    expect(await store.ayo("project", "complete", "web-shop")).toBe("Completed web-shop");
    expect(await store.ayo("project", "complete", "web-shop")).toBe("Unchanged web-shop: already completed");
    expect(await store.ayo("project", "archive", "web-shop")).toBe("Archived web-shop");
    expect(await store.ayo("project", "reopen", "web-shop", "--dry-run")).toBe("Would reopen web-shop");
    expect(await store.ayo("project", "reopen", "web-shop")).toBe("Reopened web-shop");
    expect(await store.ayo("project", "edit", "web-shop", "-d", "Other.", "--due", "")).toBe(
      "Changed web-shop: due, description",
    );
    expect(textOf(store, "web-shop")).toBe("---\nname: Shop\ncolor: teal\nstatus: active\n---\nOther.\n");
    expect(store.subjects().slice(0, 7)).toEqual([
      "edit project web-shop: due, description",
      "reopen project web-shop: Shop",
      "archive project web-shop: Shop",
      "complete project web-shop: Shop",
      "edit project web-shop: color",
      "edit project web-shop: name, lead",
      "create project web-shop: Web: Shop",
    ]);
    store.judge();
  });

  test("keeps what its file has besides; an edit by hand is committed first, and undo takes back", async () => {
    const store = await tempStore();
    mkdirSync(path.dirname(fileOf(store, "web")));
    writeFileSync(fileOf(store, "web"), "---\r\n# ours\r\nname: Web   # short\r\nbudget: 12\r\n---\r\nText.\r\n");
    await store.ayo("project", "edit", "web", "--status", "completed");
    expect(textOf(store, "web")).toBe(
      "---\r\n# ours\r\nname: Web   # short\r\nbudget: 12\r\nstatus: completed\r\n---\r\nText.\r\n",
    );
    expect(store.subjects().slice(0, 2)).toEqual([
      "edit project web: status",
      expect.stringContaining("projects/web.md"),
    ]);
    appendFileSync(fileOf(store, "web"), "More.\n");
    await store.ayo("project", "edit", "web", "--name", "Shop");
    expect(textOf(store, "web")).toMatch(/name: Shop +# short[\s\S]*More\.\n$/);
    await store.ayo("undo");
    expect(textOf(store, "web")).toMatch(/name: Web +# short[\s\S]*More\.\n$/);
    await store.ayo("redo");
    expect(textOf(store, "web")).toContain("name: Shop");
    writeFileSync(fileOf(store, "plain"), "Only text.\n");
    await store.ayo("project", "archive", "plain");
    expect(textOf(store, "plain")).toBe("---\nstatus: archived\n---\nOnly text.\n");
    store.judge();
  });

  test("is refused with what is wrong, and nothing is written", async () => {
    const store = await tempStore();
    await store.ayo("project", "create", "Web");
    const elsewhere = tempDir();
    symlinkSync(path.join(elsewhere, "x.md"), fileOf(store, "link"));
    writeFileSync(fileOf(store, "bad"), "---\nstatus: done\n---\n");
    await store.ayo("ticket", "create", "Take in what was written by hand");
    const before = store.subjects().length;
    for (const [code, ...args] of [
      ["duplicate", "create", "web"],
      ["duplicate", "create", "Other", "--slug", "WEB"],
      ["bad_input", "create", "日本"],
      ["bad_input", "create", "X", "--slug", "../x"],
      ["bad_input", "create", "X", "--slug", "a/b"],
      ["bad_input", "create", "X", "--color", "mauve"],
      ["bad_input", "create", "X", "--due", "soon"],
      ["bad_input", "create", ""],
      ["duplicate", "create", "link"],
      ["bad_input", "edit", "web", "--color", "red; x"],
      ["bad_input", "edit", "web", "--name", " "],
      ["bad_ticket", "edit", "bad", "--color", "red"],
      ["not_found", "edit", "wbe", "--color", "red"],
      ["bad_ticket", "edit", "link", "--color", "red"],
      ["conflict", "edit", "web", "--color", "red", "--if-match", "0000000"],
    ] as const)
      expect([args, await refused(store, ["project", ...args])]).toEqual([args, code]);
    expect(store.subjects().length).toBe(before);
    expect(existsSync(path.join(elsewhere, "x.md"))).toBe(false);
  });

  test("is undone by key: what was changed since stays, and is told", async () => {
    const store = await tempStore();
    await store.ayo("project", "create", "Web", "--color", "teal");
    await store.ayo("project", "edit", "web", "--color", "red", "--lead", "@mara");
    const edit = git(store.repo, "rev-parse", "HEAD").trim();
    await store.ayo("project", "edit", "web", "--color", "blue", "--name", "Shop");
    const { notUndone: kept } = await store.json<{ notUndone: { field: string }[] }>("undo", edit);
    expect(kept.map(({ field }) => field)).toEqual(["projects/web.md color"]);
    expect(textOf(store, "web")).toBe("---\nname: Shop\ncolor: blue\nstatus: active\n---\n");
    store.judge();
  });

  test("that is edited by many at once keeps what each wrote", async () => {
    const store = await tempStore();
    const opened = store.open();
    await createProject(opened, { name: "Web" });
    const edits = [
      { name: "Shop" },
      { color: "teal" },
      { lead: "@mara" },
      { due: "2030-01-01" },
      { description: "Text." },
    ];
    await Promise.all(edits.map((edit) => editProject(opened, { project: "web", ...edit })));
    expect(textOf(store, "web")).toBe(
      "---\nname: Shop\nstatus: active\ncolor: teal\nlead: '@mara'\ndue: 2030-01-01\n---\nText.\n",
    );
    const { project } = await editProject(opened, { project: "web", color: "red", dryRun: true });
    await editProject(opened, {
      project: "web",
      color: "red",
      ifMatch: (await editProject(opened, { project: "web" })).project.version,
    });
    expect(git(store.repo, "hash-object", "projects/web.md").trim()).toBe(project.version);
    store.judge();
  });
});

describe("a ticket that names a project", () => {
  test("names its slug, also one that named it before it had a file", async () => {
    const store = await tempStore();
    writeTickets(store, { "t-a": "A\nproject: Web Shop", "t-b": "B\nproject: web-shop", "t-c": "C\nproject: other" });
    const { stderr } = await store.here(["project", "create", "Web Shop"]);
    expect(stderr).toContain("named it otherwise, and name web-shop now: t-a");
    expect(["t-a", "t-b", "t-c"].map((id) => /project: .*/.exec(store.text(id))?.[0])).toEqual([
      "project: web-shop",
      "project: web-shop",
      "project: other",
    ]);
    const opened = store.open();
    const { ticket } = await createTicket(opened, { title: "D", project: "Web Shop" });
    const { ticket: free } = await createTicket(opened, { title: "E", project: "No file" });
    expect([ticket.project, free.project]).toEqual(["web-shop", "No file"]);
    const { tickets } = await updateTickets(opened, { ids: ["t-c"], project: "WEB shop" });
    expect(tickets.map(({ project }) => project)).toEqual(["web-shop"]);
  });

  test("gets another slug with the tickets that name it; the old one means it still, in the archive and by hand", async () => {
    const store = await tempStore();
    await store.ayo("project", "create", "Web Shop", "--slug", "web");
    await store.ayo("project", "create", "Other");
    writeTickets(store, {
      "t-a": "A\nproject: WEB",
      "t-b": "B\nproject: web shop",
      "t-c": "C\nproject: other",
      "t-d": "D\nproject: web\nstatus: closed\nclosed: 2020-01-01T00:00:00Z",
    });
    await store.ayo("ticket", "archive", "--before", "0d");
    const before = store.subjects().length;
    expect(await store.ayo("project", "edit", "web", "--slug", "shop", "--dry-run")).toContain("Would edit shop");
    expect(await refused(store, ["project", "edit", "web", "--slug", "other"])).toBe("duplicate");
    expect(await refused(store, ["project", "edit", "web", "--slug", "../x"])).toBe("bad_input");
    expect(store.subjects()).toHaveLength(before);
    const answer = await store.json<{ renamed: string[]; project: { slug: string; was: string[] } }>(
      ...["project", "edit", "web", "--slug", "shop", "--lead", "@mara"],
    );
    expect([answer.renamed, answer.project]).toEqual([
      ["t-a", "t-b"],
      expect.objectContaining({ slug: "shop", was: ["web"], lead: "@mara" }),
    ]);
    expect(misfits("ProjectWritten", answer)).toEqual([]);
    expect(store.subjects()).toHaveLength(before + 1);
    expect([textOf(store, "shop"), existsSync(fileOf(store, "web"))]).toEqual([
      expect.stringMatching(/was: .*web/),
      false,
    ]);
    expect(store.text("t-a")).toContain("project: shop\n");
    const rename = git(store.repo, "rev-parse", "HEAD");
    // The archive is not written anew; another machine, or an editor, may still say the old slug.
    writeTickets(store, { "t-e": "E\nproject: web" });
    expect((await store.ayo("ticket", "list", "--all", "--project", "web", "-q")).split("\n").sort()).toEqual([
      "t-a",
      "t-b",
      "t-d",
      "t-e",
    ]);
    expect(await store.ayo("project", "show", "web")).toContain("3 open, 1 closed");
    expect((await store.here(["doctor"])).stdout).not.toContain("project_without_file");
    const made = await store.ayo("ticket", "create", "New", "--project", "web");
    expect(store.text(made)).toContain("project: shop\n");
    await store.ayo("undo", rename);
    expect([existsSync(fileOf(store, "web")), store.text("t-a").includes("project: WEB\n")]).toEqual([true, true]);
    store.judge();
  });

  test("that is put away or done tells which of its tickets are open", async () => {
    const store = await tempStore();
    await store.ayo("project", "create", "Web");
    await store.ayo("ticket", "create", "Open", "--project", "web");
    const { notices } = await store.json<{ notices: string[] }>("project", "archive", "web");
    expect(notices).toEqual(["a ticket of it is open: 'ayo ticket list --project web'"]);
  });

  test("is not added to one that is archived, but by a person who insists", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Old", "--project", "web");
    const other = await store.ayo("ticket", "create", "Other");
    await store.ayo("project", "create", "Web");
    await store.ayo("project", "archive", "web");
    const add = ["ticket", "create", "New", "--project", "web"];
    expect(await refused(store, add)).toBe("project_archived");
    expect(await refused(store, ["ticket", "update", other, "--project", "Web"])).toBe("project_archived");
    expect(await refused(store, [...add, "--force"], "@coder")).toBe("project_archived");
    const forced = await store.ayo(...add, "--force");
    await store.ayo("ticket", "update", other, "--project", "web", "--force");
    // What is in it may be changed as ever, and is found.
    await store.ayo("ticket", "update", id, "--project", "web", "-p", "1");
    const list = await store.json<{ tickets: { id: string }[] }>("ticket", "list", "--project", "web");
    expect(list.tickets.map((one) => one.id).toSorted()).toEqual([id, other, forced].toSorted());
  });
});
