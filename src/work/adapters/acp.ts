import { type Adapter, programOf } from "./adapter.ts";
import { parseProtocol } from "./protocol.ts";

/**
 * Programs that speak the Agent Client Protocol. What is started is ayo's own client (`../acp/client.ts`), which starts
 * the program, asks it for its work and tells of it in the lines of `protocol.ts`.
 */
export const acp: Adapter = {
  choosesSession: false,
  resumes: true,
  endsByEvent: true,
  takesSchema: false,
  hears: (text) => `${JSON.stringify({ text })}\n`,
  launch: (launching) => {
    const { ayo, entry, own, session, isResumed, storeDir } = launching;
    return {
      argv: [
        ...ayo,
        ...["work-acp", "--lines", "--access", entry.access, `--store=${storeDir}`],
        ...(isResumed ? [`--resume=${session}`] : []),
        // By name: values are secrets, and everybody sees the words of a process.
        ...Object.keys(own).map((name) => `--pass=${name}`),
        ...ayo.map((word) => `--ayo=${word}`),
        ...["--", ...programOf(launching)],
      ],
      env: {},
      files: {},
    };
  },
  parse: parseProtocol,
};
