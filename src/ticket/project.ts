import { isValidId } from "./ids.ts";

/** How a project stands; what is archived is out of the way. */
export const PROJECT_STATES = ["active", "completed", "archived"] as const;
export type ProjectState = (typeof PROJECT_STATES)[number];

/** Colours by name; any other is written as `#rrggbb`. */
export const PROJECT_COLORS = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray"] as const;

/** A project as its file has it. */
export interface Project {
  /** The name of its file, by which tickets name it. */
  readonly slug: string;
  readonly name: string;
  readonly color: string | null;
  readonly status: ProjectState;
  readonly lead: string | null;
  readonly due: string | null;
  /** Slugs that it had before: who names it by one of them still means it. */
  readonly was: readonly string[];
  /** Markdown. */
  readonly description: string;
}

/** Where a project's file lies in the store. */
export function projectPath(slug: string): string {
  return `projects/${slug}.md`;
}

/** Whether a text can name a project's file on every platform, with no way to elsewhere. */
export function isSlug(text: string): boolean {
  return isValidId(text);
}

/** Why a text can be no new project's slug, to be read behind it; undefined for one that can. */
export function slugFault(text: string): string | undefined {
  // A file of this name could be opened, and no filter would find its tickets.
  if (text.toLowerCase() === "none") return "is reserved: filters mean no project by it";
  if (isSlug(text)) return undefined;
  if (!/^[\w.-]+$/.test(text)) return "is not of letters, digits, '.', '_' and '-'";
  if (text.length > 64) return "is longer than 64 characters";
  if (!/^[A-Za-z0-9]/.test(text)) return "does not begin with a letter or a digit";
  if (/(?:\.|\.md|\.lock)$/i.test(text) || text.includes("..")) return "has '..', or ends in '.', '.md' or '.lock'";
  return "is reserved: a file of this name means something else";
}

/** The slug that a name makes: `Web Shop` is `web-shop`; undefined for a name without a letter or digit of ASCII. */
export function slugOf(name: string): string | undefined {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replaceAll(/[^a-z0-9._]+/g, "-").replaceAll(/\.\.+/g, ".");
  const cut = slug
    .replace(/^[._-]+/, "")
    .slice(0, 64)
    .replace(/[._-]+$/, "");
  return isSlug(cut) ? cut : undefined;
}

/** Whether a text is a colour that a project may have. */
export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text) || (PROJECT_COLORS as readonly string[]).includes(text);
}

/** As much of a project as it takes to know what words mean it. */
export type NamedProject = Pick<Project, "slug" | "name"> & Partial<Pick<Project, "was">>;

/**
 * Tells which project a word means, by its slug; undefined for a word that has none of them. The slug itself comes first,
 * then slugs, names and old slugs in any case, then, unless it is `asTyped`, the slug that the word makes.
 */
export function projectFinder(
  projects: Iterable<NamedProject>,
  { asTyped = false }: { readonly asTyped?: boolean } = {},
): (word: string) => string | undefined {
  // Of two that one word means it is the same one everywhere, whoever asks.
  const all = [...projects].sort((one, other) => (one.slug < other.slug ? -1 : 1));
  const slugs = new Set(all.map(({ slug }) => slug));
  const words = new Map<string, string>();
  const add = (word: string, slug: string): void => {
    const lower = word.toLowerCase();
    if (!words.has(lower)) words.set(lower, slug);
  };
  for (const { slug } of all) add(slug, slug);
  for (const { slug, name } of all) add(name, slug);
  for (const { slug, was = [] } of all) for (const old of was) add(old, slug);
  return (word) => {
    const wanted = word.trim();
    if (slugs.has(wanted)) return wanted;
    const found = words.get(wanted.toLowerCase());
    return found !== undefined || asTyped || words.size === 0 ? found : words.get(slugOf(wanted) ?? "");
  };
}

/** The slugs of those that are called by a word, which is none of their slugs. */
export function slugsNamed(projects: readonly NamedProject[], word: string): string[] {
  const wanted = word.trim().toLowerCase();
  if (projects.some(({ slug }) => slug.toLowerCase() === wanted)) return [];
  return projects.filter(({ name }) => name.trim().toLowerCase() === wanted).map(({ slug }) => slug);
}

/** The same for words that are compared: one without a file means itself, in any case. */
export function projectKeys(projects: Iterable<NamedProject>): (word: string) => string {
  const find = projectFinder(projects);
  return (word) => find(word) ?? word.trim().toLowerCase();
}

/** Whether a ticket names the project that a word means. */
export function isOfProject(
  ticket: { readonly fields: { readonly project?: string } } | undefined,
  wanted: string,
  keyOf: (word: string) => string,
): boolean {
  const word = ticket?.fields.project;
  return word !== undefined && keyOf(word) === keyOf(wanted);
}
