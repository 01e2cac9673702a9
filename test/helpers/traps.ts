import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "./git.ts";

/** Every hook that githooks(5) names. */
const HOOKS =
  "applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive post-update reference-transaction push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman p4-changelist p4-prepare-changelist p4-post-changelist p4-pre-submit post-index-change".split(
    " ",
  );

/** Settings that name a program, each of which marks that it ran. */
const PROGRAMS = [
  ..."core.sshCommand core.fsmonitor core.pager core.editor core.askPass core.gitProxy core.alternateRefsCommand sequence.editor credential.helper gpg.program gpg.ssh.program gpg.x509.program gpg.ssh.defaultKeyCommand uploadpack.packObjectsHook interactive.diffFilter diff.external diff.trap.command diff.trap.textconv filter.trap.clean filter.trap.smudge filter.trap.process merge.trap.driver difftool.trap.cmd mergetool.trap.cmd man.trap.cmd browser.trap.cmd web.browser sendemail.smtpServer remote.origin.uploadpack remote.origin.receivepack trailer.trap.command trailer.trap.cmd submodule.sub.update guitool.trap.cmd credential.https://example.com.helper".split(
    " ",
  ),
  ..."log diff show status rev-list rev-parse diff-tree cat-file check-ignore index-pack config branch tag"
    .split(" ")
    .map((name) => `pager.${name}`),
] as const;

/** Commands that ayo starts, and their neighbours. */
const ALIASES = "log diff-tree rev-list rev-parse check-ignore index-pack config cat-file gc trap".split(" ");

/** Settings that make git run what the others name, or send it elsewhere. */
const SWITCHES: Readonly<Record<string, string>> = {
  "log.showSignature": "true",
  "core.untrackedCache": "true",
  "diff.submodule": "diff",
  "submodule.recurse": "true",
  "status.submoduleSummary": "true",
  "protocol.ext.allow": "always",
  "protocol.allow": "always",
  "gc.auto": "1",
  "gc.autoDetach": "false",
  "maintenance.auto": "true",
  "trace2.eventTarget": "MARKS/trace2-event",
  "trace2.normalTarget": "MARKS/trace2-normal",
  "trace2.perfTarget": "MARKS/trace2-perf",
};

/** Every way that is known to have git run a program by what lies in its directory. */
export interface Traps {
  /** What has run since the last question: `hook pre-commit`, `core.fsmonitor`. */
  sprung(): string[];
}

/**
 * Plants all of them in a git directory, in its info/attributes, in a file that its configuration includes, and in the
 * worktree's `.gitattributes`. What runs leaves a file in `marks`.
 */
export function plantTraps(gitDir: string, worktree: string, marks: string): Traps {
  mkdirSync(marks, { recursive: true });
  const trap = (name: string): string => {
    const script = path.join(marks, `trap-${name.replaceAll(/[^\w.-]/g, "_")}`);
    const mark = path.join(marks, `ran ${name.replaceAll("/", "_")}`);
    // A filter and a textconv have to answer with the text; who else is asked says nothing.
    // A long-running filter shakes hands and offers nothing: whether git dies of one that just ends is a race.
    const answer = /\.(?:clean|smudge)$/.test(name)
      ? "exec cat"
      : name.endsWith(".process")
        ? String.raw`printf '0016git-filter-server\n000eversion=2\n00000000'; exec cat > /dev/null`
        : '[ -f "$1" ] && exec cat "$1"';
    writeFileSync(script, `#!/bin/sh\necho "$*" >> '${mark}'\n${answer}\n`, { mode: 0o755 });
    return script;
  };
  const set = (key: string, value: string, ...where: string[]): string =>
    git(worktree, `--git-dir=${gitDir}`, "config", ...where, key, value);
  const hooks = path.join(marks, "hooks");
  for (const folder of [path.join(gitDir, "hooks"), hooks]) {
    mkdirSync(folder, { recursive: true });
    for (const name of HOOKS) {
      const mark = path.join(marks, `ran hook ${name}`);
      writeFileSync(path.join(folder, name), `#!/bin/sh\necho "$*" >> '${mark}'\n`, { mode: 0o755 });
    }
  }
  const included = path.join(marks, "included");
  for (const key of PROGRAMS) if (key !== "core.fsmonitor") set(key, trap(key), "--file", included);
  for (const name of ALIASES) set(`alias.${name}`, `!${trap(`alias ${name}`)}`, "--file", included);
  for (const [key, value] of Object.entries(SWITCHES)) set(key, value.replace("MARKS", marks), "--file", included);
  for (const file of [path.join(gitDir, "info", "attributes"), path.join(worktree, ".gitattributes")]) {
    mkdirSync(path.dirname(file), { recursive: true });
    appendFileSync(file, "*.txt diff=trap filter=trap merge=trap\nREADME.md diff=trap merge=trap\n");
  }
  const config = `[include]\n\tpath = ${included}\n[includeIf "gitdir:**"]\n\tpath = ${included}\n`;
  appendFileSync(path.join(gitDir, "config"), config);
  appendFileSync(
    path.join(gitDir, "config"),
    `[core]\n\thooksPath = ${hooks}\n\tfsmonitor = ${trap("core.fsmonitor")}\n`,
  );
  const seen = new Set<string>();
  return {
    sprung: () => {
      const ran = existsSync(marks) ? readdirSync(marks).filter((name) => /^(?:ran |trace2)/.test(name)) : [];
      const fresh = ran.map((name) => name.replace(/^ran /, "")).filter((name) => !seen.has(name));
      for (const name of fresh) seen.add(name);
      return fresh.sort();
    },
  };
}
