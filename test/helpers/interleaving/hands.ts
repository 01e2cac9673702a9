import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { TempStore } from "../tempStore.ts";
import { ticketFiles } from "./files.ts";
import type { Hand } from "./steps.ts";

/** A line that YAML cannot read. */
export const BROKEN = "broken: [";

interface Task {
  readonly number: number;
  readonly token: string;
  readonly id: string;
  readonly file: string | undefined;
}

/** A person's hands on the files of a store. */
export interface Hands {
  /** Tokens written since the last settling, and the ticket that each is in. */
  readonly written: Map<string, string>;
  /** Tickets that were deleted by hand. */
  readonly deleted: Set<string>;
  /** Whether anything was unreadable, or there twice, since the last settling. */
  broke: boolean;
  /** False where it cannot be done, or nobody could say what is to come of it. */
  perform(what: Hand, task: Task): boolean;
  /** Closes what is kept open: who puts another file in its place without ayo loses what is written to it. */
  letGo(): void;
  /** Writes to what is kept open once more and closes it, mends what was broken, takes the copies away. */
  mend(): void;
}

/** `stands` tells before which calls of the disk processes stand still, `isBusy` whether there are any at all. */
export function handsOn(
  { tickets }: TempStore,
  stands: () => readonly (readonly string[])[],
  isBusy: () => boolean,
): Hands {
  const open = new Map<string, { readonly handle: number; token: string }>();
  const written = new Map<string, string>();
  const deleted = new Set<string>();

  /** Between its last look at a file and its rename ayo cannot know of a file that is put there by a rename. */
  const isInGap = (file: string) => stands().some(([name = "", , to = ""]) => name === "renameSync" && to === file);

  const letGo = (id: string): void => {
    const held = open.get(id);
    if (held !== undefined) closeSync(held.handle);
    open.delete(id);
  };

  /** What they themselves take away before anybody has looked need not be anywhere. */
  const forget = (id: string): void => {
    deleted.add(id);
    for (const [token, ticket] of written) if (ticket === id) written.delete(token);
  };

  const ways: Record<Exclude<Hand, "new">, (file: string, task: Task) => boolean> = {
    append: (file, { token }) => {
      writeFileSync(file, `${token}\n`, { flag: "a" });
      return true;
    },
    held: (file, { token, id }) => {
      const held = open.get(id) ?? { handle: openSync(file, "a"), token };
      open.set(id, { ...held, token });
      writeSync(held.handle, `${token}\n`);
      return true;
    },
    field: (file, { token }) => {
      // What they themselves write over before anybody has looked need not be anywhere.
      inPlace(file, (text) => {
        written.delete(/^who: (.*)$/m.exec(text)?.[1] ?? "");
        return withField(text, token);
      });
      return true;
    },
    "rename-save": (file, { token, number, id }) => {
      // With somebody else at work the text could be older than the file that it replaces.
      if (isBusy() && (isInGap(file) || !stands().every((call) => call.length > 0))) return false;
      const beside = path.join(path.dirname(file), `.${number}.swp`);
      writeFileSync(beside, `${readFileSync(file, "utf8")}${token}\n`);
      renameSync(beside, file);
      letGo(id);
      return true;
    },
    delete: (file, { id }) => {
      rmSync(file);
      letGo(id);
      forget(id);
      return true;
    },
    break: (file) => {
      inPlace(file, (text) => text.replace("---\n", `---\n${BROKEN}\n`));
      hands.broke = true;
      return true;
    },
    copy: (file, { id }) => {
      copyFileSync(file, path.join(tickets, `${id} (conflicted copy).md`));
      hands.broke = true;
      return true;
    },
  };

  const hands: Hands = {
    written,
    deleted,
    broke: false,
    perform: (what, task) => {
      const { token, id, file } = task;
      if (what === "new") {
        writeFileSync(path.join(tickets, `${id}.md`), `---\nid: ${id}\nstatus: open\n---\n# ${token}\n`);
        written.set(token, id);
        return true;
      }
      if (file === undefined || !ways[what](file, task)) return false;
      if (!["delete", "break", "copy"].includes(what)) written.set(token, id);
      return true;
    },
    letGo: () => {
      for (const id of open.keys()) letGo(id);
    },
    mend: () => {
      for (const [id, { handle, token }] of open) {
        // Whatever took the file's name meanwhile.
        writeSync(handle, `${token.replace(/a$/, "z")}\n`);
        written.set(token.replace(/a$/, "z"), id);
        letGo(id);
      }
      if (!existsSync(tickets)) return;
      for (const file of ticketFiles(tickets)) {
        const full = path.join(tickets, file);
        if (file.endsWith(" (conflicted copy).md")) {
          rmSync(full);
          // Where the ticket itself is gone, the copy was the ticket.
          forget(path.basename(file, ".md"));
        } else if (readFileSync(full, "utf8").includes(`${BROKEN}\n`)) {
          inPlace(full, (text) => text.replaceAll(`${BROKEN}\n`, ""));
        }
      }
    },
  };
  return hands;
}

/** Reads and writes through one handle: nobody's text gets into a file that it was not read from. */
function inPlace(file: string, change: (text: string) => string): void {
  const handle = openSync(file, "r+");
  const text = change(readFileSync(handle, "utf8"));
  ftruncateSync(handle, 0);
  writeSync(handle, text, 0);
  closeSync(handle);
}

/** One line of the front matter says who was here last. */
function withField(text: string, token: string): string {
  if (/^who: .*$/m.test(text)) return text.replace(/^who: .*$/m, `who: ${token}`);
  return text.replace(/^status: .*$/m, (line) => `${line}\nwho: ${token}`);
}
