import { type Host, untilInterrupted } from "../host.ts";
import { locateStore, type StoreChoice } from "../store/open/locate/locate.ts";
import type { Context, LineSaid } from "./table/command.ts";
import type { Terminal } from "./world.ts";

/** Runs one line; the one of run.ts. */
type Run = (argv: readonly string[], terminal: Terminal) => Promise<number>;

/** How a command runs other lines: in this process, and on the store that it was called for itself. */
export function linesWithin(run: Run, around: Terminal, choice: StoreChoice): Pick<Context, "runLine" | "runHere"> {
  const runKept = async (argv: readonly string[], over: Partial<Terminal>, isKept: boolean): Promise<LineSaid> => {
    const { asked: _, rawWords: __, ...terminal } = around;
    const said = { out: "", err: "" };
    const keep = (name: keyof typeof said) => (text: string) => {
      said[name] += text;
    };
    const host = inStore(over.host ?? terminal.host, choice);
    const kept = isKept ? { out: keep("out"), err: keep("err") } : {};
    return { code: await run(argv, { ...terminal, ...over, ...kept, host }), ...said };
  };
  return {
    runLine: (argv, { colours, columns }) => {
      const { FORCE_COLOR: _, ...env } = around.host.env;
      // Nobody can be asked, and what goes on by itself ends at once.
      const nobody: Partial<Terminal> = {
        host: { ...around.host, env: colours ? { ...env, FORCE_COLOR: "1" } : env },
        tty: { stdin: false, stdout: false, stderr: false },
        columns,
        stdin: async () => "",
        ask: async () => false,
        prompt: async () => "\n",
        untilSignal: async () => {},
      };
      return runKept(argv, nobody, true);
    },
    runHere: (argv, isKept) => runKept(argv, { untilSignal: untilInterrupted }, isKept),
  };
}

/** The same host where the store of a choice is the one that is meant unless a line names another. */
export function inStore(host: Host, choice: StoreChoice): Host {
  if (Object.keys(choice).length === 0) return host;
  const { AYO_SESSION: _, ...env } = host.env;
  return { ...host, env: { ...env, TICKETS_DIR: locateStore(choice, host).dir } };
}
