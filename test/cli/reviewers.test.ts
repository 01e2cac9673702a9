import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

/** A store with one ticket that @amy submitted. */
async function submitted() {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login");
  await project.ayo("ticket", "claim", id, "--as", "@amy");
  await project.ayo("ticket", "submit", id, "--as", "@amy");
  return { project, id };
}

test("a reviewer who asks for work claims what waits for review, once; its author gets nothing", async () => {
  const { project, id } = await submitted();
  const next = (as: string) => project.run(["ticket", "claim", "--next", "--role", "reviewer", "--json", "--as", as]);
  expect(JSON.parse((await next("@amy")).stdout)).toMatchObject({ ticket: null, tickets: [], commit: null });
  const told = await next("@rex");
  expect([told.code, JSON.parse(told.stdout)]).toMatchObject([
    0,
    { ticket: { id, status: "in_review", authors: ["@amy"], claim: { by: "@rex" } } },
  ]);
  expect(JSON.parse((await next("@second")).stdout)).toMatchObject({ ticket: null, tickets: [], commit: null });
  expect(await project.ayo("ticket", "show", id)).toMatch(/^work of @amy since .*\nin review by @rex until /m);
  expect(await project.ayo("agents", "whoami", "--as", "@rex")).toMatch(new RegExp(`^holds ${id} until`, "m"));
  const primed = await project.ayo("agents", "prime", "--as", "@rex");
  expect(primed).toMatch(new RegExp(`^You hold:\n- ${id} \\[P2\\] review: Build login \\(until `, "m"));
  expect(await project.ayo("recap")).toMatch(/^waiting for review\n {2}@amy \S+ Build login \(@rex is at it\)/m);
  expect(await project.ayo("ticket", "ready", "--explain")).toContain(`Build login: is in review by @rex until `);
  expect(await project.ayo("ticket", "release", id, "--as", "@rex")).toBe(`Released ${id}, which stays in_review`);
  await project.ayo("ticket", "update", id, "--reviewer", "@second");
  expect(await project.ayo("ticket", "ready", "-q", "--as", "@second")).toBe(id);
  expect(await project.ayo("ticket", "ready", "-q", "--role", "reviewer", "--as", "@rex")).toBe("");
  expect(await project.ayo("agents", "prime", "--as", "@second")).toContain(`- ${id} [P2] review: Build login`);
});

test("a reviewer who waits is woken when something is handed in", async () => {
  const { project, id } = await submitted();
  await project.ayo("ticket", "reject", id, "-m", "No tests.", "--as", "@rex");
  const waiting = project.run(["ticket", "claim", "--next", "--role", "reviewer", "--wait", "10m", "--as", "@rex"]);
  await project.ayo("ticket", "submit", id, "--as", "@amy");
  expect((await waiting).stdout).toMatch(new RegExp(`^Claimed ${id} for review until \\S+: Build login$`, "m"));
});

test("show tells whose work is under review, and that a lease ran out", async () => {
  const { project, id } = await submitted();
  expect(await project.ayo("ticket", "show", id)).toMatch(/^work of @amy since /m);
  const other = await project.ayo("ticket", "create", "Write the guide");
  await project.ayo("ticket", "claim", other, "--lease", "1s", "--as", "@amy");
  let page = "";
  while (!page.includes("its lease ran out")) page = await project.ayo("ticket", "show", other);
  expect(page).toMatch(new RegExp(`^next: ayo ticket claim ${other}$`, "m"));
  expect(page).not.toContain("held by");
});

test("a hand-over says for whom it is, and needs-human is another word for ask", async () => {
  const { project } = await submitted();
  const id = await project.ayo("ticket", "create", "Write the guide");
  expect(await project.ayo("ticket", "claim", id, "--for", "@amy")).toMatch(
    new RegExp(`^Claimed ${id} for @amy until \\S+: Write the guide$`),
  );
  expect(await project.ayo("ticket", "needs-human", id, "For whom?", "--as", "@amy")).toBe(`Updated ${id} -> blocked`);
});
