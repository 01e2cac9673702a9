import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkMessage as checkAction, type MessageCheck } from "../../actions/hooks/checkMessage.ts";
import { hooksInstall as installAction } from "../../actions/hooks/hooksInstall.ts";
import { hooksUninstall as uninstallAction } from "../../actions/hooks/hooksUninstall.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { didOrWould } from "../print/deed.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo hooks install`. */
export const hooksInstall: Command = {
  name: "hooks install",
  summary: installAction.summary,
  positionals: [],
  flags: flagsOf(installAction.input, { omit: ["storeFlags"] }),
  examples: [
    ["ayo hooks install", "a commit-msg hook; one that is there runs first"],
    ["ayo hooks install --require", "messages without a ticket are refused too"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const store = context.store({ create: true });
    const storeFlags = [
      ...(flags.dir === undefined ? [] : ["--dir", path.resolve(context.host.cwd, String(flags.dir))]),
      ...(flags.session === undefined ? [] : ["--session", String(flags.session)]),
      ...(flags.global === true ? ["--global"] : []),
    ];
    const installed = await invoke(installAction, store, {
      require: flags.require === true,
      storeFlags,
      dryRun: flags.dryRun === true,
    });
    const { file, chained, changed, husky, perWorktree } = installed;
    if (installed.dryRun) context.warn("dry run: nothing was changed");
    if (store.journal === undefined)
      context.warn("note: there is no store here yet; until there is, every message passes");
    if (perWorktree)
      context.warn(
        `note: core.hooksPath is relative: other worktrees need ${path.basename(file)} of their own${husky ? ", so commit it" : ""}`,
      );
    if (!isOnPath(context.host))
      context.warn("note: ayo is not on your PATH: the hook lets every message pass until it is");
    const what = changed ? didOrWould(installed, "Installed", "Would install") : "Unchanged";
    const kept = chained === null ? [] : [`the hook that was there runs first: ${plain(chained)}`];
    return { json: { ...installed }, text: [`${what} ${plain(file)}`, ...kept].join("\n") };
  },
};

/** Where the hook will look for it. */
function isOnPath({ env, cwd }: Context["host"]): boolean {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return [...folders, path.join(cwd, "node_modules", ".bin")].some((folder) => existsSync(path.join(folder, "ayo")));
}

/** `ayo hooks uninstall`. */
export const hooksUninstall: Command = {
  name: "hooks uninstall",
  summary: uninstallAction.summary,
  positionals: [],
  flags: flagsOf(uninstallAction.input),
  examples: [["ayo hooks uninstall", "the repository is as it was before"]],
  run: async (context, { flags }): Promise<Answer> => {
    const answer = await invoke(uninstallAction, context.store({ create: true }), flags as never);
    if (answer.dryRun) context.warn("dry run: nothing was changed");
    const lines = answer.removed.map(
      ({ file, restored }) =>
        `${didOrWould(answer, "Removed", "Would remove")} ${plain(file)}${restored ? `; the hook that was there before ${didOrWould(answer, "is", "would be")} back` : ""}`,
    );
    return {
      json: { ...answer },
      text: lines.length === 0 ? "nothing to do: no hook of ayo's is installed" : lines.join("\n"),
    };
  },
};

/** `ayo hooks check-message [text|-]`. */
export const checkMessage: Command = {
  name: "hooks check-message",
  summary: checkAction.summary,
  positionals: [{ name: "text", required: false }],
  flags: {
    commit: { type: "string", describe: "a file with a commit's message: any form, but its tickets must exist" },
    require: { type: "boolean", describe: "with --commit: it must name a ticket" },
  },
  examples: [
    ['ayo hooks check-message "Phase 2: Build login - TICKET: ayo-x7k2"', "exit 1 with the reason if it is wrong"],
    ["ayo hooks check-message --commit .git/COMMIT_EDITMSG", "what the commit-msg hook asks"],
  ],
  run: async (context, args): Promise<Answer> => {
    const { commit, require: isRequired } = args.flags;
    if (commit !== undefined) return checkCommitFile(context, args, String(commit));
    if (isRequired === true) throw new AyoError("bad_usage", "--require goes with --commit");
    const check = await invoke(checkAction, context.store(), { text: await textOf(context, args) });
    return answer(context, check);
  },
};

async function textOf(context: Context, { words: [typed] }: Args): Promise<string> {
  if (typed !== undefined && typed !== "-") return typed;
  if (typed === undefined && context.tty.stdin) {
    throw new AyoError("bad_usage", "hooks check-message: text is missing", {
      try: ["ayo", "hooks", "check-message", "…"],
    });
  }
  return context.stdin();
}

/** A commit is never held up by anything but its message: no store, a broken configuration, a bug of ours. */
async function checkCommitFile(context: Context, { words, flags }: Args, file: string): Promise<Answer> {
  if (words.length > 0) throw new AyoError("bad_usage", "--commit goes without a text");
  const text = readMessage(path.resolve(context.host.cwd, file));
  try {
    const check = await invoke(checkAction, context.store(), { text, commit: true, require: flags.require === true });
    const hint = check.valid ? [] : [`try: git commit --edit --file=${plain(file)}`];
    return answer(context, check, hint);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    context.warn(`note: the commit message was not checked: ${plain(error.message)}`);
    return { json: { valid: true, reasons: [], tickets: [], unknown: [], unchecked: error.code }, text: "" };
  }
}

function readMessage(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AyoError("bad_input", `cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function answer(context: Context, check: MessageCheck, hints: readonly string[] = []): Answer {
  for (const reason of check.reasons) context.warn(`error: ${plain(reason)}`);
  for (const hint of hints) context.warn(hint);
  return { json: { ...check }, text: "", ids: check.tickets, code: check.valid ? 0 : 1 };
}
