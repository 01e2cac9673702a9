import pico from "picocolors";
import type { Paint } from "./command.ts";

/** Colours for a terminal that wants them: NO_COLOR and TERM=dumb win, FORCE_COLOR asks for them anyway. */
export function paintOf(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" ? true : terminal;
  return pico.createColors(wanted && !env.NO_COLOR && env.TERM !== "dumb");
}
