import { FACTS } from "../kinds/facts.ts";
import type { TrackerRules } from "../rules.ts";

type Place = Pick<TrackerRules, "name" | "place" | "placeId">;

/** How a ticket names its item: `linear:<id>`, `github:acme/web#12`. */
export function refOf({ name, place }: Place, key: string): string {
  return FACTS[name].isNumbered ? `${name}:${place}#${key}` : `${name}:${key}`;
}

/** The key of the item that an `external-ref` names, where it is one of this place; also by an issue's address, as an import has it. */
export function keyIn(ref: string, { name, place, placeId }: Place): string | undefined {
  if (!FACTS[name].isNumbered) return ref.startsWith(`${name}:`) ? ref.slice(name.length + 1) : undefined;
  const [, named, number] =
    /^(?:github:|https:\/\/github\.com\/)([\w.-]+\/[\w.-]+|\d+)(?:#|\/issues\/)([1-9]\d{0,15})$/.exec(ref) ?? [];
  return named === placeId || named?.toLowerCase() === place.toLowerCase() ? number : undefined;
}

/** The same for a place that is not the store's any more, whose name another one may have: by its id. */
export function refElsewhere({ name, placeId }: Pick<Place, "name" | "placeId">, key: string): string {
  return `${name}:${placeId}#${key}`;
}

/** What nothing else in the world is called: a new ticket's id is made of it. */
export function seedOf({ name, placeId }: Place, key: string): string {
  return FACTS[name].isNumbered ? `${name}:${placeId}:${key}` : `${name}:${key}`;
}
