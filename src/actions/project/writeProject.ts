import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { decodeText, withYaml } from "../../store/disk/readFile.ts";
import { isFinished } from "../../store/disk/view.ts";
import { assertInside } from "../../store/files/storePaths.ts";
import type { Store } from "../../store/open/store.ts";
import {
  MAX_PROJECT,
  namedIn,
  projectIn,
  projectKeysOf,
  readProjects,
  type StoredProject,
} from "../../store/projects/projectFiles.ts";
import { isColor, isOfProject, PROJECT_COLORS, projectFinder, projectPath } from "../../ticket/project.ts";
import { type FieldChanges, patchFields } from "../../ticket/text/patchTicket.ts";
import { splitDocument } from "../../ticket/text/splitDocument.ts";
import { change, type WriteOptions, type Written } from "../input/action.ts";
import * as check from "../input/checkInput.ts";
import { assertOneNamed, brokenProject, noProject } from "./projectErrors.ts";
import { assertFree, newSlugOf, oldSlugs, renameIn, tellSameName } from "./renameProject.ts";

/** What a change of a project answers. */
export interface ProjectWritten extends Written {
  /** As its file says, or in a dry run would say. */
  readonly project: StoredProject;
  /** What became other in it. */
  readonly changed: readonly string[];
  /** Ids of tickets that name its new slug now. */
  readonly renamed: readonly string[];
}

/** What can be said of a project; "" takes a value away. */
export interface ProjectInput {
  readonly name?: string | undefined;
  readonly color?: string | undefined;
  readonly status?: string | undefined;
  readonly lead?: string | undefined;
  readonly due?: string | undefined;
  readonly description?: string | undefined;
}

/** The values of an input as files have them; null takes one away. @throws bad_input */
export function valuesOf(input: ProjectInput, now: number) {
  const { name, color, status, lead, due, description } = input;
  const read = (value: string | undefined, how: (text: string) => string): string | null | undefined =>
    value === undefined || value.trim() !== "" ? value && how(value) : null;
  return {
    name: name === undefined ? undefined : check.checkWord("name", name),
    color: read(color, checkColor),
    status,
    lead: read(lead, (text) => check.checkActor(text)),
    due: read(due, (text) => check.checkDate("due", text, now)),
    description: description === undefined ? undefined : check.checkText("description", description).trim(),
  };
}

/** What could not be read back is not written. @throws bad_input */
export function assertFits(source: string): void {
  if (Buffer.byteLength(source) <= MAX_PROJECT) return;
  const message = `a project's file is at most ${MAX_PROJECT / 1024} KiB: the description is too long`;
  throw new AyoError("bad_input", message, { data: { field: "description" } });
}

function checkColor(text: string): string {
  const color = text.trim().toLowerCase();
  if (isColor(color)) return color;
  throw new AyoError("bad_input", `color '${text}' is neither ${PROJECT_COLORS.join(", ")} nor '#rrggbb'`, {
    data: { field: "color", allowed: PROJECT_COLORS },
  });
}

/** A project's file as a change has it. @throws not_found, bad_ticket */
export async function projectNow(store: Store, draft: Draft, wanted: string): Promise<StoredProject> {
  const slug = await slugMeant(store, wanted);
  const file = projectPath(slug);
  assertInside(store.dir, file);
  const bytes = draft.look(file);
  if (bytes === undefined) throw noProject(wanted, []);
  const read = await projectIn(bytes, slug);
  if (!("slug" in read)) throw brokenProject(read);
  return read;
}

/** The slug of the project that a word means. @throws not_found, bad_ticket */
async function slugMeant({ dir }: Store, wanted: string): Promise<string> {
  const all = await readProjects(dir);
  assertOneNamed(namedIn(all), wanted);
  const slug = projectFinder(namedIn(all), { asTyped: true })(wanted);
  const broken = slug === undefined ? undefined : all.problems.find(({ path }) => path === projectPath(slug));
  if (broken !== undefined) throw brokenProject(broken);
  if (slug !== undefined) return slug;
  throw noProject(
    wanted.trim(),
    all.projects.map((one) => one.slug),
  );
}

/** What a change of a project's file is asked for. */
type Changed = WriteOptions & ProjectInput & { readonly project: string; readonly slug?: string | undefined };

