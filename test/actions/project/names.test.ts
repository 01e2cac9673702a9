import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createProject, createTicket, editProject, updateTickets } from "../../../src/index.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const said = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

test("a slug is refused with what is wrong with it, and 'none' is no slug", async () => {
  const store = await tempStore();
  const opened = store.open();
  await createProject(opened, { name: "Web" });
  for (const [slug, why] of [
    ["README", "is reserved"],
    ["con", "is reserved"],
    ["a.md", "ends in '.', '.md' or '.lock'"],
    ["a..b", "has '..'"],
    ["-a", "does not begin with a letter or a digit"],
    ["a".repeat(300), "is longer than 64 characters"],
    ["a b", "is not of letters"],
    ["None", "is reserved: filters mean no project by it"],
  ] as const) {
    expect(await said(createProject(opened, { name: "X", slug }))).toContain(why);
    expect(await said(editProject(opened, { project: "web", slug }))).toContain(why);
  }
  expect(await said(createProject(opened, { name: "None" }))).toContain("give another with --slug");
  expect(readdirSync(path.join(store.tickets, "projects"))).toEqual(["web.md"]);
});

test("a description that could not be read back is refused, and nothing is written", async () => {
  const store = await tempStore();
  const opened = store.open();
  const description = "a".repeat(300_000);
  expect(await said(createProject(opened, { name: "Big", description }))).toContain("at most 256 KiB");
  await createProject(opened, { name: "Web" });
  const before = store.subjects().length;
  expect(await said(editProject(opened, { project: "web", description }))).toMatch(/^bad_input: .*at most 256 KiB/);
  expect(store.subjects()).toHaveLength(before);
  store.judge();
});

test("an old slug of a project is taken by no other, and can be given back to it; doctor tells such pairs", async () => {
  const [store, from] = await Promise.all([tempStore(), tempStore()]);
  const opened = store.open();
  await createProject(opened, { name: "Web Shop", slug: "web" });
  await editProject(opened, { project: "web", slug: "shop" });
  expect(await said(createProject(opened, { name: "WEB" }))).toBe(
    "duplicate: 'web' is an old slug of project shop: --slug names another",
  );
  await createProject(opened, { name: "Other" });
  expect(await said(editProject(opened, { project: "other", slug: "web" }))).toContain("an old slug of project shop");
  await createProject(from.open(), { name: "Web" });
  await createTicket(from.open(), { title: "A", project: "web" });
  const { stderr } = await store.here(["import", from.tickets]);
  expect(stderr).toContain("project web is not imported: that is an old slug of shop, which is here");
  await editProject(opened, { project: "shop", slug: "web" });
  await editProject(opened, { project: "web", slug: "shop" });
  const put = (slug: string, text: string) => writeFileSync(path.join(store.tickets, `projects/${slug}.md`), text);
  put("web", "---\nname: Web\n---\n");
  put("store", "---\nname: Store\nwas: [web]\n---\n");
  put("SHOP", "---\nname: S\n---\n");
  const { stdout } = await store.here(["doctor", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string }[] };
  const told = findings.filter(({ code }) => code === "project_twice").map(({ message }) => message);
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/^projects\/SHOP.md and projects\/shop.md differ in case alone/),
    expect.stringMatching(/^projects\/shop.md and projects\/store.md both have 'web' in was/),
    expect.stringMatching(/^projects\/shop.md has 'web' in was, and there is projects\/web.md/),
    expect.stringMatching(/^projects\/store.md has 'web' in was, and there is projects\/web.md/),
  ]);
});

test("a second project of one name is told, and the name is refused with both slugs", async () => {
  const store = await tempStore();
  const opened = store.open();
  await createProject(opened, { name: "Shop", slug: "web" });
  const { notices } = await createProject(opened, { name: "shop", slug: "wide" });
  expect(notices).toEqual(["'shop' means web too: say wide where this project is meant"]);
  for (const args of [
    ["project", "show", "shop"],
    ["project", "archive", "Shop"],
    ["ticket", "create", "A", "--project", "SHOP"],
  ]) {
    const { code, stderr } = await store.here(args);
    expect([args, code, stderr]).toEqual([
      args,
      1,
      expect.stringContaining("is the name of web and wide: say the slug"),
    ]);
  }
});

test("nothing is added to an archived project: by set, in a batch, or by an agent's import", async () => {
  const store = await tempStore();
  const opened = store.open();
  await createProject(opened, { name: "Web" });
  const { ticket } = await createTicket(opened, { title: "A" });
  const set = (project: string) => updateTickets(opened, { ids: [ticket.id], set: { project } });
  await set("WEB");
  expect(store.text(ticket.id)).toContain("project: web\n");
  await set("");
  expect(store.text(ticket.id)).not.toContain("project:");
  await store.ayo("project", "archive", "web");
  expect(await said(set("web"))).toContain("project_archived");
  const lines = path.join(tempDir(), "in.jsonl");
  writeFileSync(lines, `${JSON.stringify({ id: "t-1", title: "T", status: "open", project: "web" })}\n`);
  const imported = await store.here(["import", lines], { env: { AYO_AGENT: "@coder" } });
  expect(imported.stdout + imported.stderr).toContain("project web is archived");
  expect(store.files()).toEqual([`${ticket.id}.md`]);
  const op = JSON.stringify({ op: "update", ids: [ticket.id], set: { project: "web" } });
  const { stderr } = await store.here(["ticket", "batch", "--json"], { input: op });
  expect(stderr).toContain("project_archived");
  store.judge();
});

test("a list keeps only the fields of projects that are asked for; an export tells a file that cannot be read", async () => {
  const store = await tempStore();
  await createProject(store.open(), { name: "Web" });
  expect(await store.json("project", "list", "--fields", "slug,progress")).toMatchObject({
    projects: [{ slug: "web", progress: null }],
    total: 1,
  });
  const list = await store.json<{ projects: object[] }>("project", "list", "--fields", "slug");
  expect(list.projects).toEqual([{ slug: "web" }]);
  expect((await store.here(["project", "list", "--json", "--fields", "title"])).stderr).toContain(
    "'title' is no field of a project; there are slug, name",
  );
  await createTicket(store.open(), { title: "A", project: "web" });
  writeFileSync(path.join(store.tickets, "projects/web.md"), "---\nstatus: done\n---\n");
  const { code, stderr } = await store.here(["export"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("projects/web.md:2")]);
});
