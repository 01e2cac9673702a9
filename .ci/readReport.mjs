// node .ci/readReport.mjs REPORT FAILURES FILES: prints how many tests of vitest's report passed and failed, and writes
// what failed and in which files.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [reportFile, failuresFile, filesFile] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8"));
const files = report.testResults
  .filter((file) => file.status === "failed")
  .map((file) => ({ ...file, path: path.relative(process.cwd(), file.name) }));
const broken = files.filter((file) => file.assertionResults.length === 0);
const head = (text, lines) => text.split("\n").slice(0, lines).join("\n  ");
const told = files.flatMap((file) =>
  broken.includes(file)
    ? [`${file.path}: ${head(file.message, 8)}`]
    : file.assertionResults
        .filter((test) => test.status === "failed")
        .map((test) => `${file.path} > ${test.fullName}\n  ${head(test.failureMessages.join("\n"), 12)}`),
);
writeFileSync(failuresFile, told.map((text) => `${text.slice(0, 1500)}\n`).join(""));
writeFileSync(filesFile, files.map((file) => `${file.path}\n`).join(""));
process.stdout.write(`${report.numPassedTests} ${report.numFailedTests + broken.length}\n`);
