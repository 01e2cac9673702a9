import type { Host } from "../../host.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";

/** What may open something: programs get it only where their agent's `env:` names it. */
const SECRET = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|^SSH_AUTH_SOCK$/i;
/** What a harness, a git command or an ayo around this process says of itself is nothing of the run's. */
const AROUND =
  /^(?:CLAUDECODE$|CLAUDE_CODE_|CODEX_|GEMINI_CLI|OPENCODE|QWEN_CODE|COPILOT_CLI|PI_CODING_AGENT|CLINE_|AI_AGENT$|AGENT$|AYO_(?!HOME$)|TICKETS_DIR$|GIT_(?!CONFIG_GLOBAL$|CONFIG_SYSTEM$|CONFIG_NOSYSTEM$)|INIT_CWD$|npm_)/;
/** A shorter value is a word that stands anywhere. */
const MIN_SECRET = 8;

/** The variables of this process that a run of an agent gets: none that may open something, but those that are named. */
export function inheritedBy({ env }: Pick<Host, "env">, named: readonly string[]): Record<string, string> {
  const kept = Object.entries(withoutOwnKeys(env, named)).filter(
    ([name]) => named.includes(name) || !(SECRET.test(name) || AROUND.test(name)),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The values of variables that may open something, which are struck from whatever ayo writes about a run. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SECRET.test(name) && value !== undefined && value.length >= MIN_SECRET ? [value] : [],
  );
}
