/** What stands above the changes that no version has yet. */
const UNRELEASED = "## Unreleased";

/**
 * A changelog in which what was unreleased is the section of a version, below an empty "Unreleased", and that section's
 * text. Throws where there is nothing to release.
 */
export function releaseChangelog(text, version, day) {
  const lines = text.split("\n");
  const at = lines.indexOf(UNRELEASED);
  if (at < 0 || lines.indexOf(UNRELEASED, at + 1) >= 0) {
    throw new Error(`CHANGELOG.md must have one line '${UNRELEASED}'`);
  }
  if (lines.some((line) => line.startsWith(`## ${version} `))) {
    throw new Error(`CHANGELOG.md has a section of ${version} already`);
  }
  const next = lines.findIndex((line, n) => n > at && line.startsWith("## "));
  const end = next < 0 ? lines.length : next;
  const notes = lines
    .slice(at + 1, end)
    .join("\n")
    .trim();
  if (!/^- /m.test(notes)) throw new Error(`CHANGELOG.md says nothing under '${UNRELEASED}': what do users notice?`);
  const heading = [UNRELEASED, "", `## ${version} (${day})`, ...lines.slice(at + 1)];
  return { text: [...lines.slice(0, at), ...heading].join("\n"), notes };
}
