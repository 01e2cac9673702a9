import { guidePage, guideTopics, INDEX } from "../../actions/guide/guide.ts";
import { AyoError } from "../../error.ts";
import { nearest } from "../../ticket/nearest.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, CommandTable, Context } from "../table/command.ts";

/** `ayo help [topic]`: a page of the guide, a command's flags, or both where they have one name. */
export const help = (commands: CommandTable): Command => ({
  name: "help",
  summary: "Show a page of the guide, or the flags and examples of a command",
  positionals: [
    { name: "topic", required: false, complete: "topic" },
    { name: "verb…", required: false, many: true },
  ],
  flags: { all: { type: "boolean", describe: "every command, under headings" } },
  examples: [
    ["ayo help", "the commands of a day, and the topics of the guide"],
    ["ayo help --all", "every command"],
    ["ayo help claims", "a page of the guide"],
    ["ayo help close", "the flags of `ayo ticket close`"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const { helpOf } = await import("../help.ts");
    if (words.length === 0) return overview(flags.all === true, commands);
    const name = words.join(" ");
    const usage = await helpOf(words, commands);
    const page = guidePage(name);
    if (usage === undefined && page === undefined) throw await unknown(name, words, commands);
    const text = plain(page ?? "");
    if (flags.json === true) {
      const json = page === undefined ? { command: name, text: usage } : { topic: name, text, ...usageField(usage) };
      return { json, text: "" };
    }
    return show(context, usage, page === undefined ? undefined : text);
  },
});

const usageField = (usage: string | undefined) => (usage === undefined ? {} : { usage });

/** The commands, and every topic with what it is for. */
async function overview(isAll: boolean, table: CommandTable): Promise<Answer> {
  const { overviewText, wrapped } = await import("../help.ts");
  const commands = isAll ? await overviewText([], table) : (await import("../overview.ts")).EVERYDAY;
  const topics = guideTopics();
  const rows = topics.flatMap(({ name, about }) => {
    const [first = "", ...rest] = wrapped(about.replaceAll("`", "").replace(/\.$/, ""), 63);
    return [`  ${name.padEnd(15)}${first}`, ...rest.map((line) => " ".repeat(17) + line)];
  });
  const text = [commands, "The guide:", ...rows, ""].join("\n");
  return { json: { topics, text }, text, ids: topics.map(({ name }) => name) };
}

/** On a terminal through a pager, a little dressed; elsewhere as it is. */
async function show(context: Context, usage: string | undefined, page: string | undefined): Promise<Answer> {
  const { tty, host, paint, columns } = context;
  const isDressed = tty.stdout && paint.bold("x") !== "x";
  const shown =
    isDressed && page !== undefined
      ? (await import("../print/renderGuide.ts")).renderGuide(page, paint, columns)
      : page;
  const text = [usage, shown].filter((one) => one !== undefined).join("\n");
  const isShown = tty.stdout && page !== undefined && (await import("../terminal/pager.ts")).showInPager(host, text);
  return { json: undefined, text: isShown ? "" : text };
}

async function unknown(name: string, words: readonly string[], { all, aliases }: CommandTable): Promise<AyoError> {
  const lines = [...(await all()).keys(), ...(await aliases()).keys()];
  const verbs = lines.flatMap((one) => [one, one.replace(/^ticket /, "")]);
  const known = [...guideTopics().map((topic) => topic.name), INDEX, ...verbs];
  const near = nearest(name, known);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "'ayo help' lists them";
  return new AyoError("bad_usage", `there is no topic or command '${name}': ${hint}`, {
    try: ["ayo", "help", ...(near.length === 1 ? (near[0] as string).split(" ") : [])],
    data: { topic: words.join(" "), near },
  });
}
