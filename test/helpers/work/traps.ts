import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tempDir } from "../tempDir.ts";

/** A command line that leaves a line in a file when it is run; and whether it was. */
export function tripwire(): { readonly command: string; readonly file: string; sprung(): string } {
  const file = path.join(tempDir(), "sprung");
  return {
    file,
    command: `echo "$0 $*" >> '${file}'; cat`,
    sprung: () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
  };
}

/** What is sprung when somebody runs its command. */
export type Trap = ReturnType<typeof tripwire>;

const HOOKS = [
  "pre-commit",
  "prepare-commit-msg",
  "commit-msg",
  "post-commit",
  "post-checkout",
  "reference-transaction",
  "post-index-change",
];

/** A script that springs the trap. */
export function script(file: string, { command }: Trap): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${command}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Hooks of every kind that git runs. */
export function hooksIn(folder: string, trap: Trap): void {
  for (const name of HOOKS) script(path.join(folder, name), trap);
}

/** A configuration that names programs wherever git can be told to run one. */
export function config(trap: Trap, hooks: string): string[] {
  const program = script(path.join(tempDir(), "program"), trap);
  return [
    `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${hooks}\n\tsshCommand = ${program}\n\teditor = ${program}\n\tpager = ${program}`,
    `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n\trequired = true`,
    `[diff]\n\texternal = ${program}\n[diff "evil"]\n\ttextconv = ${program}\n\tcommand = ${program}`,
    `[merge "evil"]\n\tdriver = ${program}\n[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${program}`,
    `[gc]\n\tauto = 1\n[credential]\n\thelper = ${program}`,
  ];
}
