import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";

/** What of an input names people. */
interface NamesPeople {
  readonly assignee?: string | undefined;
  readonly reviewer?: string | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly as?: string | undefined;
}

const KEYS: readonly string[] = ["assignee", "reviewer"];

/** An input with the caller's name in place of `@me`, which people and models write, wherever somebody can be named. */
export function withCaller<I extends NamesPeople>(store: Store, input: I): I {
  const { assignee, reviewer, set = {} } = input;
  const inSet = Object.entries(set).filter(([key, value]) => KEYS.includes(key) && isCaller(value));
  const named = Object.entries({ assignee, reviewer }).filter(([, value]) => isCaller(value));
  if (inSet.length === 0 && named.length === 0) return input;
  const { name } = actorOf(input.as, store);
  const replaced = (entries: readonly (readonly [string, string | undefined])[]) =>
    Object.fromEntries(entries.map(([key, value = ""]) => [key, namesOf(value).map(nameOr(name)).join(",")]));
  return { ...input, ...replaced(named), ...(inSet.length === 0 ? {} : { set: { ...set, ...replaced(inSet) } }) };
}

function isCaller(value: string | undefined): boolean {
  return value !== undefined && namesOf(value).some(isMe);
}

function nameOr(name: string): (typed: string) => string {
  return (typed) => (isMe(typed) ? name : typed);
}

function namesOf(value: string): string[] {
  return value.split(",").map((name) => name.trim());
}

function isMe(name: string): boolean {
  return /^@?me$/i.test(name);
}
