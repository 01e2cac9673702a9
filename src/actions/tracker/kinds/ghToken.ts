import { AyoError } from "../../../error.ts";
import type { Host } from "../../../host.ts";
import { withoutOwnKeys } from "../../../ownKeys.ts";
import { askProgram } from "../../../store/allow/ready/askProgram.ts";
import { FACTS } from "./facts.ts";

/** The token that gh is signed in with, at a tracker's address. @throws remote_refused where it has none */
export async function ghToken(asker: Host, url: string): Promise<string> {
  const { host } = new URL(url);
  const words = url === FACTS.github.url ? [] : ["--hostname", host];
  const known = Object.entries(withoutOwnKeys(asker.env)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const answer = await askProgram("gh", ["auth", "token", ...words], Object.fromEntries(known), { host: asker });
  const token = answer?.code === 0 ? answer.text.trim() : "";
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const why = answer === undefined ? "gh cannot be started, or says nothing" : "gh has no token: 'gh auth login'";
  throw new AyoError("remote_refused", `${why}; or put GITHUB_TOKEN into the environment`, { data: { url } });
}
