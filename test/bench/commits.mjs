// What it costs to know the commits that name tickets: the same commands with the project's history and without it.
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { ayo, median, run } from "./measure.mjs";

/** Makes `dir` a git project of `count` commits, packed; every second one names one of the tickets. */
export function makeProject(dir, count, ids, env) {
  run("git", ["init", "--quiet", dir], { env });
  const lines = [];
  for (let i = 1; i <= count; i++) {
    const what = i % 2 === 0 ? ` - TICKET: ${ids[i % ids.length]}. And what it is for` : "";
    const message = `Phase 2: change ${i} of the parser${what}\n\nA body that tells a little more about why ${i}\n`;
    const person = `Bench <bench@example.com> ${1_700_000_000 + i * 60} +0000`;
    lines.push(`commit refs/heads/main\nauthor ${person}\ncommitter ${person}\ndata ${message.length}\n${message}`);
    lines.push(`M 100644 inline src/file${i % 50}.txt\ndata 8\n${String(i).padStart(7)}\n`);
  }
  run("git", ["fast-import", "--quiet"], { cwd: dir, env, input: lines.join("\n"), stdio: "pipe" });
  run("git", ["symbolic-ref", "HEAD", "refs/heads/main"], { cwd: dir, env });
}

/** Milliseconds that the project's commits add: at the first look, at later ones, when one is new, and to a close. */
export function measureCommits({ dir, options, ids }, runs) {
  const { cwd, env } = options;
  const [id] = ids;
  const git = path.join(cwd, ".git");
  const show = () => ayo(["ticket", "show", id], options).ms;
  const without = (command) => {
    renameSync(git, `${git}-away`);
    try {
      return command();
    } finally {
      renameSync(`${git}-away`, git);
    }
  };
  const pairs = (count, command, before = () => {}) =>
    median(
      Array.from({ length: count }, (_, at) => {
        const bare = without(() => command(2 * at));
        before(at);
        return command(2 * at + 1) - bare;
      }),
    );
  const commit = (at) =>
    run("git", ["commit", "--quiet", "--allow-empty", `--message=${at} TICKET: ${id}`], { cwd, env });
  const first = pairs(3, show, () => rmSync(path.join(dir, ".git/ayo/commits.table"), { force: true }));
  return {
    first,
    later: pairs(runs, show),
    added: pairs(5, show, commit),
    close: pairs(runs, (at) => ayo(["ticket", "close", ids[at + 1]], options).ms),
  };
}
