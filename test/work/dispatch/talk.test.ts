import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { transaction } from "../../../src/store/change/transaction.ts";
import { allRuns } from "../../../src/store/runs/record.ts";
import { type DispatchScene, dispatchScene, scriptText } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 60_000 });

const ACP = path.resolve(import.meta.dirname, "../../helpers/work/scriptedAcp.mjs");
/** Says of what it heard, and of how it was started, what Claude Code hears and says; its work goes on until somebody writes "end". */
const CLAUDE = `
import { appendFileSync } from "node:fs";
import readline from "node:readline";
const say = (line) => process.stdout.write(JSON.stringify(line) + "\\n");
if (process.argv.includes("--version")) { console.log("2.1.332"); process.exit(0); }
say({ type: "system", subtype: "init", session_id: process.argv[process.argv.indexOf("--session-id") + 1] });
let heard = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [{ text }] = JSON.parse(line).message.content;
  appendFileSync(process.env.HEARD, JSON.stringify(text) + "\\n");
  say({ type: "assistant", message: { content: [{ type: "text", text: "heard " + ++heard }] } });
  if (text.includes("to be ended")) say({ type: "result", subtype: "success", is_error: false, result: "done after " + heard });
}
`;

const heardIn = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as string)
    : [];

async function allowed(scene: DispatchScene, entry: string): Promise<void> {
  writeFileSync(path.join(scene.store.tickets, "agents.yml"), `agents:\n  '@coder': {${entry}}\n`);
  await scene.ayo("allow", "@coder");
}

test("a note on a ticket whose agent is at work reaches a program that hears, once, and its own notes do not", async () => {
  const scene = await dispatchScene({ agents: {} });
  writeFileSync(path.join(scene.dir, "claude.mjs"), CLAUDE);
  await allowed(scene, `adapter: claude, command: [${process.execPath}, ./claude.mjs], env: [HEARD]`);
  const file = path.join(scene.dir, "../heard");
  Object.assign(scene.env, { HEARD: file });
  const id = await scene.ayo("ticket", "create", "Talk", "-a", "@coder", "-q");
  await scene.ayo("ticket", "note", id, "written before");
  const dispatcher = scene.work();
  await vi.waitUntil(() => heardIn(file).length === 1, { timeout: 60_000 });
  expect(heardIn(file)[0]).toContain("written before");
  await scene.ayo("ticket", "note", id, "mind the gap");
  await vi.waitUntil(() => heardIn(file).length === 2, { timeout: 60_000 });
  expect(heardIn(file)[1]).toMatch(new RegExp(`^\\S.* wrote on ticket ${id} while you work:\\n\\nmind the gap\\n\\n`));
  await scene.ayo("ticket", "note", id, "to be ended", "--as", "@reviewer");
  await dispatcher.until(/ended: ok/);
  await dispatcher.end();
  expect(heardIn(file)).toHaveLength(3);
  expect(scene.status(id)).toBe("closed");
  expect(scene.text(id)).toContain("done after 3");
  expect(await scene.ayo("run", "log", id)).toMatch(/ayo: told it what @reviewer wrote/);
});

test("a program of the Agent Client Protocol is interrupted by a note, hears it, and goes on", async () => {
  const scene = await dispatchScene({ agents: {} });
  await allowed(scene, `adapter: acp, command: [${process.execPath}, ${ACP}]`);
  const id = await scene.ticket("Talk", [{ tool: { kind: "read", title: "Looks" } }, { hang: true }]);
  const dispatcher = scene.work();
  await vi.waitUntil(async () => (await scene.cli("run", "log", id)).stdout.includes("Looks"), { timeout: 60_000 });
  await scene.ayo("ticket", "note", id, scriptText([{ say: "heard it" }]));
  await dispatcher.until(/ended: /);
  await dispatcher.end();
  expect(dispatcher.said()).toContain("ended: ok");
  expect([scene.status(id), scene.ends(id).length]).toEqual(["closed", 1]);
  expect(scene.text(id)).toContain("heard it");
});

