import path from "node:path";
import { type CreateInput, create as createAction } from "../../actions/create.ts";
import { invoke } from "../../actions/input/action.ts";
import type { SimilarTicket } from "../../actions/search/similar.ts";
import { AyoError } from "../../error.ts";
import { ticketLine, warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { FILES, flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket create [title]`. */
export const create: Command = {
  name: "ticket create",
  summary: createAction.summary,
  positionals: [{ name: "title", required: false, text: "title" }],
  flags: {
    ...flagsOf(createAction.input, { omit: ["schemaName"], describe: FILES }),
    edit: { type: "boolean", describe: "write the text in $EDITOR first" },
  },
  examples: [
    ['ayo ticket create "Build login" -p 1 --tags auth', "prints the new id"],
    ['ayo ticket create "Add JWT" --deps ayo-x7k2 -a @coder', "waits until ayo-x7k2 is closed"],
    ["ayo ticket create \"Crash on empty input\" -t bug -d - <<'EOF'", "reads the description from stdin"],
    ['ayo ticket create "Weekly report" --once report-w47', "a retry returns the same ticket"],
  ],
  run: async (context, args): Promise<Answer> => {
    const isLater = args.flags.edit === true && !(await import("../terminal/editor.ts")).hasEditor(context);
    const { edit, ...flags } = args.flags;
    const input = await readInput(context, isLater ? { ...args, flags } : args);
    const store = context.store({ create: true });
    const { ticket, created, similar, notCompared = 0, ...written } = await invoke(createAction, store, input);
    warnWritten(context, written);
    for (const line of similarLines(similar, context)) context.warn(line);
    if (!args.flags.quiet) warnNotCompared(context, notCompared);
    if (isLater && !written.dryRun) {
      context.warn(
        `note: there is no terminal for an editor; the text is in ${plain(path.join(store.dir, ticket.path))}`,
      );
    }
    // A dry run's id is made up: nobody should note it down.
    const ids = written.dryRun && created ? [] : [ticket.id];
    const rest = notCompared > 0 ? { similar, notCompared } : { similar };
    const text = ids.length === 0 ? `Would create a ticket: ${plain(ticket.title)}` : ids.join("\n");
    return { json: { ticket, created, ...rest, ...written }, text, ids };
  },
};

function warnNotCompared(context: Context, count: number): void {
  if (count === 0) return;
  const tickets = count === 1 ? "1 ticket was" : `${count} tickets were`;
  context.warn(`note: ${tickets} not compared yet; 'ayo ticket duplicates' looks at all`);
}

async function readInput(context: Context, { words, flags }: Args): Promise<CreateInput> {
  const { edit, ...given } = flags;
  const rest = await schemaRead(context, given);
  const title = words[0] ?? flags.title;
  const input = { ...rest, title: title ?? "" } as CreateInput;
  if (edit === true) {
    const { composeTicket } = await import("../terminal/editor.ts");
    return composeTicket(context, input);
  }
  if (title === undefined) {
    // gh has -t for it.
    const hint = /\s/.test(String(flags.type ?? "")) ? " (-t is the type; --title is the title)" : "";
    throw new AyoError("bad_usage", `create: title is missing${hint}`, {
      try: ["ayo", "ticket", "create", "Build login"],
    });
  }
  return input;
}

async function schemaRead(context: Context, flags: Args["flags"]): Promise<Record<string, unknown>> {
  return flags.outputSchema === undefined ? flags : (await import("./jsonFile.ts")).withSchema(context, flags);
}

/** One line a candidate: `similar: ayo-x7k2 [open] - Build login`. */
function similarLines(similar: readonly SimilarTicket[], { paint }: Context): string[] {
  return similar.map((one) => `similar: ${ticketLine(one, paint)}`);
}
