import type { Paint } from "../table/command.ts";

const same = (text: string): string => text;
const NONE: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, blue: same, cyan: same };

/**
 * Colours for a terminal that wants them: NO_COLOR and TERM=dumb win, FORCE_COLOR asks for them anyway. Where there
 * are none picocolors is not loaded: it asks process.stdout, which costs 5 ms.
 */
export async function paintOf(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Promise<Paint> {
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" ? true : terminal;
  if (!wanted || env.NO_COLOR || env.TERM === "dumb") return NONE;
  return (await import("picocolors")).default.createColors(true);
}
