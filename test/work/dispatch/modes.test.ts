import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { type DispatchScene, dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000 });

const ends = (text: string): Turn => ({ result: { ok: true, text } });

function promptOf(scene: DispatchScene, id: string, n: number): string {
  const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
  const [store = ""] = readdirSync(folder);
  return readFileSync(path.join(folder, store, id, String(n), "prompt.md"), "utf8");
}

test("a plan ends in a question, hands nothing in by itself, and goes on when a person says so", async () => {
  const scene = await dispatchScene({ files: { "schemas/plan.json": '{"type":"object"}' } });
  const tries =
    "ayo ticket close $AYO_TICKET; ayo ticket update $AYO_TICKET --mode auto; ayo ticket submit $AYO_TICKET; ayo ticket delegate $AYO_TICKET Part --to @b; ayo ticket create Part --parent $AYO_TICKET";
  const turns = [{ sh: `(${tries}) 2>&1 | grep error > tried` }, ends("1. Look. 2. Do."), { json: { done: 1 } }];
  const id = await scene.ticket("Planned", turns, "--mode", "plan", "--output-schema", "plan");
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("blocked");
  expect(scene.text(id)).toMatch(/^answer-options: \[go on, plan again\]$/m);
  expect(scene.text(id)).toMatch(
    /waiting, its plan waits for a person[\s\S]*1\. Look\. 2\. Do\.[\s\S]*May I go on as planned\?/,
  );
  expect(promptOf(scene, id, 1)).toContain("Plan only: look, and change no file.");
  const tried = readFileSync(path.join(`${scene.dir}.work`, id, "tried"), "utf8");
  expect(tried.match(/is to be planned only|let more than a plan/g)).toHaveLength(5);
  // What it changed all the same is told with the question, which names the commit that has it.
  const [head = ""] = git(scene.dir, "log", "--format=%H", `ayo/work/${id}`).split("\n");
  expect(scene.text(id)).toMatch(/May I go on as planned\?\n\n.*its run changed .*tried/);
  expect(scene.text(id)).toContain(`at ${head.slice(0, 12)}.`);
  // All of the end is one commit: whoever is killed in it leaves the question with the note, or neither.
  expect(scene.store.subjects()[0]).toBe(`ask about ${id}: Planned`);
  await scene.ayo("ticket", "answer", id, "1");
  expect(scene.text(id)).not.toContain("\nmode:");
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("closed");
  expect(promptOf(scene, id, 2)).toContain("instead of guessing");
});

test("a mode's prompt in the store takes the place of the packaged one, as it was allowed", async () => {
  const file = "templates/prompts/auto.md";
  const scene = await dispatchScene({ files: { [file]: "Go on alone with {{id}}.\n" } });
  const id = await scene.ticket("Alone", [ends("ok")], "--mode", "auto");
  await scene.cli("work", "--once");
  expect([scene.status(id), promptOf(scene, id, 1)]).toEqual([
    "closed",
    expect.stringContaining(`Go on alone with ${id}.`),
  ]);
  writeFileSync(path.join(scene.store.tickets, file), "Do what nobody allowed.\n");
  const next = await scene.ticket("Next", [ends("ok")], "--mode", "auto");
  const { stdout } = await scene.cli("work", "--once");
  expect([scene.status(next), stdout]).toEqual(["open", expect.stringContaining("was changed since it was allowed")]);
});

test("a prompt that no agent can be told is found before its ticket is touched: by work, doctor and the inbox", async () => {
  const plan = "templates/prompts/plan.md";
  const scene = await dispatchScene({
    agents: { "@coder": "", "@own": "prompt: own.md" },
    files: { [plan]: " \n", "templates/prompts/auto.md": "Do {{bogus}}.\n", "own.md": "Be {{nobody}}." },
  });
  const [planned, alone, own, fine] = [
    await scene.ticket("Planned", [ends("ok")], "--mode", "plan"),
    await scene.ticket("Alone", [ends("ok")], "--mode", "auto"),
    await scene.ticket("Own", [ends("ok")], "-a", "@own"),
    await scene.ticket("Fine", [ends("ok")]),
  ];
  const odd = await scene.ticket("Odd", [ends("ok")], "--mode", "chat");
  scene.store.write(odd, scene.text(odd).replace("mode: chat", "mode: plann"));
  const { stdout } = await scene.cli("work", "--once");
  expect(stdout).toContain(`${plan} is empty`);
  expect(stdout).toContain("templates/prompts/auto.md names {{bogus}}; there are id, title");
  expect(stdout).toContain("mode 'plann' is not one of chat, plan, auto");
  expect(stdout).toContain("the prompt of @own: own.md names {{nobody}}");
  expect([planned, alone, own, fine].map((id) => scene.status(id))).toEqual(["open", "open", "open", "closed"]);
  expect([planned, alone, own, odd].some((id) => /dispatched|Run 1/.test(scene.text(id)))).toBe(false);
  const [doctor, inbox] = await Promise.all([scene.cli("doctor"), scene.cli("inbox")]);
  for (const text of [doctor.stdout, inbox.stdout]) {
    expect(text).toContain(`cannot be started here: ${plan} is empty`);
    expect(text).toContain("own.md names {{nobody}}");
  }
});
