import { personName } from "./lineOf.ts";

/** Somebody at a tracker. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
}

/** What a name looks like, whoever wrote it how. */
function look(name: string): string {
  return name
    .normalize("NFKC")
    .replaceAll(/[\p{Z}\p{Cf}\p{DI}]+/gu, "")
    .toLowerCase();
}

/**
 * Names here of people there, by their ids. Only config gives a name of ours: whoever calls himself like one of those, or
 * like an agent, is called otherwise. Somebody without a name has none here either.
 */
export function namesHere(
  users: readonly Person[],
  config: Readonly<Record<string, string>>,
  tracker: string,
): ReadonlyMap<string, string> {
  const taken = new Set(Object.keys(config).map(look));
  const names = new Map<string, string>();
  for (const { id, displayName } of users) {
    let name = personName(displayName);
    if (name === "") continue;
    while (taken.has(look(name))) name += ` (${tracker})`;
    names.set(id, name);
  }
  for (const [name, id] of Object.entries(config)) names.set(id, name);
  return names;
}
