import path from "node:path";
import type { Actor } from "../../store/open/identity/identity.ts";
import type { RunRecord } from "../../store/runs/record.ts";

/** The variables by which a run's processes are known, and know whose they are. */
export function ownVariables(
  { run, ticket, agent, token }: Pick<RunRecord, "run" | "ticket" | "agent" | "token">,
  { storeDir, person }: { readonly storeDir: string; readonly person: Actor },
): Record<string, string> {
  return {
    AYO_RUN: run,
    AYO_TICKET: ticket,
    AYO_AGENT: agent,
    AYO_CLAIM: token,
    TICKETS_DIR: storeDir,
    GIT_AUTHOR_NAME: agent.slice(1),
    GIT_AUTHOR_EMAIL: `${agent.slice(1)}@agents.ayo.invalid`,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}

/** A PATH on which `ayo` is this ayo, also where nobody has installed it. */
export function pathWith(folder: string, env: Readonly<Record<string, string>>): string {
  return [folder, env.PATH].filter(Boolean).join(path.delimiter);
}

/** A text without values that may open something, and without characters that a terminal would obey. */
export function masked(text: string, secrets: readonly string[]): string {
  let told = text;
  for (const secret of secrets) told = told.replaceAll(secret, "***");
  return told.replaceAll(/[\p{Cc}]/gu, (character) => (character === "\n" || character === "\t" ? character : ""));
}
