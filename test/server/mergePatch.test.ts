import { expect, test } from "vitest";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

async function served() {
  const project = await tempStore();
  const { ask } = await startServe(project.dir);
  const id = await project.ayo("ticket", "create", "One");
  const patch = (body: unknown, type = "application/merge-patch+json") =>
    ask(`/api/tickets/${id}`, { method: "PATCH", body, headers: { "content-type": type } });
  const extra = async () => (await ask(`/api/tickets/${id}`)).json.ticket.extra;
  return { project, ask, id, patch, extra };
}

test("custom keys are merged as RFC 7396 says: objects by key, lists as a whole, null takes away", async () => {
  const { project, id, patch, extra } = await served();
  const first = {
    customer: "acme",
    size: { w: 1, h: { cm: 2, unit: "cm" } },
    list: [1, "two", { three: 3 }],
    n: 3,
    on: true,
  };
  expect((await patch({ extra: first })).status).toBe(200);
  expect(await extra()).toEqual(first);
  expect(project.text(id)).toMatch(/^size: \{"w":1,"h":\{"cm":2,"unit":"cm"\}\}$/m);
  await patch({ extra: { size: { h: { unit: null, cm: 5 }, d: 7 }, list: ["x"], customer: null, nothing: null } });
  expect(await extra()).toEqual({ size: { w: 1, h: { cm: 5 }, d: 7 }, list: ["x"], n: 3, on: true });
  await patch({ extra: { size: "small", n: "3", on: { deep: { null: null, kept: 0 } } } });
  expect(await extra()).toEqual({ size: "small", list: ["x"], n: "3", on: { deep: { kept: 0 } } });
  await patch({ extra: { n: 4.5, size: { w: 2 } } });
  expect(await extra()).toMatchObject({ n: 4.5, size: { w: 2 } });
  project.judge();
});

test("a key written over several lines by hand is merged too, and every other byte of the file stays", async () => {
  const { project, id, patch, extra } = await served();
  const lines = "size: # in cm\n  w: 1\n  h: 2\nother: 'kept'   # so\n";
  project.write(id, project.text(id).replace("links: []\n", `links: []\n${lines}`));
  await patch({ extra: { size: { h: 3 } } });
  expect(await extra()).toEqual({ size: { w: 1, h: 3 }, other: "kept" });
  expect(project.text(id)).toContain("other: 'kept'   # so\n");
  project.judge();
});

test("null clears every field that can be empty, and a merge patch replaces the texts", async () => {
  const { project, ask, id, patch } = await served();
  const full = {
    description: "Old.",
    design: "A plan.",
    acceptance: "It works",
    review: "required",
    reviewer: "rex",
    role: "tester",
    externalRef: "gh-1",
    due: "2030-01-01",
    project: "p",
    assignee: "@x",
    tags: ["a"],
  };
  expect((await patch(full)).status).toBe(200);
  const guarded = await patch({ description: "New." }, "application/json");
  expect([guarded.status, guarded.json.code]).toEqual([412, "conflict"]);
  expect((await patch({ description: "New." })).status).toBe(200);
  expect((await ask(`/api/tickets/${id}`)).json.ticket.body).toMatch(/New\.\n\n## Design/);
  const none = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
  expect((await patch(none, "application/json")).status).toBe(200);
  const text = project.text(id);
  expect(text).not.toMatch(/^(review|reviewer|role|external-ref|due|project|assignee|tags):/m);
  expect(text).not.toMatch(/New\.|A plan|It works/);
  for (const name of ["status", "extra"]) {
    const refused = await patch({ [name]: null });
    expect([refused.status, refused.json.detail]).toEqual([400, `${name} cannot be null: every ticket has one`]);
  }
  project.judge();
});

test("what is no custom key, or no patch, is refused, and nothing changes", async () => {
  const { project, ask, id, patch } = await served();
  const before = project.text(id);
  for (const [body, why] of [
    [{ extra: { status: "closed" } }, "'status' is a field of its own"],
    [{ extra: { "claimed-by": "@x" } }, "is a field of its own"],
    [{ extra: { verified: true } }, "'verified' is a field of its own"],
    [{ extra: { "no key": 1 } }, "'no key' is not a front matter key"],
    [{ extra: { a: "two\nlines" } }, "holds a line break"],
    [{ extra: { a: { b: ["two\nlines"] } } }, "holds a line break"],
    [{ extra: [1] }, "'0' is not a front matter key"],
    ["[]", "not an object"],
  ] as const) {
    const { status, json } = await patch(body);
    expect([status, json.detail]).toEqual([400, expect.stringContaining(why)]);
  }
  const plain = await patch("{}", "text/plain");
  expect([plain.status, plain.headers["accept-patch"]]).toEqual([
    415,
    "application/json, application/merge-patch+json",
  ]);
  expect(project.text(id)).toBe(before);
  expect((await ask("/api/tickets", { body: { title: "x", extra: { a: 1 } } })).status).toBe(400);
  project.judge();
});
