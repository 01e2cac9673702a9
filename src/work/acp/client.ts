import { AgentProcess } from "./agentProcess.ts";
import type { AcpLimits, AcpOptions } from "./options.ts";
import { AcpTurn, type Result } from "./turn.ts";
import type { Say } from "./updates.ts";

const LIMITS: AcpLimits = { start: 120_000, stop: 2_000 };
/** What a shell says of a process that SIGTERM ended. */
const STOPPED = 143;

/**
 * Runs an agent for one prompt, tells of it by `write`, and ends it. The exit status: 0, 1, or 143 once stopped.
 * @throws what `write` throws: then nobody hears of the work, and it ends
 */
export async function runAcp(options: AcpOptions): Promise<number> {
  const limits = { ...LIMITS, ...options.limits };
  const child = new AgentProcess(options);
  let lost: unknown;
  const say: Say = (line) => {
    if (lost !== undefined) return;
    try {
      options.write(`${JSON.stringify(line)}\n`);
    } catch (error) {
      lost = error;
      turn.abandon("what it says cannot be written down");
    }
  };
  const turn: AcpTurn = new AcpTurn(options, child.process, limits, say);
  void child.gone.then((why) => turn.abandon(why, true));
  let isStopped = false;
  void options.stop.then(() => {
    isStopped = true;
    turn.cancel();
  });
  const result: Result = await turn.work();
  const wasStopped = isStopped;
  say({ type: "result", ...(wasStopped ? { ...result, ok: false, why: "it was stopped" } : result) });
  await child.end(wasStopped ? 0 : limits.stop, limits.stop);
  if (lost !== undefined) throw lost;
  if (wasStopped) return STOPPED;
  return result.ok ? 0 : 1;
}
