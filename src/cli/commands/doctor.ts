import { doctor as doctorAction, type Examined } from "../../actions/doctor/doctor.ts";
import { invoke } from "../../actions/input/action.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo doctor [--fix]`. */
export const doctor: Command = {
  name: "doctor",
  summary: doctorAction.summary,
  positionals: [],
  flags: flagsOf(doctorAction.input),
  examples: [
    ["ayo doctor", "what is wrong, and what --fix would do; exit status 1 if anything is"],
    ["ayo doctor --fix", "mends what is safe to mend and keeps copies of what it replaces"],
    ["ayo doctor --json | jq -r '.findings[].code'", "for programs"],
  ],
  run: async (context, args) => {
    const examined = await invoke(doctorAction, context.store(), args.flags as never);
    warnWritten(context, examined);
    const ids = [...new Set(examined.findings.flatMap(({ id }) => id ?? []))];
    return { json: { ...examined }, text: report(context, examined), ids, code: examined.ok ? 0 : 1 };
  },
};

function report({ paint }: Context, { findings, fixed, setAside, dryRun }: Examined): string {
  const lines = fixed.map((one) => `${paint.green("fixed")} ${line(one)}: ${plain(one.fix ?? "")}`);
  for (const finding of findings) {
    const colour = finding.severity === "error" ? paint.red : paint.yellow;
    lines.push(`${colour(finding.severity)} ${line(finding)}`);
    if (finding.fix !== undefined)
      lines.push(paint.dim(`  ${dryRun === true ? "would be mended" : "--fix"}: ${plain(finding.fix)}`));
  }
  if (setAside !== undefined) lines.push(`What was replaced is kept in ${setAside}`);
  return [...lines, summary(findings, fixed)].join("\n");
}

/** `dangling_link ayo-x7k2.md:3 ayo-x7k2: is linked to …` */
function line({ code, path, line: number, id, message }: Finding): string {
  const where = path === undefined ? "" : ` ${path}${number === undefined ? "" : `:${number}`}`;
  const who = id === undefined || path === `${id}.md` ? "" : ` ${id}`;
  return plain(`${code}${where}${who}: ${message}`);
}

function summary(findings: readonly Finding[], fixed: readonly Finding[]): string {
  const mended = fixed.length === 0 ? "" : `${fixed.length} fixed`;
  if (findings.length === 0) return mended === "" ? "Nothing is wrong" : `${mended}, nothing else is wrong`;
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const count = `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
  const hint = fixable === 0 || mended !== "" ? "" : `; 'ayo doctor --fix' mends ${fixable}`;
  return `${mended === "" ? "" : `${mended}, `}${count}${mended === "" ? "" : " left"}${hint}`;
}
