import { invoke } from "../../actions/input/action.ts";
import { update as updateAction } from "../../actions/update.ts";
import { deedLine } from "../print/deed.ts";
import { readyLines, warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { FILES, flagsOf } from "../table/flagsOf.ts";
import { keyAndValue } from "../table/keyAndValue.ts";

/** `ayo ticket update <id…>`. */
export const update: Command = {
  name: "ticket update",
  summary: updateAction.summary,
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  flags: flagsOf(updateAction.input, { omit: ["ids", "extra", "schemaName"], describe: FILES }),
  examples: [
    ["ayo ticket update ayo-x7k2 -p 0 --add-tag urgent", "changes those lines of the file, and no other"],
    ["ayo ticket update ayo-x7k2 --set estimate=3", "any key of the front matter"],
    ["ayo ticket update ayo-x7k2 -d - --replace < new.md", "replaces the description"],
  ],
  run: async (context, args) => {
    const { set, ...given } = args.flags;
    const isSchema = given.outputSchema !== undefined;
    const flags = isSchema ? (await import("./jsonFile.ts")).withSchema(context, given) : given;
    const input: Record<string, unknown> = { ...flags, ids: args.words };
    if (Array.isArray(set)) input.set = Object.fromEntries(set.map((text) => keyAndValue("set", text)));
    const updated = await invoke(updateAction, context.store(), input as never);
    warnWritten(context, updated);
    const ids = updated.tickets.map((ticket) => ticket.id);
    const list = ids.join(", ");
    const line = deedLine(updated, { did: `Updated ${list}`, would: `Would update ${list}`, same: list });
    return { json: { ...updated }, text: [line, ...readyLines(updated.nowReady)].join("\n"), ids };
  },
};
