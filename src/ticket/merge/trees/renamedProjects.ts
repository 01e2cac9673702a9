import { AyoError } from "../../../error.ts";
import { type Project, projectPath } from "../../project.ts";
import { parseFrontMatter } from "../../text/frontMatter.ts";
import { parseProject } from "../../text/parseProject.ts";
import { patchFields } from "../../text/patchTicket.ts";
import { compareText, otherOf, winnerOf } from "../sides.ts";
import type { Contents } from "./contents.ts";
import { isProjectPath } from "./mergeProject.ts";
import { authorOf, type Content, type Files, type TreeJob, type TreeSide } from "./trees.ts";

/** A base and its two sides. */
interface Sides {
  readonly o: Files;
  readonly job: TreeJob;
}

/**
 * The same sides with each project under one path: one that a side gave another slug, and the other side changed or
 * gave a third one, is still one project. Without that both files would stay, and the store would have two.
 */
export function withRenamedProjects(o: Files, job: TreeJob, contents: Contents): Sides {
  const moved = [...o.keys()].filter(
    (path) => isProjectPath(path) && !(job.a.files.has(path) && job.b.files.has(path)),
  );
  let sides: Sides = { o, job };
  for (const old of moved.sort(compareText)) sides = together(old, sides, contents);
  return sides;
}

/** The sides with the project that was at `old` in the base where its new slug is. */
function together(old: string, { o, job }: Sides, contents: Contents): Sides {
  const [x, y] = [heirOf(old, job.a, o, contents), heirOf(old, job.b, o, contents)];
  if (x !== undefined && y !== undefined) {
    return x === y ? { o: at(o, old, x), job } : ofTwoNames([old, x, y], { o, job }, contents);
  }
  const place = x ?? y;
  if (place === undefined) return { o, job };
  const which = x === undefined ? "a" : "b";
  const side = job[which];
  if (!side.files.has(old) || side.files.has(place)) return { o, job };
  return { o: at(o, old, place), job: { ...job, [which]: movedTo(side, old, place) } };
}

/** Where a side has the project that is gone from `old`. */
function heirOf(old: string, { files }: TreeSide, o: Files, contents: Contents): string | undefined {
  if (files.has(old)) return undefined;
  const slug = slugIn(old).toLowerCase();
  const fresh = [...files].filter(([path]) => isProjectPath(path) && !o.has(path));
  const heirs = fresh.filter(([path, content]) =>
    projectOf(path, contents.text(content))?.was.some((word) => word.toLowerCase() === slug),
  );
  return heirs.map(([path]) => path).sort(compareText)[0];
}

/** Both sides gave it another slug: that of the one that wins is its own, and the other is one that it had. */
function ofTwoNames([old, x, y]: readonly [string, string, string], { o, job }: Sides, contents: Contents): Sides {
  if (job.a.files.has(y) || job.b.files.has(x)) return { o, job };
  const version = (side: TreeSide, path: string) => ({ text: "", stamps: side.stampsOf(path), tip: side.tip });
  const stays = winnerOf({ a: version(job.a, x), b: version(job.b, y) }, "file");
  const [place, gone] = stays === "a" ? [x, y] : [y, x];
  const [kept, lost] = [job[stays], job[otherOf(stays)]];
  const texts = [kept.files.get(place), lost.files.get(gone)].map((one) => one && contents.text(one));
  const was = [...texts.flatMap((text, n) => projectOf(n === 0 ? place : gone, text)?.was ?? []), slugIn(gone)].filter(
    (word) => word !== slugIn(place),
  );
  const [one, other] = texts.map((text) => withWas(text, [...new Set(was)], place));
  if (one === undefined || other === undefined) return { o, job };
  const message = `${place} of ${authorOf(kept, place)} and ${gone} of ${authorOf(lost, gone)} are one project, which both gave another slug: it is ${place}`;
  job.told.push({ code: "file_overruled", path: place, message });
  const sides = {
    [stays]: withText(kept, place, one),
    [otherOf(stays)]: withText(movedTo(lost, gone, place), place, other),
  };
  return { o: at(o, old, place), job: { ...job, ...sides } };
}

function withWas(text: string | undefined, was: readonly string[], path: string): string | undefined {
  if (text === undefined) return undefined;
  try {
    // Written anew, so that both sides say it in the same letters.
    const without = patchFields(text, { was: null }, path, parseFrontMatter);
    return patchFields(without, { was: { json: was } }, path, parseFrontMatter);
  } catch (error) {
    // What cannot be patched stays as two files, which doctor tells.
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}

function withText(side: TreeSide, path: string, text: string): TreeSide {
  const { mode = "100644" } = side.files.get(path) ?? {};
  return { ...side, files: new Map([...side.files, [path, { mode, text }]]) };
}

function movedTo(side: TreeSide, old: string, place: string): TreeSide {
  return {
    ...side,
    files: at(side.files, old, place),
    stampsOf: (path) => side.stampsOf(path === place ? old : path),
  };
}

/** The files with one of them at another path. */
function at(files: Files, old: string, place: string): Files {
  return new Map<string, Content>([...files].map(([path, content]) => [path === old ? place : path, content]));
}

function slugIn(path: string): string {
  return path.slice(projectPath("").length - ".md".length, -".md".length);
}

/** A project that a text is; undefined where it is none. */
export function projectOf(path: string, text: string | undefined): Project | undefined {
  if (text === undefined) return undefined;
  try {
    return parseProject(text, slugIn(path), parseFrontMatter);
  } catch (error) {
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}
