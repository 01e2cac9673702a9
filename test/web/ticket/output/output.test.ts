import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { faults, open, until, useBrowser } from "../../../helpers/boardPage.ts";
import { git } from "../../../helpers/git.ts";
import { startServe } from "../../../helpers/serveProcess.ts";
import { tempStore } from "../../../helpers/tempStore.ts";

useBrowser();

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("an output is a tree that opens by keyboard and mouse, with pictures, and with its faults where they are", async () => {
  const store = await tempStore();
  mkdirSync(path.join(store.tickets, "schemas"), { recursive: true });
  const schema = path.join(store.tickets, "schemas/plan.json");
  writeFileSync(schema, '{"type": "object", "required": ["cases"]}\n');
  const whole = await store.ayo("ticket", "create", "The whole");
  const part = await store.ayo("ticket", "create", "A part", "--parent", whole);
  const id = await store.ayo("ticket", "create", "Plan it", "--output-schema", "plan", "--parent", part);
  writeFileSync(path.join(store.dir, "one.png"), Buffer.from(PIXEL, "base64"));
  await store.ayo("ticket", "attach", id, "one.png");
  const { attachments } = await store.json<{ attachments: { path: string }[] }>("ticket", "show", id);
  const output = {
    cases: [{ name: "<b>wrong</b> password", deep: { deeper: { deepest: "reached" } } }],
    shot: attachments[0]?.path,
    dot: `data:image/png;base64,${PIXEL}`,
    svg: "data:image/svg+xml;base64,PHN2Zz4=",
    many: Array.from({ length: 250 }, (_, n) => `number ${n}`),
    none: [],
  };
  const { url } = await startServe(store.dir);
  const page = await open(`${url}/ticket/${id}`);
  await page.getByText("Nothing was handed in yet.").waitFor();
  expect(await page.locator(".crumbs a").allTextContents()).toEqual(["Board", "The whole", "A part"]);
  writeFileSync(path.join(store.dir, "output.json"), JSON.stringify(output));
  await store.ayo("ticket", "close", id, "--output", "output.json");
  const tree = page.locator(".json");
  await tree.getByText("<b>wrong</b> password").waitFor();
  await until(async () => {
    const widths = await tree
      .locator("img")
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
    return widths.length === 2 && widths.every((width) => width === 1);
  }, "both pictures");
  await tree.getByText("data:image/svg+xml").waitFor();

  // What is deep or long is opened when it is wanted.
  expect(await tree.getByText("reached").count()).toBe(0);
  const deep = tree
    .locator("li", { has: page.locator("> b, > details > summary > b", { hasText: /^deep$/ }) })
    .locator("summary")
    .first();
  await deep.focus();
  await page.keyboard.press("Enter");
  await tree
    .locator("li", { has: page.locator("> b, > details > summary > b", { hasText: /^deeper$/ }) })
    .last()
    .locator("summary")
    .click();
  await tree.getByText("reached").waitFor();
  const many = tree.locator("li", { has: page.locator("> b, > details > summary > b", { hasText: /^many$/ }) });
  await many.locator("summary").click();
  await many.getByText("number 99", { exact: true }).waitFor();
  expect(await many.getByText("number 100", { exact: true }).count()).toBe(0);
  await many.getByRole("button", { name: "150 more" }).click();
  await many.getByText("number 100", { exact: true }).waitFor();
  await page.getByRole("button", { name: "As text" }).click();
  await page.locator(".output pre", { hasText: '"deepest": "reached"' }).waitFor();
  await page.getByRole("button", { name: "As a tree" }).click();

  // A schema that it does not fit any longer: each fault at its place.
  const cases = { items: { properties: { name: { type: "number" } } } };
  writeFileSync(schema, JSON.stringify({ required: ["total"], properties: { cases } }));
  await store.ayo("ticket", "note", id, "The schema is another one now.");
  await page.locator(".output .notice", { hasText: "2 faults against its schema" }).waitFor();
  const name = tree.locator("li", { has: page.locator("> b, > details > summary > b", { hasText: /^name$/ }) }).last();
  await name.locator(".fault", { hasText: "number" }).waitFor();
  await page.locator(".faults .fault", { hasText: "total" }).waitFor();
  expect((await store.ayo("ticket", "show", id)).split("\n").filter((line) => /total|number/.test(line))).toHaveLength(
    2,
  );
  expect(faults.get(page)).toEqual([]);
});

test("what ayo ran for a ticket is told with its command, how it ended, and the last of what it printed", async () => {
  const store = await tempStore({ project: true });
  writeFileSync(path.join(store.dir, "login.js"), "return 500\n");
  git(store.dir, "add", "login.js");
  git(store.dir, "commit", "--quiet", "-m", "login");
  writeFileSync(
    path.join(store.tickets, "agents.yml"),
    "verify: {test: {run: 'echo looked at it; grep -q 401 login.js'}, lint: {run: 'true'}}\n",
  );
  await store.ayo("allow", "verify");
  const id = await store.ayo("ticket", "create", "Build login", "--verify", "test,lint");
  await store.here(["ticket", "verify", id]);
  const { url } = await startServe(store.dir);
  const page = await open(`${url}/ticket/${id}`);
  const line = (name: string) => page.locator(".output li", { has: page.locator("b", { hasText: name }) });
  await line("test").getByText("failed", { exact: true }).waitFor();
  expect(await line("test").innerText()).toMatch(/grep -q 401 login\.js[\s\S]*exit code 1/);
  await line("test").locator("pre", { hasText: "looked at it" }).waitFor();
  await line("lint").getByText("passed", { exact: true }).waitFor();
  writeFileSync(path.join(store.dir, "login.js"), "return 401\n");
  git(store.dir, "commit", "--quiet", "-a", "-m", "Right");
  await store.ayo("ticket", "verify", id);
  await line("test").getByText("passed", { exact: true }).waitFor();
  expect(await line("test").locator("pre").isVisible()).toBe(false);
  await line("test").locator("summary").click();
  await line("test").locator("pre", { hasText: "looked at it" }).waitFor();
  expect(faults.get(page)).toEqual([]);
});
