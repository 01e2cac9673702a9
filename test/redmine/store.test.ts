import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";
import { expectQuiet, numberIn, scene, sideOf } from "./scene.ts";
import { plain, said } from "./there.ts";

test("a store's tickets go to a real Redmine whole: made, changed, commented, related, closed, reopened", async () => {
  const [one, store] = await Promise.all([scene(), tempStore()]);
  const { there, sync } = one;
  const make = async (...args: string[]): Promise<string> => await store.ayo("ticket", "create", ...args, "-q");
  const whole = await make("Whole", "-d", "- a\n- b", "-p", "3");
  const part = await make("Part", "--parent", whole, "-p", "0");
  const next = await make("Next", "--dep", part, "-d", "For @claude, see #12");
  const begun = await make("Begun");
  await store.ayo("ticket", "start", begun);
  await store.ayo("ticket", "note", whole, "said here");
  const first = await sync(await sideOf(store));
  expect([first.told, first.left]).toEqual([[], []]);
  const [w, p, n, b] = [whole, part, next, begun].map((id) => numberIn(store, id)) as [number, number, number, number];
  expect(await there.issue(p)).toMatchObject({ subject: "Part", parent: { id: w }, priority: { name: "Immediate" } });
  expect(await there.issue(b)).toMatchObject({ status: { name: "In Progress" } });
  expect(await there.issue(n)).toMatchObject({ relations: [{ issue_id: p, issue_to_id: n, relation_type: "blocks" }] });
  expect(plain((await there.issue(n)).description)).toBe("For `@claude`, see `#12`");
  expect(said(await there.issue(w)).map(({ notes }) => plain(notes))).toEqual(["said here"]);
  // Redmine gives what has parts the priority of its parts.
  await sync(await sideOf(store));
  expect(store.text(whole)).toMatch(/^priority: 0$/m);
  await expectQuiet(one, store);
  await store.ayo("ticket", "update", whole, "--title", "All", "--description", "- a\n- b\n- c", "--replace");
  await store.ayo("ticket", "close", part, "--reason", "Done.");
  await store.ayo("ticket", "close", next, "--reason", "Done.");
  expect((await sync(await sideOf(store))).left).toEqual([]);
  expect(await there.issue(w)).toMatchObject({ subject: "All", status: { name: "New" } });
  expect(plain((await there.issue(w)).description)).toBe("- a\n- b\n- c");
  for (const number of [p, n]) expect(await there.issue(number)).toMatchObject({ status: { name: "Closed" } });
  await expectQuiet(one, store);
  await store.ayo("ticket", "reopen", part);
  expect((await sync(await sideOf(store))).left).toEqual([]);
  expect(await there.issue(p)).toMatchObject({ status: { name: "New" } });
  await expectQuiet(one, store);
});

test("what people do in Redmine comes into a store, in their names", async () => {
  const [one, store] = await Promise.all([scene(), tempStore()]);
  const { there, sync } = one;
  const whole = await there.create("Whole", { description: "one\ntwo" });
  const part = await there.create("Part", { parent_issue_id: whole, priority_id: 4 });
  const next = await there.create("Next");
  const relation = await there.relate(part, next);
  await there.note(whole, "said there");
  await sync(await sideOf(store));
  const idOf = (number: number): string => {
    const file = store.files().find((name) => numberIn(store, name.replace(/\.md$/, "")) === number) ?? "";
    return file.replace(/\.md$/, "");
  };
  const [w, p, n] = [idOf(whole), idOf(part), idOf(next)];
  expect(store.text(w)).toMatch(/# Whole\n\none\ntwo\n/);
  expect(store.text(w)).toMatch(/Mara Doe \(redmine\)\n\nsaid there/);
  expect(store.text(p)).toMatch(new RegExp(`^parent: ${w}$`, "m"));
  expect(store.text(p)).toMatch(/^priority: 1$/m);
  expect(store.text(n)).toMatch(new RegExp(`^deps: \\[${p}\\]$`, "m"));
  await expectQuiet(one, store);
  await there.update(whole, { subject: "All", description: "one\ntwo\nthree", assigned_to_id: 5 });
  await there.update(part, { status_id: 5 });
  await there.unrelate(relation);
  await there.note(part, "and that");
  await sync(await sideOf(store));
  expect(store.text(w)).toMatch(/# All\n\none\ntwo\nthree\n/);
  expect(store.text(p)).toMatch(/^status: closed$/m);
  expect(store.text(p)).toContain("and that");
  await expectQuiet(one, store);
  // That a relation is gone touches neither issue: a whole look finds it.
  await sync(await sideOf(store), { whole: true });
  expect(store.text(n)).toMatch(/^deps: \[\]$/m);
  await there.update(part, { status_id: 1 });
  await sync(await sideOf(store));
  expect(store.text(p)).toMatch(/^status: open$/m);
  await there.remove(next);
  const { told } = await sync(await sideOf(store), { whole: true });
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining(`#${next} is not there any more`)]);
  await expectQuiet(one, store);
});

test("changed on both sides: fields apart go both ways, the same one is Redmine's, and ours is told", async () => {
  const [one, store] = await Promise.all([scene(), tempStore()]);
  const { there, sync } = one;
  const id = await store.ayo("ticket", "create", "One", "-d", "- a\n- b\n- c", "-q");
  await store.ayo("ticket", "note", id, "first");
  await sync(await sideOf(store));
  const number = numberIn(store, id);
  const [note] = said(await there.issue(number));
  const marked = (await there.issue(number)).description ?? "";
  await there.update(number, { subject: "Theirs", priority_id: 5, description: marked.replace("- c", "- c\n- d") });
  await there.editNote(note?.id ?? 0, "first, changed there");
  await store.ayo("ticket", "update", id, "--title", "Ours", "--description", "- 0\n- a\n- b\n- c", "--replace");
  await store.ayo("ticket", "start", id);
  const { told } = await sync(await sideOf(store));
  expect(told.map(({ text }) => text)).toEqual([
    "title was changed on both sides; that of #N stays. Here it was: Ours".replace("N", String(number)),
  ]);
  expect(store.text(id)).toMatch(/^status: in_progress$/m);
  expect(store.text(id)).toMatch(/^priority: 0$/m);
  expect(store.text(id)).toContain("# Theirs\n\n- 0\n- a\n- b\n- c\n- d\n");
  expect(store.text(id)).toContain("first, changed there");
  const issue = await there.issue(number);
  expect(issue).toMatchObject({ subject: "Theirs", status: { name: "In Progress" }, priority: { name: "Immediate" } });
  expect(plain(issue.description)).toBe("- 0\n- a\n- b\n- c\n- d");
  await expectQuiet(one, store);
});
