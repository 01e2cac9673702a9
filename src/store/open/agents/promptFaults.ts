import { type StoreFile, Unread } from "../../files/storeFile.ts";
import type { Store } from "../store.ts";
import type { AgentEntry } from "./agentTypes.ts";
import { ownModes } from "./modePrompt.ts";
import { readPrompt } from "./readPrompt.ts";

/** What a prompt may name as `{{id}}`. */
export const PROMPT_VARIABLES = ["id", "title", "agent", "branch", "where", "status", "ticket", "blockers"] as const;

/** `{{ name }}` in a prompt. */
export const PROMPT_VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

type Place = Pick<Store, "dir">;

/** Why the prompt of an agent's own cannot be used, as a sentence; undefined where it can, or there is none. */
export function whyNoPrompt(store: Place, { name, prompt }: Pick<AgentEntry, "name" | "prompt">): string | undefined {
  const read = prompt === undefined ? undefined : readPrompt(store, prompt);
  // That it is not there is told with what the agent does.
  const why = read === undefined ? undefined : whyUnusable(`${prompt}`, read);
  return why === undefined ? undefined : `the prompt of ${name}: ${why}`;
}

/** The same for each prompt of a mode that a store has itself, by its mode. */
export function modeFaults(store: Place): ReadonlyMap<string, string> {
  const faults = ownModes(store).map(({ mode, file, read }) => [mode, whyUnusable(file, read)] as const);
  return new Map(faults.flatMap(([mode, fault]) => (fault === undefined ? [] : [[mode, fault]])));
}

/** Why a prompt cannot be used: it cannot be read, says nothing, or names what there is not. Undefined where it can. */
export function whyUnusable(file: string, read: StoreFile | Unread): string | undefined {
  if (read instanceof Unread) return `${file}: ${read.message}`;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(read.bytes);
  } catch {
    return `${file} is not UTF-8`;
  }
  if (text.trim() === "") return `${file} is empty`;
  const unknown = [...text.matchAll(PROMPT_VARIABLE)].map(([, name = ""]) => name).filter((name) => !isVariable(name));
  const known = PROMPT_VARIABLES.join(", ");
  return unknown.length === 0 ? undefined : `${file} names {{${unknown[0]}}}; there are ${known}`;
}

function isVariable(name: string): boolean {
  return (PROMPT_VARIABLES as readonly string[]).includes(name);
}
