import { AyoError } from "../../error.ts";

/** The fields that hold ids: only there `$name` stands for a ticket; in texts it is what it says. */
const ID_FIELDS = new Set(["id", "ids", "dep", "deps", "parent", "blocks", "of", "links"]);

/** Names that the lines of a batch give to their tickets, for the lines after them. */
export interface Names {
  /** Name to ticket id. */
  readonly ids: Readonly<Record<string, string>>;
  /** Gives a name to a ticket. @throws bad_input when it is no name, or taken */
  set(name: unknown, found: readonly string[]): void;
  /** The input with the ids of the tickets that it names. @throws bad_input for a name that no earlier line gave */
  resolve(input: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** No names yet. */
export function localNames(): Names {
  const ids: Record<string, string> = {};
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    return typeof value === "string" ? value.replaceAll(/\$([\w-]*)/g, (_, name: string) => idOf(name)) : value;
  };
  const idOf = (name: string): string => {
    const id = Object.hasOwn(ids, name) ? ids[name] : undefined;
    if (id !== undefined) return id;
    const known = Object.keys(ids).map((one) => `$${one}`);
    const hint = known.length === 0 ? "no line before gave a name" : `there are ${known.join(", ")}`;
    throw new AyoError("bad_input", `no line before is named '${name}'; ${hint}`, { data: { name } });
  };
  return {
    ids,
    set: (name, found) => {
      if (typeof name !== "string" || !/^[A-Za-z][\w-]{0,63}$/.test(name)) {
        throw new AyoError("bad_input", `'${name}' is no name: use letters, digits, '_' and '-'`);
      }
      if (Object.hasOwn(ids, name)) throw new AyoError("bad_input", `two lines are named '${name}'`);
      const [id] = found;
      if (id === undefined || found.length > 1) {
        throw new AyoError("bad_input", `the name '${name}' is for one ticket, not ${found.length}`);
      }
      ids[name] = id;
    },
    resolve: (input) =>
      Object.fromEntries(
        Object.entries(input).map(([key, value]) => [key, ID_FIELDS.has(key) ? replace(value) : value]),
      ),
  };
}
