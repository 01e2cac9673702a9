import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { ACCESS, AGENTS_FILE } from "../../store/open/agents/agentTypes.ts";
import { isAgentName, parseAgents } from "../../store/open/agents/parseAgents.ts";
import { PRESETS, type Preset, type PresetOf } from "../../store/open/agents/presets.ts";
import { formatScalar } from "../../ticket/text/formatScalar.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";
import { editYaml, withValue } from "../config/editYaml.ts";
import { action, change, optionalList, optionalText, type Written, writeOptions } from "../input/action.ts";
import { checkActor } from "../input/checkInput.ts";

/** What `agents add` answers. */
export interface AgentAdded extends Written {
  readonly name: string;
  /** Whether the file was changed: not where it has the same entry. */
  readonly changed: boolean;
  /** The line that has it run on this machine. */
  readonly try: readonly string[];
}

const HEADER =
  "# Agents of this store, and how ayo runs them. Nothing of it runs on a machine before 'ayo allow' there.\n";

/** `ayo agents add @coder --adapter claude`. */
export const agentsAdd = action({
  name: "agents add",
  summary: "Write an agent into agents.yml; it runs once a person allows it on this machine",
  writes: true,
  input: v.object({
    name: v.pipe(v.string(), v.description("what it is called: @coder")),
    adapter: v.optional(
      v.pipe(v.picklist(Object.keys(PRESETS) as Preset[]), v.description("how ayo talks to its program")),
    ),
    command: optionalList("what is started, word by word; the adapter's own program unless told"),
    role: optionalList("roles whose unassigned tickets it takes too: worker, reviewer"),
    max: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.description("how many runs at once; 1 unless told")),
    ),
    access: v.optional(v.pipe(v.picklist(ACCESS), v.description("what it may do to files; edit unless told"))),
    prompt: optionalText("a file of the store that its prompt is made from"),
    ...writeOptions,
  }),
  run: async (store, input): Promise<AgentAdded> => {
    deciderOf(store, input.as, "say which agents there are");
    const name = agentName(input.name);
    const entry = entryOf(input);
    const outcome = await change(store, input, async (draft) => {
      const text = read(path.join(store.dir, AGENTS_FILE));
      const edited = await edit(text, name, entry);
      const result = { changed: edited !== text };
      if (!result.changed) return { result };
      draft.put(AGENTS_FILE, edited);
      return { result, sentence: { subject: `agents: add ${name} (${input.adapter})`, tickets: [] } };
    });
    return { ...outcome.written, name, ...outcome.result, try: ["ayo", "allow", name] };
  },
});

type Input = v.InferOutput<typeof agentsAdd.input>;

function agentName(given: string): string {
  const name = checkActor(given.startsWith("@") ? given : `@${given}`);
  if (isAgentName(name)) return name;
  throw new AyoError("bad_input", `'${given}' is no name of an agent: @coder`, { data: { field: "name" } });
}

function entryOf({ adapter, command, role, max, access, prompt }: Input): Readonly<Record<string, unknown>> {
  if (adapter === undefined) {
    const known = Object.keys(PRESETS).join(", ");
    throw new AyoError("bad_input", `which program is it? --adapter ${known}`, { data: { field: "adapter" } });
  }
  const preset: PresetOf = PRESETS[adapter];
  const started = command ?? preset.command;
  if (started === undefined) {
    throw new AyoError("bad_input", `--adapter ${adapter} needs a --command: what it starts`, {
      data: { field: "command" },
    });
  }
  return {
    adapter: preset.adapter,
    command: started,
    ...(role === undefined ? {} : { roles: role }),
    ...(max === undefined ? {} : { max }),
    ...(access === undefined ? {} : { access }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

function read(file: string): string {
  const found = readStoreFile(file);
  if (found === undefined) return "";
  if (found instanceof Unread) throw new AyoError("bad_config", `${AGENTS_FILE} cannot be read: ${found.message}`);
  return found.bytes.toString("utf8");
}

/** @throws bad_config where the file is wrong before or would be, bad_input where it can only be changed by hand */
async function edit(text: string, name: string, entry: Readonly<Record<string, unknown>>): Promise<string> {
  await assertRight(text);
  const raw = (parseYaml(text, { path: AGENTS_FILE, firstLine: 1 }) ?? {}) as Record<string, unknown>;
  const wanted = withValue(raw, ["agents", name], entry);
  if (isSame(raw, wanted)) return text;
  const appended = withBlock(text === "" ? HEADER : text, name, entry);
  const edited = isSame(parsedOr(appended), wanted) ? appended : editYaml(text, ["agents", name], wanted);
  if (edited === undefined) {
    throw new AyoError(
      "bad_input",
      `${AGENTS_FILE} is written in a way that only a person can change: add ${name} by hand`,
    );
  }
  await assertRight(edited);
  return edited;
}

function isSame(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
  return isDeepStrictEqual(plain(one), plain(other));
}

function parsedOr(text: string): unknown {
  try {
    return parseYaml(text, { path: AGENTS_FILE, firstLine: 1 });
  } catch {
    // Written in another way than blocks: what is tried next knows more of them.
    return undefined;
  }
}

/** The text with an entry as people write one, at the end of the agents, or of the file. */
function withBlock(text: string, name: string, entry: Readonly<Record<string, unknown>>): string {
  const block = (indent: string): string[] => [
    `${indent}'${name}':`,
    ...Object.entries(entry).map(([key, value]) => `${indent}${indent}${key}: ${valueText(value)}`),
  ];
  const lines = text.trimEnd().split("\n");
  const at = lines.findIndex((line) => /^agents:\s*(?:#.*)?$/.test(line));
  if (at < 0) return [...lines, "agents:", ...block("  "), ""].join("\n");
  const rest = lines.slice(at + 1);
  const next = rest.findIndex((line) => /^[^\s#]/.test(line));
  const end = next < 0 ? lines.length : at + 1 + next;
  const indent = /^ +/.exec(rest.find((line) => /^ +[^\s#]/.test(line)) ?? "")?.[0] ?? "  ";
  return [...lines.slice(0, end), ...block(indent), ...lines.slice(end), ""].join("\n");
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => formatScalar(String(one), { flow: true })).join(", ")}]`;
  return typeof value === "number" ? String(value) : formatScalar(String(value));
}

async function assertRight(text: string): Promise<void> {
  const { problems } = await parseAgents(text);
  const [first] = problems;
  if (first === undefined) return;
  throw new AyoError("bad_config", `${AGENTS_FILE}:${first.line}: ${first.message}`, { data: { ...first } });
}
