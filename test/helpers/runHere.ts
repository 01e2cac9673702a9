import { inputText } from "../../src/actions/input/inputText.ts";
import { currentHost } from "../../src/host.ts";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import type { CliOptions, CliResult } from "./runCli.ts";

/** What a command in this process gets besides its arguments. */
export interface HereOptions extends Pick<CliOptions, "input" | "env"> {
  /** The clock that it goes by. */
  readonly now?: () => number;
}

/**
 * Runs a command line in this process, from the sources, with no terminal: for what a process of its own would not
 * prove. Each run opens the store anew, as a process would.
 */
export async function runHere(
  cwd: string,
  args: readonly string[],
  { input = "", env = {}, now = Date.now }: HereOptions = {},
): Promise<CliResult> {
  if (env.NODE_OPTIONS !== undefined) throw new Error("NODE_OPTIONS are those of a process: runCli");
  const { run } = await import("../../src/cli/run.ts");
  const [out, err]: [string[], string[]] = [[], []];
  const unexpected = (what: string) => () => {
    throw new Error(`ayo ${args.join(" ")}: ${what} only in a process of its own (runCli)`);
  };
  const code = await run(args, {
    host: currentHost({ cwd, now, env: { ...hermeticEnv(env.HOME ?? sharedHome()), ...env } }),
    tty: { stdin: false, stdout: false, stderr: false },
    columns: 80,
    rows: 24,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdin: async () => inputText(Buffer.from(input), "standard input"),
    streams: unexpected("talks on stdin and stdout"),
    ask: unexpected("asks"),
    prompt: unexpected("asks"),
    // Nobody sends one: what waits for it alone never ends.
    untilSignal: () => new Promise(() => {}),
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** The stdout, without its last newline, of a command that must succeed in this process. */
export async function ayoHere(cwd: string, args: readonly string[], env: CliOptions["env"] = {}): Promise<string> {
  const { code, stdout, stderr } = await runHere(cwd, args, { env });
  if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}${stdout}`);
  return stdout.trimEnd();
}
