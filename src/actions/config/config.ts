import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { configProblems } from "../../store/disk/configFile.ts";
import { readStore } from "../../store/disk/view.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { type Config, DEFAULT_KEEP_MS, MAX_CONFIG_BYTES, parseConfig } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import { loosened } from "../../ticket/rules/handGates.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { action, change, flag, optionalText, type Written, writeOptions } from "../input/action.ts";
import { assertMayLift } from "../lifecycle/claims/rules.ts";
import { searchSettings } from "../search/settings.ts";
import { trackersIn } from "../tracker/rules.ts";
import { viewsIn } from "../views/views.ts";
import { editYaml, valueAt, withValue, writtenAt } from "./editYaml.ts";
import { settableAt, settingFrom } from "./settable.ts";
import { findSetting, noSetting, placesOf, type Setting, settingsOf, type Written as Text } from "./settings.ts";

/** What `config` answers: one setting or all, and the file they may be changed in. */
export interface Configured extends Written {
  /** The absolute path of config.yml, which need not exist. */
  readonly path: string;
  readonly settings: readonly Setting[];
  /** Whether this call changed the file. */
  readonly changed: boolean;
  /** Keys of the file that nothing reads. */
  readonly problems: readonly Problem[];
}

const UNCHANGEABLE = "is written in a way that only a person can change";

