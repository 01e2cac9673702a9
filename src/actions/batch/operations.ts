import { answer } from "../answer.ts";
import { approve } from "../approve.ts";
import { ask } from "../ask.ts";
import { assign } from "../assign.ts";
import { block } from "../block.ts";
import { cancel } from "../cancel.ts";
import { check, uncheck } from "../checkCriteria.ts";
import { claim } from "../claim.ts";
import { close } from "../close.ts";
import { confirm } from "../confirm.ts";
import { create } from "../create.ts";
import { depAdd } from "../depAdd.ts";
import { depRemove } from "../depRemove.ts";
import { duplicate } from "../duplicate.ts";
import { fail } from "../fail.ts";
import type { Action, InputSchema } from "../input/action.ts";
import { link } from "../link.ts";
import { note } from "../note.ts";
import { reject } from "../reject.ts";
import { release } from "../release.ts";
import { renew } from "../renew.ts";
import { reopen } from "../reopen.ts";
import { start } from "../start.ts";
import { status } from "../status.ts";
import { submit } from "../submit.ts";
import { unblock } from "../unblock.ts";
import { unlink } from "../unlink.ts";
import { update } from "../update.ts";

/** The actions that a line of a batch can name; any whose changes all go through `change()` can be here. */
const ACTIONS = [
  create,
  update,
  note,
  claim,
  release,
  renew,
  start,
  submit,
  approve,
  reject,
  confirm,
  check,
  uncheck,
  ask,
  answer,
  close,
  reopen,
  block,
  unblock,
  cancel,
  fail,
  status,
  assign,
  depAdd,
  depRemove,
  link,
  unlink,
  duplicate,
] as unknown as readonly Action<InputSchema, unknown>[];

/** The same actions by the names that one would try. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  new: "create",
  done: "close",
  complete: "close",
  resolve: "close",
  comment: "note",
  "add-note": "note",
  dep: "dep add",
  undep: "dep remove",
  move: "status",
};

/** An action that a batch can do, by its name or another, `dep_add` or `dep-add` too; undefined where there is none. */
export function operationOf(name: string): Action<InputSchema, unknown> | undefined {
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name.replaceAll(/[-_]/g, " ");
  return ACTIONS.find((action) => action.name === name || action.name === other);
}

/** The names of all operations. */
export const OPERATIONS: readonly string[] = ACTIONS.map((action) => action.name);
