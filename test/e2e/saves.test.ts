import {
  appendFileSync,
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { gitRepo } from "../helpers/gitRepo.ts";
import { startActor } from "../helpers/interleaving/process.ts";
import { type LineCommit, lineHistory } from "../helpers/lineHistory.ts";
import { removeTree, tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: 600_000 });

/** The last looks before a rename are three calls, of which each is to see what somebody renames there. */
const STEP = LONG ? 1 : 3;
const ID = "t-1";
const LINE = "A line of somebody's.";
const NOTE = "A note of the command's.";

/** How somebody saves a ticket's file: at once, or what is left of it when the command has ended. */
const SAVES: Readonly<Record<string, (file: string) => (() => void) | undefined>> = {
  "renames over it": (file) => {
    const beside = path.join(path.dirname(file), ".beside.swp");
    writeFileSync(beside, `${readFileSync(file, "utf8")}${LINE}\n`);
    renameSync(beside, file);
    return undefined;
  },
  "appends to it": (file) => {
    appendFileSync(file, `${LINE}\n`);
    return undefined;
  },
  "has it open and appends later": (file) => {
    const handle = openSync(file, "a");
    return () => {
      writeSync(handle, `${LINE}\n`);
      closeSync(handle);
    };
  },
  "takes it away and writes it anew": (file) => {
    const text = readFileSync(file, "utf8");
    rmSync(file);
    writeFileSync(file, `${text}${LINE}\n`);
    return undefined;
  },
};

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  note: ["ticket", "note", ID, NOTE],
  update: ["ticket", "update", ID, "--set", `who=${NOTE}`],
  close: ["ticket", "close", ID, "-m", NOTE],
};

let templates: readonly TempStore[] = [];
beforeAll(async () => {
  const removals: (() => void)[] = [];
  const make = async (inline: boolean): Promise<TempStore> => {
    const store = await tempStore({ inline, at: gitRepo((remove) => removals.push(remove)) });
    const input = JSON.stringify({ id: ID, title: "Saved by everybody", description: "Text" });
    expect((await store.run(["import", "-", "--from", "jsonl"], { input })).code).toBe(0);
    await store.ayo("ticket", "note", ID, "The first note.");
    return store;
  };
  templates = [await make(false), await make(true)];
  return () => {
    for (const remove of removals) remove();
  };
});

/** Works on a copy of a store with one ticket. */
async function onCopy<T>(inline: boolean, work: (store: TempStore) => Promise<T>): Promise<T> {
  const folder = tempDir(() => {});
  const dir = path.join(folder, "p");
  cpSync((templates[inline ? 1 : 0] as TempStore).dir, dir, { recursive: true, preserveTimestamps: true });
  try {
    return await work(storeIn(dir, inline));
  } finally {
    removeTree(folder);
  }
}

/** How many calls of the disk of a command name the ticket. */
function callsOf(inline: boolean, args: readonly string[]): Promise<number> {
  return onCopy(inline, async (store) => {
    const actor = startActor(store.dir, args, { at: { call: 0, by: "SIGSTOP", of: ID } });
    expect((await actor.ended).code).toBe(0);
    return actor.calls();
  });
}

const times = (text: string, wanted: string): number => text.split(wanted).length - 1;

/** What is wrong after somebody saved before that call of a command. */
async function saveBefore(
  store: TempStore,
  args: readonly string[],
  call: number,
  save: (file: string) => (() => void) | undefined,
): Promise<readonly string[]> {
  const file = path.join(store.tickets, `${ID}.md`);
  const actor = startActor(store.dir, [...args, "--json"], { at: { call, by: "SIGSTOP", of: ID } });
  await actor.still();
  const stands = actor.standsBefore();
  const [name = "", , to = ""] = stands;
  // Between its last look and its rename ayo cannot know of a file that is put there just then.
  const isTooLate = name === "renameSync" && to === file;
  const later = isTooLate ? SAVES["appends to it"]?.(file) : save(file);
  actor.signal("SIGCONT");
  const { code, stdout, stderr } = await actor.ended;
  later?.();
  await store.ayo("ticket", "create", "Later");
  const wrong = code === 0 ? [] : [`it ended with ${code}: ${stderr}`];
  const text = store.text(ID);
  const { commit } = JSON.parse(stdout || "{}") as { commit?: string };
  const commits = lineHistory(store.repo, path.relative(store.repo, file));
  const adding = (wanted: string) => commits.filter((one) => addedBy(one).some((line) => line.includes(wanted)));
  for (const wanted of [LINE, NOTE]) {
    if (times(text, wanted) !== 1) wrong.push(`'${wanted}' is there ${times(text, wanted)} times`);
    if (adding(wanted).length !== 1) wrong.push(`'${wanted}' was committed ${adding(wanted).length} times`);
  }
  if (adding(NOTE)[0]?.oid !== commit) wrong.push("the note is in another commit");
  if (adding(LINE)[0]?.isByHand !== true) wrong.push("the line is in the command's commit");
  try {
    store.judge();
  } catch (error) {
    wrong.push((error as Error).message);
  }
  return wrong.map((fact) => `call ${call} (${stands.join(" ").replaceAll(store.dir, "")}): ${fact}`);
}

const addedBy = ({ files }: LineCommit): readonly string[] => [...files.values()].flatMap(({ added }) => added);

const ALL = Object.keys(SAVES).flatMap((way) =>
  Object.keys(COMMANDS).flatMap((name) => [false, true].map((inline) => [way, name, inline] as const)),
);
const QUICK = [["renames over it", "note", false]] as const;

describe("somebody who saves a ticket while a command changes it, before whatever call that names it", () => {
  test.each(LONG ? ALL : QUICK)("%s: %s, inline %s", async (way, name, inline) => {
    const args = COMMANDS[name] as readonly string[];
    const save = SAVES[way] as (typeof SAVES)[string];
    const calls = await callsOf(inline, args);
    expect(calls).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (let call = 1; call <= calls; call += STEP)
      wrong.push(...(await onCopy(inline, (store) => saveBefore(store, args, call, save))));
    expect(wrong).toEqual([]);
  });
});
