import { type Command, GLOBAL_FLAGS } from "./command.ts";
import { flagNamed } from "./spelling.ts";

/** Whether a line of `edit` changes fields by flags, as with gh: it has a flag that `update` has and `edit` has not. */
export function isUpdate(rest: readonly string[], edit: Command, update: Command): boolean {
  const end = rest.indexOf("--");
  const known = { ...GLOBAL_FLAGS, ...edit.flags };
  return (end < 0 ? rest : rest.slice(0, end)).some((word) => {
    const [, long, short] = /^(?:--([\w-]+)|-(\w))/.exec(word) ?? [];
    const bare = long ?? short;
    return bare !== undefined && flagNamed(bare, known) === undefined && flagNamed(bare, update.flags) !== undefined;
  });
}
