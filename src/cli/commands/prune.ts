import { invoke } from "../../actions/input/action.ts";
import { type Gone, PRUNED, prune as pruneAction } from "../../actions/prune/prune.ts";
import { counted } from "../../ticket/counted.ts";
import { plain } from "../print/print.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

const WORDS: Readonly<Record<Gone["kind"], string>> = {
  run: "run",
  hook_log: "part of the hooks' log",
  set_aside: "set aside",
  claim: "ended claim",
  worktree: "worktree",
};

/** `ayo prune [--before 30d]`. */
export const prune: Command = {
  name: "prune",
  summary: pruneAction.summary,
  positionals: [],
  flags: flagsOf(pruneAction.input),
  examples: [
    ["ayo prune --dry-run", "what is older than 30 days and would go"],
    ["ayo prune --before 7d", "what is older than a week"],
  ],
  run: async (context, { flags }) => {
    const pruned = await invoke(pruneAction, context.store(), flags as never);
    const { removed, kept, packed, notices, dryRun } = pruned;
    if (dryRun) context.warn("dry run: nothing was changed");
    for (const notice of notices) context.warn(`note: ${notice}`);
    for (const { name, why } of kept) context.warn(`kept: worktree ${plain(name)}: ${plain(why)}`);
    const lines = PRUNED.flatMap((kind) => removed.filter((one) => one.kind === kind)).map(
      ({ kind, name, at }) => `${WORDS[kind]} ${plain(name)}${at === null ? "" : ` (${at.slice(0, 10)})`}`,
    );
    const head = `${dryRun ? "Would remove" : "Removed"} ${lines.length === 0 ? "nothing" : counted(lines.length, "thing")}`;
    const packs = packed.objects === 0 ? [] : [`Packed ${counted(packed.objects, "object")} of the history`];
    const text = [lines.length === 0 ? head : `${head}:`, ...lines.map((line) => `  ${line}`), ...packs].join("\n");
    return { json: { ...pruned }, text, ids: removed.map(({ name }) => name) };
  },
};
