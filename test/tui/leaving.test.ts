import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { lockHolder } from "../helpers/lockHolder.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempStore } from "../helpers/tempStore.ts";
import { openTerminal, PLAIN_MODES, type TerminalOptions, type TestTerminal } from "../helpers/terminal.ts";

/** A board that shows one ticket. */
async function board(
  options: TerminalOptions = {},
): Promise<TestTerminal & { readonly dir: string; readonly id: string }> {
  const { ayo, dir } = await tempStore();
  const id = await ayo("ticket", "create", "Build login");
  const term = await openTerminal(dir, options);
  await term.untilScreen((text) => text.includes(id) && text.includes("live"));
  return { ...term, dir, id };
}

/** That the terminal is as it was found. */
function expectAsBefore(term: TestTerminal): void {
  expect(term.modes()).toEqual(PLAIN_MODES);
  expect(term.sttyAfter()).toBe(term.sttyBefore());
}

describe("the terminal is given back", () => {
  test.each([
    ["q", 0],
    ["ctrl+c", 0],
  ])("after %s", async (key, code) => {
    const term = await board();
    expect(term.modes()).toEqual({
      alternate: true,
      mouse: true,
      paste: true,
      focus: true,
      wrap: false,
      cursor: false,
    });
    expect(term.stty()).toContain("-icanon");
    term.type(key);
    expect(await term.code).toBe(code);
    expectAsBefore(term);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("after %s, whatever is open: it ends as by q", async (signal) => {
    const term = await board();
    term.type("?", "j");
    await term.untilScreen("Keys");
    term.kill(signal);
    expect(await term.code).toBe(0);
    expectAsBefore(term);
  });

  test("when what it does hangs: the second signal ends it", async () => {
    const { ayo, dir } = await tempStore();
    const id = await ayo("ticket", "create", "Build login");
    const term = await openTerminal(dir);
    await term.untilScreen((text) => text.includes(id) && text.includes("live"));
    // A change that waits for its turn.
    const unlock = await lockHolder(path.join(dir, ".tickets/.git/ayo"));
    term.type("s");
    await term.untilScreen(/ayo ticket start .*… \d+ s/);
    // Meanwhile it answers.
    term.type("g l");
    await term.untilScreen(/┌ list ─/);
    term.kill("SIGINT");
    await expect.poll(() => term.modes()).toEqual(PLAIN_MODES);
    await expect.poll(() => term.kill("SIGINT"), { interval: 100 }).toBe(false);
    expect(await term.code).toBe(130);
    expectAsBefore(term);
    await unlock.end();
  });

  test("after an error that nobody expected", async () => {
    const before = path.join((await tempStore()).dir, "throws.cjs");
    writeFileSync(before, 'process.on("SIGUSR2", () => { throw new Error("unexpected"); });\n');
    const term = await board({ env: { NODE_OPTIONS: `--require=${before}` } });
    term.kill("SIGUSR2");
    expect(await term.code).toBeGreaterThan(0);
    expectAsBefore(term);
    expect(term.text()).toContain("unexpected");
  });

  test("a window that is closed takes the board with it", async () => {
    const term = await board();
    const pid = term.pid();
    term.hangUp();
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  });
});

test("^Z goes to the shell, fg comes back", async () => {
  const { ayo, dir } = await tempStore();
  const id = await ayo("ticket", "create", "Build login");
  const term = await openTerminal(dir, {
    program: ["bash", "--norc", "-i"],
    env: { PS1: "$ ", BASH_SILENCE_DEPRECATION_WARNING: "1" },
  });
  await term.untilScreen("$");
  await expect.poll(() => term.stty()).toContain("-icanon");
  const plain = term.stty();
  term.write(`${process.execPath} ${CLI} tui\r`);
  await term.untilScreen((text) => text.includes("live") && text.includes(id));
  term.type("ctrl+z");
  await term.untilScreen("Stopped");
  expect(term.modes()).toEqual({ ...PLAIN_MODES, paste: term.modes().paste });
  await ayo("ticket", "create", "Meanwhile");
  term.write("fg\r");
  await term.untilScreen((text) => text.includes("live") && text.includes("Meanwhile"));
  expect(term.modes().alternate).toBe(true);
  // Stopped and continued by others.
  term.type("ctrl+z");
  await term.untilScreen("Stopped");
  term.write("kill %1; fg\r");
  await term.untilScreen(/; fg\n.*tui\n\$\s*$/);
  expect(term.modes()).toEqual({ ...PLAIN_MODES, paste: term.modes().paste });
  await expect.poll(() => term.stty()).toBe(plain);
  term.write("exit\r");
  await term.code;
});

describe("without a terminal", () => {
  test.each([
    ["input is a file", "< /dev/null"],
    ["output is a pipe", "| cat"],
  ])("%s: it says so", async (_, redirect) => {
    const { dir } = await tempStore();
    const term = await openTerminal(dir, {
      program: ["bash", "-c", `set -o pipefail; ${process.execPath} ${CLI} tui ${redirect}`],
    });
    expect(await term.code).toBe(2);
    expect(term.text()).toContain("needs a terminal");
    expect(term.output()).not.toContain("\u001b[?1049h");
  });

  test("nothing of both, or a terminal that cannot draw: exit 2", async () => {
    const { run, dir } = await tempStore();
    const { code, stderr } = await run(["tui"]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("needs a terminal") });
    const term = await openTerminal(dir, { env: { TERM: "dumb" } });
    expect(await term.code).toBe(2);
    expect(term.text()).toContain("needs a terminal");
  });

  test("a terminal that takes nothing more", async () => {
    const { dir } = await tempStore();
    const term = await openTerminal(dir, { redirect: ">&-" });
    expect(await term.code).toBe(2);
  });
});

/** Moments of its start and of a change, in milliseconds after the key; a few of them in each run. */
const MOMENTS = [0, 20, 45, 70, 90, 110, 130, 160, 200, 260, 340, 450];
const SAMPLE = process.env.AYO_LONG === "1" ? MOMENTS : MOMENTS.filter((_, at) => at % 4 === Date.now() % 4);

test.each(SAMPLE)("a signal %i ms after it was started, or a key typed, leaves the terminal as it was", async (ms) => {
  const { ayo, dir } = await tempStore();
  await ayo("ticket", "create", "Build login");
  const signal = ms % 3 === 0 ? "SIGHUP" : "SIGTERM";
  const early = await openTerminal(dir);
  await new Promise((resolve) => setTimeout(resolve, ms));
  early.kill(signal);
  await early.code;
  expectAsBefore(early);
  const late = await openTerminal(dir);
  await late.untilScreen("live");
  late.type("s", "?");
  await new Promise((resolve) => setTimeout(resolve, ms));
  late.kill(signal);
  await late.code;
  expectAsBefore(late);
});
