import { type Adapter, programOf } from "./adapter.ts";
import { guarded } from "./guarded.ts";
import { protocolEvents } from "./protocol.ts";
import { coloured } from "./texts.ts";

/**
 * Any program: it reads its prompt from stdin, and what it prints is its answer, unless a line is one of `protocol.ts`.
 * It is told its session's name, and whether it has been there before.
 */
export const command: Adapter = {
  choosesSession: true,
  resumes: true,
  endsByEvent: false,
  takesSchema: false,
  launch: (launching) => ({
    argv: programOf(launching),
    env: { AYO_RUN_SESSION: launching.session, ...(launching.isResumed ? { AYO_RUN_RESUME: "1" } : {}) },
    files: {},
  }),
  parse: guarded((line) => protocolEvents(line) ?? [{ type: "text", text: coloured(line), isPart: true }]),
};
