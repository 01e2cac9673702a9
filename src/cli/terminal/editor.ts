import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CreateInput } from "../../actions/create.ts";
import { inputText } from "../../actions/input/inputText.ts";
import { AyoError } from "../../error.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";
import type { Context } from "../table/command.ts";

/** Editors that draw on a terminal; others open a window, or are scripts. */
const ON_TERMINAL = /^(?:vim?|nvim|view|nano|pico|emacs|micro|hx|helix|joe|jed|mcedit|ne|kak|ed)$/;

/** Whether there is an editor to open: vi and its like need a terminal. */
export function hasEditor({ tty, host }: Context): boolean {
  return (tty.stdin && tty.stdout) || !ON_TERMINAL.test(path.basename(editorOf(host)[0]));
}

function editorOf({ env, platform }: Context["host"]): readonly [command: string, ...args: string[]] {
  const editor = env.VISUAL || env.EDITOR || (platform === "win32" ? "notepad" : "vi");
  const [command = "vi", ...args] = editor.split(/\s+/).filter((word) => word !== "");
  return [command, ...args];
}

/**
 * Opens the user's editor on a file and waits for it.
 * @throws bad_usage when there is no editor or it ends with an error
 */
export async function openEditor(context: Context, file: string): Promise<void> {
  const [command, ...args] = editorOf(context.host);
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, [...args, file], { stdio: "inherit", env: withoutOwnKeys(context.host.env) });
    child.on("error", reject);
    child.on("close", resolve);
  }).catch((cause) => {
    throw new AyoError("bad_usage", `cannot start the editor '${command}': set EDITOR`, { cause });
  });
  if (code !== 0)
    throw new AyoError("bad_usage", `the editor '${command}' ended with status ${code}; nothing was changed`);
}

/**
 * Lets the user write a text; `name` is the file's, for syntax colours. One that cannot be read is kept where it is.
 * @throws bad_input for what is not UTF-8, bad_usage
 */
export async function composeText(context: Context, name: string, text: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "ayo-"));
  const file = path.join(folder, name);
  let isKept = false;
  try {
    writeFileSync(file, text);
    await openEditor(context, file);
    if (!existsSync(file)) throw new AyoError("bad_usage", "the editor left no file; nothing was changed");
    isKept = true;
    const written = inputText(readFileSync(file), file);
    isKept = false;
    return written;
  } finally {
    if (!isKept) rmSync(folder, { recursive: true, force: true });
  }
}

/** `create --edit`: the first heading is the title, the rest the description. */
export async function composeTicket(context: Context, input: CreateInput): Promise<CreateInput> {
  const text = await composeText(context, "ticket.md", `# ${input.title}\n\n${input.description ?? ""}\n`);
  const [first = "", ...rest] = text.trim().split("\n");
  const title = first.replace(/^#\s*/, "").trim();
  if (title === "") throw new AyoError("bad_input", "the title is empty; nothing was created");
  const description = rest.join("\n").trim();
  const { description: _, ...others } = input;
  return { ...others, title, ...(description === "" ? {} : { description }) };
}