test("a program that hears nothing while it works has another turn for what a person wrote, and none for what agents did", async () => {
  const scene = await dispatchScene();
  const go = path.join(scene.dir, "../go");
  const id = await scene.ticket("Deaf", [
    { sh: `echo begun; touch ${go}.begun; until [ -e ${go} ]; do sleep 0.1; done` },
    { text: "first" },
  ]);
  const dispatcher = scene.work();
  await vi.waitUntil(() => existsSync(`${go}.begun`), { timeout: 60_000 });
  await scene.ayo("ticket", "note", id, scriptText([{ sh: "echo more > more.txt" }, { text: "second" }]));
  await scene.ayo("ticket", "note", id, "said by an agent", "--as", "@reviewer");
  writeFileSync(go, "");
  await dispatcher.until(/ended: ok\n/);
  await dispatcher.end();
  expect(dispatcher.said()).toContain("ended: ok: a note came that it was not told; it goes on");
  expect((await scene.runs(id)).map(({ n, outcome }) => [n, outcome])).toEqual([
    [2, "ok"],
    [1, "ok"],
  ]);
  expect([scene.status(id), scene.ends(id).length]).toEqual(["closed", 1]);
  expect(readFileSync(path.join(`${scene.dir}.work`, id, "more.txt"), "utf8")).toBe("more\n");
});

test("what somebody writes at a tracker meanwhile has no run go on", async () => {
  const scene = await dispatchScene();
  const go = path.join(scene.dir, "../go");
  const id = await scene.ticket("Deaf", [
    { sh: `touch ${go}.begun; until [ -e ${go} ]; do sleep 0.1; done` },
    { text: "first" },
  ]);
  const dispatcher = scene.work();
  await vi.waitUntil(() => existsSync(`${go}.begun`), { timeout: 60_000 });
  const handle = scene.store.open({ env: scene.env });
  const by = { name: "jo (linear)", email: "linear@ayo.invalid", agent: false } as const;
  await transaction(handle, { actor: by }, async (draft) => {
    draft.note(await draft.find(id), scriptText([{ text: "foreign" }]));
    return { result: undefined, sentence: { subject: "linear: bring 1 ticket", tickets: [id], sync: "linear" } };
  });
  writeFileSync(go, "");
  await dispatcher.until(/ended: ok\n/);
  await dispatcher.end();
  expect(dispatcher.said()).not.toContain("it goes on");
  expect([(await scene.runs(id)).length, scene.status(id)]).toEqual([1, "closed"]);
});

test("what fitted is kept for a turn that a note brings and that answers nothing new", async () => {
  const scene = await dispatchScene({ files: { "schemas/plan.json": '{"type":"object"}' } });
  const go = path.join(scene.dir, "../go");
  const id = await scene.ticket(
    "Deaf",
    [{ sh: `touch ${go}.begun; until [ -e ${go} ]; do sleep 0.1; done` }, { json: { cases: 2 } }],
    "--output-schema",
    "plan",
  );
  const dispatcher = scene.work();
  await vi.waitUntil(() => existsSync(`${go}.begun`), { timeout: 60_000 });
  await scene.ayo("ticket", "note", id, scriptText([{ text: "I saw it." }]));
  writeFileSync(go, "");
  await dispatcher.until(/ended: (ok|failed)[^;]*\n/);
  await dispatcher.end();
  expect(await scene.runs(id)).toMatchObject([{ n: 2, outcome: "ok" }, { n: 1 }]);
  const output = readFileSync(path.join(scene.store.tickets, "outputs", `${id}.json`), "utf8");
  expect([scene.status(id), JSON.parse(output)]).toEqual(["closed", { cases: 2 }]);
});

test("a note that is written as the end of a run waits for its turn brings another turn too", async () => {
  const scene = await dispatchScene();
  const go = path.join(scene.dir, "../go");
  const id = await scene.ticket("Late", [
    { sh: `touch ${go}.begun; until [ -e ${go} ]; do sleep 0.1; done` },
    { text: "first" },
  ]);
  const dispatcher = scene.work();
  await vi.waitUntil(() => existsSync(`${go}.begun`), { timeout: 60_000 });
  const handle = scene.store.open({ env: scene.env });
  const by = { name: "Ann", email: "ann@example.com", agent: false } as const;
  await transaction(handle, { actor: by }, async (draft) => {
    writeFileSync(go, "");
    await vi.waitUntil(() => allRuns(handle, id)[0]?.state === "ending", { timeout: 60_000 });
    await setTimeout(1_000);
    draft.note(await draft.find(id), scriptText([{ text: "second" }]));
    return { result: undefined, sentence: { subject: "note it", event: "noted", tickets: [id] } };
  });
  await dispatcher.until(/ended: ok\n/);
  await dispatcher.end();
  expect(dispatcher.said()).toContain("ended: ok: a note came that it was not told; it goes on");
  expect([scene.status(id), scene.ends(id).length, scene.text(id)]).toEqual([
    "closed",
    1,
    expect.stringContaining("second"),
  ]);
});
