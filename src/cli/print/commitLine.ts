import type { CommitJson } from "../../actions/commits.ts";
import type { LinkedCommit } from "../../store/codeCommits/linkedCommits.ts";
import type { Context } from "../table/command.ts";
import { plain } from "./print.ts";

/** What is known of a commit; which tickets and branches it has is not always asked. */
type ShownCommit = LinkedCommit & Partial<CommitJson>;

/** `3f2a1b9 2026-11-21 Mara Lind: Build login (main)`. */
export function commitLine({ paint }: Pick<Context, "paint">, commit: ShownCommit, named: boolean): string {
  const { oid, date, author, subject, found, tickets = [], branches } = commit;
  const id = paint.yellow(plain(oid.slice(0, 7)));
  if (found === "elsewhere") return `${id} recorded in the ticket, not in this repository`;
  const where = found === "recorded" ? " (recorded, on no branch here)" : branchesText(branches ?? []);
  const what = named ? `${paint.cyan(tickets.join(", "))} ` : "";
  return `${id} ${date?.slice(0, 10)} ${what}${plain(author ?? "")}: ${plain(subject ?? "")}${paint.dim(plain(where))}`;
}

/** A commit of a project with many branches is on most of them. */
function branchesText(branches: readonly string[]): string {
  const local = branches.filter((name) => name !== "HEAD" && !name.endsWith("/HEAD"));
  const some = local.slice(0, 3).join(", ");
  return some === "" ? "" : ` (${some}${local.length > 3 ? ` and ${local.length - 3} more` : ""})`;
}
