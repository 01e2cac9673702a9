/** Settings as git takes them from its environment, which is no text to be quoted; a key may come twice. */
export function configEnv(settings: Iterable<readonly [key: string, value: string]>): Record<string, string> {
  const given = [...settings];
  const pairs = given.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return Object.fromEntries([...pairs, ["GIT_CONFIG_COUNT", String(given.length)]]);
}