const input = v.object({
  key: optionalText("a setting: prefix, archive.after, board.columns, …"),
  value: optionalText("its new value; lists as 'a, b', what has more to it as in config.yml"),
  unset: flag("take the setting out of the file: what holds without it holds again"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
});

type Input = v.InferOutput<typeof input>;

/** `ayo config [key] [value]`. */
export const config = action({
  name: "config",
  summary: "Show settings and where they come from, change one, or take it back",
  writes: true,
  input,
  run: async (store, input): Promise<Configured> => {
    const { key, value, unset = false } = input;
    if (unset && (key === undefined || value !== undefined)) {
      throw new AyoError("bad_input", "what is to be taken back is named by its key, without a value", {
        data: { field: "unset" },
      });
    }
    if (key !== undefined && (unset || value !== undefined)) return set(store, input, { key, value });
    const { config } = await readStore(store);
    const written = { config, ...readRaw(readText(store)) };
    const settings = settingsOf(store, written);
    return {
      path: path.join(store.dir, CONFIG_FILE),
      settings: key === undefined ? settings : [findSetting(settings, key, written)],
      changed: false,
      problems: configProblems(config),
      commit: null,
      notices: [],
    };
  },
});

/** Without a value the setting is taken out. */
interface Assignment {
  readonly key: string;
  readonly value: string | undefined;
}

/** @throws bad_input for a key or value that cannot be set, before anything is written */
async function set(store: Store, options: Input, wanted: Assignment): Promise<Configured> {
  const { key, value } = wanted;
  const file = path.join(store.dir, CONFIG_FILE);
  assertKnown(readText(store), wanted);
  assertMode(store, wanted);
  const outcome = await change(store, options, async (draft) => {
    const text = await ownText(readText(store), wanted, draft);
    const edited = edit(text, wanted, file);
    const after = await parseNew(edited, key, file);
    await assertAllowed(draft, [text, edited], key);
    const isUnknown = settableAt(key) === undefined;
    const written = { config: after, ...readRaw(edited) };
    const setting: Setting = isUnknown
      ? { key, value: null, source: "default", line: null }
      : findSetting(settingsOf(store, written), key, written);
    const result = { setting, changed: edited !== readText(store), problems: configProblems(after) };
    if (!result.changed) return { result };
    draft.put(CONFIG_FILE, edited);
    const subject = value === undefined ? `config ${key} unset` : `config ${key}: ${onOneLine(value)}`;
    return { result, sentence: { subject, tickets: [] } };
  });
  const { setting, ...result } = outcome.result;
  return { ...outcome.written, path: file, settings: [setting], ...result };
}

/** @throws bad_input for a key that is neither a setting nor, where it is to go, in the file */
function assertKnown(text: string, { key, value }: Assignment): void {
  if (settableAt(key) !== undefined) return;
  if (value !== undefined || valueAt(readRaw(text).raw, key.split(".")) === undefined) throw noSetting(key);
}

/** The text with the setting as it is wanted, at each place where it stands. */
function edit(text: string, { key, value }: Assignment, file: string): string {
  const settable = settableAt(key);
  const places = settable === undefined ? [key.split(".")] : placesOf(key);
  const { raw } = readRaw(text);
  if (value === undefined || settable === undefined) {
    return places.reduce((edited, place) => editAt(edited, place, undefined, { key, file }), text);
  }
  const place = places.find((one) => valueAt(raw, one) !== undefined) ?? places[0] ?? [];
  const above = place.slice(0, -1);
  const whole = valueAt(raw, above);
  if (above.length > 0 && whole !== undefined && (typeof whole !== "object" || Array.isArray(whole))) {
    const fact = `cannot be set beside '${above.join(".")}: ${String(whole)}'`;
    throw new AyoError("bad_input", `${key} ${fact}: set ${above.join(".")} to a mapping with all that it is to have`, {
      data: { key },
    });
  }
  return editAt(text, place, settingFrom(key, settable, value), { key, file });
}

function editAt(
  text: string,
  place: readonly string[],
  value: unknown,
  { key, file }: { readonly key: string; readonly file: string },
): string {
  const { raw } = readRaw(text);
  const written = writtenAt(raw, place);
  if (written === undefined && value === undefined) return text;
  if (JSON.stringify(written) === JSON.stringify(value)) return text;
  const edited = editYaml(text, place, withValue(raw, place, value));
  if (edited === undefined) throw editByHand(key, file, UNCHANGEABLE);
  return edited;
}

/**
 * Rules that people made for agents, which an agent may only make stricter: those that the file has, and that of the
 * key as it holds until a person confirms an edit by hand.
 * @throws needs_person
 */
async function assertAllowed({ actor, view }: Draft, texts: readonly [before: string, edited: string], key: string) {
  if (!actor.agent) return;
  const { withUnconfirmed } = await import("../../store/open/config/unconfirmedConfig.ts");
  const [before, after] = (await Promise.all(
    texts.map(async (text) => parseConfig(await withUnconfirmed(text, {}))),
  )) as [Config, Config];
  if (key.startsWith("trackers")) assertMayLift({ actor }, key);
  const holds = loosened(view.config.board, after.board).includes(key.split(".")[0] as string);
  const isLooser =
    loosened(before.board, after.board).length > 0 || isSharingLooser(before, after) || isKeptShorter(before, after);
  if (holds || isLooser) assertMayLift({ actor }, key);
}

/** Whether others are asked less about claims, or more may bring changes. */
function isSharingLooser({ sync: before }: Config, { sync: after }: Config): boolean {
  const strictness = (sync: Config["sync"]): number => ["off", "warn", "required"].indexOf(sync?.claims ?? "warn");
  return strictness(after) < strictness(before) || (before?.outbox === false && after?.outbox !== false);
}

/** What runs of agents did is evidence, which no agent has go sooner. */
function isKeptShorter(before: Config, after: Config): boolean {
  const time = ({ keepRuns = DEFAULT_KEEP_MS }: Config) => (keepRuns === "ever" ? Number.POSITIVE_INFINITY : keepRuns);
  return time(after) < time(before);
}

/** A person who sets a rule confirms what was changed of it by hand: it is as they say from now on. */
async function ownText(text: string, { key }: Assignment, { actor, view }: Draft): Promise<string> {
  const { [key.split(".")[0] as string]: waits, ...kept } = view.config.unconfirmed ?? {};
  if (actor.agent || waits === undefined) return text;
  const { withUnconfirmed } = await import("../../store/open/config/unconfirmedConfig.ts");
  return withUnconfirmed(text, kept);
}

function assertMode({ journal }: Store, { key, value = "own" }: Assignment): void {
  if (key !== "git" || journal === undefined || journal.mode === value || !["own", "inline"].includes(value)) return;
  const where = journal.mode === "own" ? "a repository of its own" : "the project's branch";
  throw new AyoError("bad_input", `this store has its history in ${where}; the setting alone would not move it`, {
    data: { key, mode: journal.mode },
  });
}

/** Reads the edited text as the next command will. */
async function parseNew(text: string, key: string, file: string): ReturnType<typeof parseConfig> {
  try {
    const config = await parseConfig(text);
    searchSettings(config);
    trackersIn(config);
    viewsIn(config);
    assertKnownValue(config, key);
    return config;
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const fact = /^config\.yml(?::\d+)?: (.*)$/s.exec(error.message)?.[1];
    // What YAML itself refuses is our edit's fault, not the value's.
    if (fact === undefined || fact.includes("YAML")) throw editByHand(key, file, UNCHANGEABLE);
    const message = fact.startsWith(key) ? fact : `${key}: ${fact}`;
    const together = /^search\.embeddings\./.test(key) && !fact.startsWith(key);
    throw new AyoError("bad_input", message, {
      ...(together ? { try: ["ayo", "config", "search.embeddings", "{url: …, model: …}"] } : {}),
      data: { key, allowed: error.data?.allowed },
      cause: error,
    });
  }
}

/** A file that comes from elsewhere may say what is not known here; who sets a key is to say what is. */
function assertKnownValue({ unknown = [] }: Awaited<ReturnType<typeof parseConfig>>, set: string): void {
  const odd = unknown.find(({ key, fact }) => fact !== undefined && (key === set || key.startsWith(`${set}.`)));
  if (odd?.fact === undefined) return;
  const allowed = odd.allowed.length === 0 ? "" : `; allowed: ${odd.allowed.join(", ")}`;
  throw new AyoError("bad_config", `config.yml:${odd.line}: ${odd.fact}${allowed}`, { data: { allowed: odd.allowed } });
}

function editByHand(key: string, file: string, why: string): AyoError {
  return new AyoError("bad_input", `${key} ${why}: edit ${file}; the next command checks it`, {
    data: { key, path: file },
  });
}

function onOneLine(value: string): string {
  const line = value.replaceAll(/\s+/g, " ").trim();
  return line.length > 60 ? "changed" : line;
}

function readRaw(text: string): Omit<Text, "config"> {
  const raw = parseYaml(text, { path: CONFIG_FILE, firstLine: 1 }) ?? {};
  return { text, raw: raw as Text["raw"] };
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
