/** What the environment holds for ayo alone: the key of the embeddings' provider, the token of its server. */
const OWN_KEYS = ["AYO_EMBEDDINGS_KEY", "AYO_TOKEN"];

/** An environment for a program that ayo starts: what is ayo's own stays with it. */
export function withoutOwnKeys(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OWN_KEYS.includes(name.toUpperCase())));
}
