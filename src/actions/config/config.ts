import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { readStore } from "../../store/disk/view.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { CONFIG_FILE, MAX_CONFIG_BYTES, parseConfig } from "../../store/open/config.ts";
import type { Store } from "../../store/open/store.ts";
import { action, change, optionalText, type Written, writeOptions } from "../input/action.ts";
import { assertMayLift } from "../lifecycle/claims/rules.ts";
import { SETTABLE, setScalar } from "./setScalar.ts";
import { findSetting, type Setting, settingsOf } from "./settings.ts";

/** What `config` answers: one setting or all, and the file they may be changed in. */
export interface Configured extends Written {
  /** The absolute path of config.yml, which need not exist. */
  readonly path: string;
  readonly settings: readonly Setting[];
  /** Whether this call changed the file. */
  readonly changed: boolean;
}

const UNCHANGEABLE = "is written in a way that only a person can change";

const input = v.object({
  key: optionalText("a setting: prefix, archive.after, board.columns, …"),
  value: optionalText("its new value"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
});

type Input = v.InferOutput<typeof input>;

/** `ayo config [key] [value]`. */
export const config = action({
  name: "config",
  summary: "Show settings and where they come from, or change one",
  writes: true,
  input,
  run: async (store, input): Promise<Configured> => {
    if (input.key !== undefined && input.value !== undefined) {
      return set(store, input, { key: input.key, value: input.value });
    }
    const { settings } = await readSettings(store);
    const shown = input.key === undefined ? settings : [findSetting(settings, input.key)];
    return { path: path.join(store.dir, CONFIG_FILE), settings: shown, changed: false, commit: null, notices: [] };
  },
});

async function readSettings(store: Store): Promise<{ readonly settings: readonly Setting[] }> {
  const view = await readStore(store);
  return { settings: await settingsOf(store, view.config, readText(store)) };
}

interface Assignment {
  readonly key: string;
  readonly value: string;
}

/** @throws bad_input for a key or value that cannot be set, before anything is written */
async function set(store: Store, options: Input, wanted: Assignment): Promise<Configured> {
  const file = path.join(store.dir, CONFIG_FILE);
  findSetting((await readSettings(store)).settings, wanted.key);
  assertSettable(store, wanted, file);
  const outcome = await change(store, options, async (draft) => {
    if (isLifted(wanted)) assertMayLift(draft, wanted.key);
    const text = await ownText(readText(store), wanted, draft);
    const edited = setScalar(text, wanted.key, wanted.value);
    if (edited === undefined) throw editByHand(wanted.key, file, UNCHANGEABLE);
    const settings = await validated(store, edited, wanted, file);
    const result = { setting: findSetting(settings, wanted.key), changed: edited !== readText(store) };
    if (!result.changed) return { result };
    draft.put(CONFIG_FILE, edited);
    return { result, sentence: { subject: `config ${wanted.key}: ${wanted.value}`, tickets: [] } };
  });
  const { setting, changed } = outcome.result;
  return { ...outcome.written, path: file, settings: [setting], changed };
}

/** A person who sets a rule confirms what was changed of it by hand: it is as they say from now on. */
async function ownText(text: string, { key }: Assignment, { actor, view }: Draft): Promise<string> {
  const { [key.split(".")[0] as string]: waits, ...kept } = view.config.unconfirmed ?? {};
  if (actor.agent || waits === undefined) return text;
  const { withUnconfirmed } = await import("../../store/open/unconfirmedConfig.ts");
  return withUnconfirmed(text, kept);
}

/** Rules that people made for agents, and that an agent may only make stricter. */
function isLifted({ key, value }: Assignment): boolean {
  return (key === "review" || key === "close.criteria") && value !== "required";
}

function assertSettable({ journal }: Store, { key, value }: Assignment, file: string): void {
  if (!SETTABLE.includes(key)) throw editByHand(key, file, `cannot be set here (${SETTABLE.join(", ")} can)`);
  if (value.trim() === "" || /[\p{Cc}\u2028\u2029]/u.test(value)) {
    throw new AyoError("bad_input", `${key} needs a value on one line`, { data: { key } });
  }
  const isMode = value === "own" || value === "inline";
  if (key === "git" && isMode && journal !== undefined && journal.mode !== value) {
    const where = journal.mode === "own" ? "a repository of its own" : "the project's branch";
    throw new AyoError("bad_input", `this store has its history in ${where}; the setting alone would not move it`, {
      data: { key, mode: journal.mode },
    });
  }
}

/** Reads the edited text as the next command will: what else it says must be what it said before. */
async function validated(
  store: Store,
  edited: string,
  { key, value }: Assignment,
  file: string,
): Promise<readonly Setting[]> {
  const before = await settingsOf(store, await parseConfig(readText(store)), readText(store));
  const after = await settingsOf(store, await parseNew(edited, key, file), edited);
  const isRight = after.every((setting) => {
    if (setting.key === key || key.startsWith(`${setting.key}.`)) return findSetting(after, key).value === value;
    const was = before.find((one) => one.key === setting.key);
    return JSON.stringify(was?.value) === JSON.stringify(setting.value);
  });
  if (!isRight) throw editByHand(key, file, UNCHANGEABLE);
  return after;
}

async function parseNew(text: string, key: string, file: string): ReturnType<typeof parseConfig> {
  try {
    return await parseConfig(text);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const fact = /^config\.yml:\d+: (.*)$/s.exec(error.message)?.[1];
    // What YAML itself refuses is our edit's fault, not the value's.
    if (fact === undefined || fact.includes("YAML")) throw editByHand(key, file, UNCHANGEABLE);
    const message = fact.startsWith(key) ? fact : `${key}: ${fact}`;
    throw new AyoError("bad_input", message, { data: { key, allowed: error.data?.allowed }, cause: error });
  }
}

function editByHand(key: string, file: string, why: string): AyoError {
  return new AyoError("bad_input", `${key} ${why}: edit ${file}; the next command checks it`, {
    data: { key, path: file },
  });
}

/**
 * The file's text, or "" where there is none.
 * @throws bad_config where it cannot be read: what other commands do meanwhile is no answer to what it says
 */
function readText({ dir }: Store): string {
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (!(read instanceof Unread)) return read?.bytes.toString("utf8") ?? "";
  throw new AyoError("bad_config", `${CONFIG_FILE}: ${read.message}`, { data: { path: CONFIG_FILE } });
}
