import { call, refusal } from "../data/api.ts";
import { runVerb } from "../data/commands.ts";
import { toast } from "../page/toasts.tsx";
import { say } from "../words/say.ts";

/** Ends a run and all that it started, and says how that went. */
export async function stopRun(run: string): Promise<void> {
  try {
    const { stopped, notices } = await call<{ readonly stopped: boolean; readonly notices: readonly string[] }>(
      `/runs/${encodeURIComponent(run)}/stop`,
      { body: {} },
    );
    toast({ text: stopped ? say.agents.stopped(run) : say.agents.stopping(run), kind: "done" });
    for (const notice of notices) toast({ text: notice, kind: "note" });
  } catch (error) {
    toast({ text: refusal(error), kind: "error" });
  }
}

/** Has a ticket's agent started again; what is refused is said. */
export async function retryRun(ticket: string): Promise<void> {
  await runVerb(ticket, "retry");
}