/** Changes a project's file, in one commit. @throws what projectNow throws; conflict, duplicate */
export async function changeProject(store: Store, options: Changed, verb: string): Promise<ProjectWritten> {
  const outcome = await change(store, options, async (draft) => {
    const project = await projectNow(store, draft, options.project);
    assertVersion(project, options.ifMatch);
    const source = decodeText(draft.look(project.path) ?? Buffer.alloc(0), project.path);
    const slug = newSlugOf(options.slug, project);
    const was = slug === project.slug ? undefined : oldSlugs(project, slug);
    const text = await edited(source, project, { ...valuesOf(options, draft.view.now), was });
    if (text === source && was === undefined) return { result: { project, changed: [], renamed: [] } };
    return written(store, draft, { project, slug, text, verb });
  });
  return { ...outcome.written, ...outcome.result };
}

/** Puts a project's file with another text, or under another slug. */
async function written(
  store: Store,
  draft: Draft,
  {
    project,
    slug,
    text,
    verb,
  }: { readonly project: StoredProject } & Readonly<Record<"slug" | "text" | "verb", string>>,
) {
  assertFits(text);
  const isMoved = slug !== project.slug;
  const renamed = isMoved ? await move(store, draft, project, slug) : [];
  draft.put(projectPath(slug), text);
  const after = await projectIn(Buffer.from(text), slug);
  if (!("slug" in after)) throw brokenProject(after);
  const changed = KEYS.filter((key) => project[key] !== after[key]);
  if (changed.includes("name")) await tellSameName(store, draft, after);
  if (changed.includes("status")) tellOpen(draft, after, await projectKeysOf(store.dir));
  const edits = isMoved ? `now ${slug}` : changed.join(", ");
  const subject = `${verb} project ${project.slug}: ${verb === "edit" ? edits : after.name}`;
  const event = renamed.length === 0 ? {} : { event: "updated" };
  return { result: { project: after, changed, renamed }, sentence: { subject, tickets: renamed, ...event } };
}

const KEYS = ["slug", "name", "color", "status", "lead", "due", "description"] as const;

/** Takes a project's file away from its old slug, and has its tickets name the new one. @throws duplicate */
async function move(store: Store, draft: Draft, project: StoredProject, slug: string): Promise<string[]> {
  // Of a name that differs in case alone the old file is in the way on disks that do not tell these apart.
  if (slug.toLowerCase() === project.slug.toLowerCase()) throw sameButCase(slug);
  await assertFree(store, draft, slug, project.slug);
  draft.put(project.path, null);
  return renameIn(store, draft, project, slug);
}

function sameButCase(slug: string): AyoError {
  return new AyoError("bad_input", `slug '${slug}' differs in case alone: it means the same as it is`, {
    data: { field: "slug" },
  });
}

/** What is put out of the way, or done, with tickets that are open: they stay as they are. */
function tellOpen({ view, notices }: Draft, { slug, status }: StoredProject, keyOf: (word: string) => string): void {
  if (status === "active") return;
  const open = view.tickets.filter((one) => !isFinished(view.board, one.status) && isOfProject(one, slug, keyOf));
  if (open.length === 0) return;
  const fact = open.length === 1 ? "a ticket of it is open" : `${open.length} tickets of it are open`;
  notices.push(`${fact}: 'ayo ticket list --project ${slug}'`);
}

/** The text with other values, and every other line as it is. @throws unpatchable, bad_input */
async function edited(
  source: string,
  project: StoredProject,
  values: ReturnType<typeof valuesOf> & { readonly was: readonly string[] | undefined },
): Promise<string> {
  const { name, color, status, lead, due, description, was } = values;
  const text = (value: string | null | undefined) => (typeof value === "string" ? { json: value } : value);
  const old = was === undefined ? undefined : was.length === 0 ? null : { json: was };
  const changes: FieldChanges = { name: text(name), color: text(color), status, lead: text(lead), due, was: old };
  const isSame = Object.values(changes).every((value) => value === undefined);
  // What has no front matter gets one.
  const whole = isSame || /^\uFEFF?---/.test(source) ? source : `---\n---\n${source}`;
  const patched = isSame
    ? whole
    : await withYaml((frontMatter) => patchFields(whole, changes, project.path, frontMatter));
  if (description === undefined || description === project.description) return patched;
  const head = patched.slice(0, splitDocument(patched).body);
  return `${head}${head === "" || head.endsWith("\n") ? "" : "\n"}${description === "" ? "" : `${description}\n`}`;
}

/** @throws conflict */
function assertVersion({ slug, path, version }: StoredProject, wanted: string | undefined): void {
  if (wanted === undefined || version === wanted || (wanted.length >= 7 && version.startsWith(wanted))) return;
  const fact = `project ${slug} is at version ${version.slice(0, 12)}, not ${wanted.slice(0, 40)}`;
  throw new AyoError("conflict", fact, {
    try: ["ayo", "project", "show", slug],
    data: { path, expected: wanted, actual: version },
  });
}
