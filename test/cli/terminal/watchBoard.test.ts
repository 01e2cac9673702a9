import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { CLI } from "../../helpers/runCli.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** Starts `ayo board --watch`, on a terminal of `script` or into a pipe; what it printed, and its end. */
function start(cwd: string, isTerminal: boolean) {
  const line = [process.execPath, CLI, "board", "--watch"];
  const [file = "", ...args] = isTerminal
    ? ["script", "-qec", `stty cols 180 rows 40; exec ${line.join(" ")}`, "/dev/null"]
    : line;
  const env = { ...hermeticEnv(sharedHome()), TERM: "xterm", COLUMNS: "100" };
  const child = spawn(file, args, { cwd, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const until = async (fits: (text: string) => boolean): Promise<string> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      if (fits(printed)) return printed;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`never, in\n${printed}`);
  };
  const end = (): Promise<number | null> =>
    new Promise((resolve) => {
      child.once("close", resolve);
      child.kill("SIGINT");
    });
  return { until, end };
}

test("ayo board --watch prints the board again after each change", async () => {
  const { ayo, dir } = await tempStore();
  const id = await ayo("ticket", "create", "Build login");
  const { until, end } = start(dir, false);
  await until((text) => text.includes("Open 1"));
  await ayo("ticket", "start", id);
  const text = await until((all) => all.includes("In progress 1"));
  expect(text).not.toContain("\u001b");
  expect(await end()).toBe(0);
});

test("on a terminal it draws over what was there, and gives the screen back", async () => {
  const { ayo, dir } = await tempStore();
  const id = await ayo("ticket", "create", "Build login");
  const { until, end } = start(dir, true);
  await until((text) => text.includes("\u001b[?1049h") && text.includes("Open 1"));
  await ayo("ticket", "close", id);
  const text = await until((all) => (all.split("\u001b[H").at(-1) ?? "").includes("Closed 1"));
  expect(text.split("\u001b[H").at(-1)).not.toContain("Open 1");
  await end();
});
