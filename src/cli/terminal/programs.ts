import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { AyoError } from "../../error.ts";
import { atEnd, type Host } from "../../host.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";
import type { LineSaid } from "../table/command.ts";

/** Runs a program to its end, on this terminal or to be read. */
export function runProgram([command = "", ...args]: readonly string[], host: Host, isHere = false): Promise<LineSaid> {
  const child = spawn(command, args, {
    cwd: host.cwd,
    env: withoutOwnKeys(host.env),
    stdio: isHere ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, out: "", err: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, ...said }));
  });
}

/** Where a server of the board is, which is started when it is asked for first and ends with this process. */
export function serveBeside(host: Host, words: readonly string[]): () => Promise<string> {
  let url: Promise<string> | undefined;
  return () => {
    url ??= begin(host, words).catch((error: Error) => {
      url = undefined;
      throw error;
    });
    return url;
  };
}

function begin(host: Host, [command = "", ...args]: readonly string[]): Promise<string> {
  const options = { cwd: host.cwd, env: withoutOwnKeys(host.env) };
  const child: ChildProcess = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  atEnd(() => void child.kill());
  // It keeps this process no longer than the board is looked at.
  for (const handle of [child, child.stdout, child.stderr]) (handle as ChildProcess | Socket | null)?.unref();
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => reject(new AyoError("bad_usage", `ayo serve ended: ${why.trim()}`));
    let err = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.stdout?.setEncoding("utf8").once("data", (text: string) => {
      resolve((JSON.parse(text.split("\n")[0] ?? "") as { url: string }).url);
    });
    child.once("error", (error) => failed(error.message));
    child.once("exit", () => failed(err));
  });
}
