import { namedIn, readProjects, type StoredProject } from "../../store/projects/projectFiles.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { projectFinder } from "../../ticket/project.ts";
import { UNSETTLED } from "../../ticket/text/conflictMarkers.ts";
import type { Examination } from "./shape.ts";

/**
 * Projects' files that cannot be read as one; and where there are such files, names in tickets that have none: they work,
 * but may be a slip.
 */
export async function projectFindings({ store, view, problems, places }: Examination): Promise<Finding[]> {
  const all = await readProjects(store.dir);
  const { projects, problems: broken } = all;
  // What is told of any file of a store is told once.
  const told = new Set([...problems.map(({ path }) => path), ...places.links, ...places.misplaced]);
  const files = broken
    .filter(({ path, message }) => !told.has(path) && message !== UNSETTLED)
    .map(({ path, line, message }): Finding => {
      return { code: "bad_project", severity: "warning", path, ...(line > 0 ? { line } : {}), message };
    });
  if (projects.length + broken.length === 0) return files;
  const twice = twiceFindings(projects);
  const find = projectFinder(namedIn(all));
  const counts = new Map<string, number>();
  for (const { fields } of view.tickets) {
    const { project } = fields;
    if (project !== undefined && find(project) === undefined) counts.set(project, (counts.get(project) ?? 0) + 1);
  }
  const names = [...counts].map(([name, count]): Finding => {
    const who = count === 1 ? "a ticket names" : `${count} tickets name`;
    const message = `${who} project '${name}', which has no file: 'ayo project create' makes one`;
    return { code: "project_without_file", severity: "warning", target: name, message };
  });
  return [...files, ...twice, ...names];
}

/** Two files of which nobody can tell what a word means: two machines made them, or an editor. */
function twiceFindings(projects: readonly StoredProject[]): Finding[] {
  const told = (file: string, message: string): Finding => {
    return { code: "project_twice", severity: "warning", path: file, message };
  };
  return projects.flatMap((one, at) =>
    projects.slice(at + 1).flatMap((other) => {
      const [slugs, was] = [[one, other].map(({ slug }) => slug.toLowerCase()), [one, other].map(lowerWas)] as const;
      const pair = `${one.path} and ${other.path}`;
      const found: Finding[] = [];
      if (slugs[0] === slugs[1]) {
        found.push(told(other.path, `${pair} differ in case alone: some disks hold only one; rename or delete one`));
      }
      const both = was[0]?.find((old) => was[1]?.includes(old));
      if (both !== undefined) found.push(told(other.path, `${pair} both have '${both}' in was: ${WAY_OUT}`));
      for (const [heir, file, old] of [
        [one, other, was[0]],
        [other, one, was[1]],
      ] as const) {
        if (!old?.includes(file.slug.toLowerCase())) continue;
        const fact = `${heir.path} has '${file.slug}' in was, and there is ${file.path}`;
        found.push(told(file.path, `${fact}: ${WAY_OUT}`));
      }
      return found;
    }),
  );
}

const WAY_OUT =
  "if they are one, move what is to stay into one file and delete the other; else take the word out of was";

function lowerWas({ was }: StoredProject): string[] {
  return was.map((old) => old.toLowerCase());
}
