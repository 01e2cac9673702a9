import { type Commits, commits as commitsAction } from "../../actions/commits.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { showWithGit } from "../../store/codeCommits/showCommits.ts";
import type { UnknownTag } from "../../store/codeCommits/unknownTags.ts";
import { commitLine } from "../print/commitLine.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf, named } from "../table/flagsOf.ts";

/** `ayo ticket commits [id]`. */
export const commits: Command = {
  name: "ticket commits",
  summary: commitsAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: named({
    ...flagsOf(commitsAction.input, { omit: ["id"] }),
    stat: { type: "boolean", describe: "with the files that changed (needs a git binary)" },
    patch: { type: "boolean", describe: "with what changed in them (needs a git binary)" },
  }),
  examples: [
    ["ayo ticket commits ayo-x7k2", "the commits that say TICKET: ayo-x7k2, the newest first"],
    ["ayo ticket commits ayo-x7k2 --patch", "with their changes"],
    ["ayo ticket commits --unknown", "tags that name no ticket, with near ids"],
  ],
  run: async (context, { words: [id], flags }): Promise<Answer> => {
    const store = context.store();
    const { stat, patch, unknown, limit } = flags;
    if (id !== undefined && unknown === true) throw new AyoError("bad_usage", "--unknown goes without an id");
    const found = await invoke(commitsAction, store, {
      ...(id === undefined ? {} : { id }),
      ...(unknown === true ? { unknown } : {}),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    });
    const here = found.commits.filter((commit) => commit.found !== "elsewhere").map(({ oid }) => oid);
    const wanted = [...(stat === true ? ["--stat"] : []), ...(patch === true ? ["--patch"] : [])];
    const shown =
      wanted.length === 0 || found.repository === null
        ? undefined
        : await showWithGit(store.host, found.repository, here, [...wanted, colourFlag(context)]);
    const { repository: _, unreadable, ...rest } = found;
    const json = { ...rest, ...(unreadable === null ? {} : { unreadable }) };
    return {
      json: { ...json, ...(shown === undefined ? {} : { output: shown }) },
      text: shown === undefined ? page(context, found) : [shown.trimEnd(), ...elsewhere(found)].join("\n"),
      ids: found.commits.map(({ oid }) => oid),
    };
  },
};

function colourFlag({ paint }: Context): string {
  return paint.bold("x") === "x" ? "--no-color" : "--color";
}

function page(context: Context, found: Commits): string {
  const more = found.truncated ? [`${found.commits.length} of ${found.total} commits; --limit shows more`] : [];
  const none = noneText(found);
  return [
    ...more,
    ...found.commits.map((commit) => commitLine(context, commit, found.id === null)),
    ...(found.commits.length === 0 && found.unknown.length === 0 ? [none] : []),
    ...found.unknown.map((one) => unknownLine(context, one)),
  ].join("\n");
}

function noneText({ id, repository, unreadable }: Commits): string {
  if (repository === null) return "the store is in no git project, so there are no commits";
  if (unreadable !== null) return `the project uses ${unreadable}, which ayo cannot read: its commits are not linked`;
  return id === null ? "no commit names a ticket yet: say TICKET: <id> in one" : `no commit says TICKET: ${id} yet`;
}

/** `3f2a1b9 TICKET: ayo-x7k3 names no ticket; did you mean ayo-x7k2?` */
function unknownLine({ paint }: Context, { id, near, deleted, commits: oids }: UnknownTag): string {
  const [first = "", ...others] = oids.map((oid) => oid.slice(0, 7));
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  const also = others.length > 0 ? ` (also in ${others.slice(0, 3).join(", ")}${more})` : "";
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : deleted ? ", it was deleted" : "";
  return `${paint.yellow(plain(first))} ${plain(`TICKET: ${id} names no ticket${also}${hint}`)}`;
}

function elsewhere({ commits: all }: Commits): string[] {
  const lost = all.filter(({ found }) => found === "elsewhere");
  return lost.map(({ oid }) => `${plain(oid)} is recorded in the ticket, not in this repository`);
}
