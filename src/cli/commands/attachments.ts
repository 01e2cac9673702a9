import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { idsOf } from "../../actions/answers/idsOf.ts";
import { attach as attachAction, attachFiles, type GivenFile } from "../../actions/attachments/attach.ts";
import { attachment as readAction } from "../../actions/attachments/attachment.ts";
import { detach as detachAction } from "../../actions/attachments/detach.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { MAX_ATTACHMENT } from "../../ticket/attachments.ts";
import { deedLine } from "../print/deed.ts";
import { bytesText, warnWritten } from "../print/line.ts";
import { openOutput } from "../print/output.ts";
import { plain } from "../print/print.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf, named } from "../table/flagsOf.ts";

/** `ayo ticket attach <id> <file…>`. */
export const attach: Command = {
  name: "ticket attach",
  summary: attachAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "file…", required: true, many: true, complete: "file" },
  ],
  flags: flagsOf(attachAction.input, {
    omit: ["id", "text", "base64"],
    describe: { name: "what the one file is called in the ticket; - needs it" },
  }),
  examples: [
    ["ayo ticket attach ayo-x7k2 shot.png", "a copy, committed with the ticket"],
    ['ayo ticket attach ayo-x7k2 before.png after.png --note "The page, before and after"', "a note that shows both"],
    ["npm test 2>&1 | ayo ticket attach ayo-x7k2 - --name test.log", "from stdin"],
  ],
  run: async (context, { words: [id = "", ...files], flags: { name, ...flags } }) => {
    const given = await Promise.all(files.map((file) => givenFile(context, file, name, files.length)));
    const action = {
      input: attachAction.input,
      run: () => attachFiles(context.store(), { ...flags, id, files: given }),
    };
    // Its words are checked as those of the action are; the files are read already.
    const done = await invoke(action, context.store(), { ...flags, id, name: given[0]?.name ?? "" } as never);
    warnWritten(context, done);
    const ids = idsOf(done).join(", ");
    const names = done.attachments.map((one) => `${one.name} (${bytesText(one.size ?? 0)})`).join(", ");
    const text = deedLine(done, {
      did: `Attached ${names} to ${ids}`,
      would: `Would attach ${names} to ${ids}`,
      same: `${ids}: has ${names} already`,
    });
    return { json: { ...done }, text: plain(text), ids: idsOf(done) };
  },
};

/** `ayo ticket detach <id> <name>`. */
export const detach: Command = {
  name: "ticket detach",
  summary: detachAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "name", required: true, complete: "attachment" },
  ],
  flags: flagsOf(detachAction.input, { omit: ["id", "name"] }),
  examples: [["ayo ticket detach ayo-x7k2 shot.png", "ayo undo brings it back"]],
  run: async (context, { words: [id = "", name = ""], flags }) => {
    const done = await invoke(detachAction, context.store(), { ...flags, id, name } as never);
    warnWritten(context, done);
    const ids = idsOf(done);
    const what = `${done.name} of ${ids.join(", ")}`;
    const text = deedLine(done, { did: `Removed ${what}`, would: `Would remove ${what}`, same: what });
    return { json: { ...done }, text: plain(text), ids };
  },
};

/** `ayo ticket attachment <id> <name>`. */
export const attachment: Command = {
  name: "ticket attachment",
  summary: readAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "name", required: true, complete: "attachment" },
  ],
  flags: named({
    output: { type: "string", describe: "write it to this file; - is standard output, as without it" },
  }),
  examples: [
    ["ayo ticket attachment ayo-x7k2 shot.png -o shot.png", "a copy; the file itself lies in .tickets/attachments/"],
    ["ayo ticket attachment ayo-x7k2 test.log | tail", "to standard output"],
  ],
  run: async (context, { words: [id = "", name = ""], flags }) => {
    const store = context.store();
    const { bytes, ...found } = await invoke(readAction, store, { id, name });
    const file = flags.output === undefined || flags.output === "-" ? undefined : String(flags.output);
    if (file !== undefined) {
      const output = openOutput(context.host.cwd, file, store.dir);
      try {
        output.write(bytes);
        output.commit();
      } finally {
        output.abandon();
      }
      const text = `Wrote ${plain(found.name)} (${bytesText(found.size)}) to ${plain(file)}`;
      return { json: { ...found, file }, text, ids: [found.id] };
    }
    if (flags.json === true) return { json: found, text: "", ids: [found.id] };
    if (context.tty.stdout && bytes.includes(0)) {
      throw new AyoError("bad_usage", `${found.name} is no text: write it to a file`, {
        try: ["ayo", "ticket", "attachment", id, name, "-o", found.name],
      });
    }
    await pour(context.streams().output, bytes);
    return { json: undefined, text: "" };
  },
};

async function givenFile(context: Context, file: string, name: unknown, count: number): Promise<GivenFile> {
  if (name !== undefined && count > 1)
    throw new AyoError("bad_usage", "--name is the name of one file: attach the others by themselves");
  if (file === "-") {
    if (name === undefined)
      throw new AyoError("bad_usage", "--name is missing: what is the file from standard input called?");
    return { name: String(name), bytes: await readAll(context.streams().input) };
  }
  return { name: name === undefined ? path.basename(file) : String(name), bytes: readFile(context, file) };
}

/** By no link: what is attached is what was named. */
function readFile({ host }: Context, file: string): Buffer {
  const read = readStoreFile(path.resolve(host.cwd, file), { limit: MAX_ATTACHMENT });
  const refuse = (why: string): AyoError =>
    new AyoError("bad_input", `cannot attach ${file}: ${why}`, { data: { field: "file", path: file } });
  if (read === undefined) throw refuse("there is no such file");
  if (!(read instanceof Unread)) return read.bytes;
  throw refuse(`${read.message}${read.kind === "link" ? ": name what it leads to" : read.advice}`);
}

async function readAll(input: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of input) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > MAX_ATTACHMENT)
      throw new AyoError("bad_input", `more than ${MAX_ATTACHMENT / 1024 / 1024} MiB on standard input`);
  }
  return Buffer.concat(parts);
}

/** A reader that has left is no failure. */
function pour(output: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: NodeJS.ErrnoException | null): void =>
      error != null && error.code !== "EPIPE" ? reject(error) : resolve();
    output.once("error", done);
    output.write(bytes, done);
  });
}
