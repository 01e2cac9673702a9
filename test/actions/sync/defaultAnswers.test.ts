import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharingTeam, tipOf } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

const MINUTE = 60_000;
const start = Date.now();
let ann: TempStore;
let bob: TempStore;
let id: string;

/** Ann and Bob have a question of @coder's that is answered by default in half an hour. */
beforeEach(async () => {
  ({ ann, bob } = await sharingTeam());
  id = ann.files()[0]?.slice(0, -".md".length) as string;
  await at(ann, 0, "config", "questions.defaults", "on");
  const choice = ["--option", "80", "--option", "8080", "--default", "8080", "--after", "30m"];
  await at(ann, 0, "ticket", "ask", id, "Which port?", ...choice, "--as", "@coder");
  await at(ann, 0, "sync");
  await at(bob, 0, "sync");
});

/** Runs a command so many minutes from now. */
async function at(store: TempStore, minutes: number, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await store.here(args, { now: () => start + minutes * MINUTE });
  expect([code, stderr, stdout]).toEqual([0, expect.anything(), expect.anything()]);
  return stdout;
}

/** Has both sync, the first of them first, until both have the same. */
async function settle(minutes: number, first: TempStore, second: TempStore): Promise<string> {
  for (const store of [first, second, first, second]) await at(store, minutes, "sync");
  expect(tipOf(ann)).toBe(tipOf(bob));
  expect(ann.text(id)).toBe(bob.text(id));
  for (const store of [ann, bob]) store.judge();
  return ann.text(id);
}

const answers = (text: string) => text.match(/^Answer: .*$/gm);

describe.for([true, false])("after a sync (who has the default first: %s)", (isDefaultFirst) => {
  const sync = (minutes: number) => (isDefaultFirst ? settle(minutes, ann, bob) : settle(minutes, bob, ann));

  test.for([20, 50])(
    "a person's answer after %s minutes stands against the default that another wrote",
    async (when) => {
      await at(ann, 40, "ticket", "create", "Other");
      expect(answers(ann.text(id))).toEqual(["Answer: 8080 (default; nobody answered in 30m)"]);
      await at(bob, when, "ticket", "answer", id, "80");
      const text = await sync(60);
      expect(answers(text)).toEqual(["Answer: 80"]);
      expect(text).toMatch(/^status: open$/m);
      expect(text).not.toMatch(/^(?:question|answer-|default-)/m);
      expect(text).toMatch(/^Merge: the answer of .* stays; 'Answer: 8080 \(default; .*' \(.*\) gave way\.$/m);
    },
  );

  test("it stands too where an agent has gone on with the default", async () => {
    await at(ann, 40, "ticket", "claim", id, "--as", "@coder");
    await at(ann, 40, "ticket", "note", id, "began with 8080", "--as", "@coder");
    await at(bob, 20, "ticket", "answer", id, "80");
    const text = await sync(41);
    expect(answers(text)).toEqual(["Answer: 80"]);
    expect(text).toMatch(/^status: in_progress$/m);
    expect(text).toContain("began with 8080");
    await at(bob, 41, "ticket", "note", id, "look at my answer");
    expect(answers(await sync(42))).toEqual(["Answer: 80"]);
  });

  test("both wrote the default: it is one note", async () => {
    await at(ann, 40, "ticket", "create", "Other");
    await at(bob, 50, "ticket", "create", "One more");
    const text = await sync(60);
    expect(answers(text)).toEqual(["Answer: 8080 (default; nobody answered in 30m)"]);
    expect(text).not.toContain("Merge:");
  });

  test("a person who gave more time meanwhile is waited for", async () => {
    await at(ann, 40, "ticket", "create", "Other");
    const later = new Date(start + 90 * MINUTE).toISOString().replace(/\.\d+Z/, "Z");
    bob.write(id, bob.text(id).replace(/^answer-by: .*$/m, `answer-by: ${later}`));
    await at(bob, 20, "ticket", "create", "One more");
    const text = await sync(60);
    expect(answers(text)).toBeNull();
    expect(text).toMatch(/^status: blocked$/m);
    expect(text).toContain(
      `\nquestion: Which port?\nanswer-options: ['80', '8080']\ndefault-answer: '8080'\nanswer-by: ${later}\n`,
    );
    expect(text).toMatch(/^Merge: .*'Answer: 8080 \(default.*gave way/m);
    await at(ann, 91, "ticket", "create", "Last");
    expect(answers(ann.text(id))).toEqual([
      expect.stringMatching(/^Answer: 8080 \(default; nobody answered in 1h 30m\)$/),
    ]);
  });

  test("the default stands against a note that says nothing of it", async () => {
    await at(ann, 40, "ticket", "create", "Other");
    await at(bob, 20, "ticket", "note", id, "I am away today");
    const text = await sync(60);
    expect(answers(text)).toEqual(["Answer: 8080 (default; nobody answered in 30m)"]);
    expect(text).toMatch(/^status: open$/m);
    expect(git(ann.tickets, "log", "--format=%(trailers:key=Default)")).toContain("Default: yes");
  });
});
