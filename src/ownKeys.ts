/** What the environment holds for ayo alone: the keys of the embeddings' provider and of a tracker, the token of its server. */
const OWN_KEYS = ["AYO_EMBEDDINGS_KEY", "AYO_TOKEN", "LINEAR_API_KEY"];
/** What others have a use for too: git, to push, and agents whose `env:` names it. Nobody else is given it. */
const LENT_KEYS = ["GITHUB_TOKEN"];

/** An environment for a program that ayo starts: what is ayo's own stays with it; `lent` may be among {@link LENT_KEYS}. */
export function withoutOwnKeys(
  env: Readonly<Record<string, string | undefined>>,
  lent: readonly string[] = [],
): NodeJS.ProcessEnv {
  const withheld = [...OWN_KEYS, ...LENT_KEYS.filter((name) => !lent.includes(name))];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.includes(name.toUpperCase())));
}
