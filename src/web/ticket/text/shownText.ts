const ELSEWHERE = /^##[ \t]+(acceptance criteria|notes)[ \t]*#*[ \t]*$/i;
const SECTION = /^#{1,2}[ \t]+\S/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** What of a body the page shows as text: the title, the criteria and the notes are shown elsewhere. */
export function shownText(body: string): string {
  return runsOf(body)
    .flatMap(({ isShown, lines }) => (isShown ? [lines.join("\n")] : []))
    .join("\n\n");
}

/** Neighbouring lines of a body that the page shows as text, or does not; those that are shown begin and end with words. */
export interface Run {
  readonly isShown: boolean;
  readonly lines: readonly string[];
}

/** All lines of a body. */
export function runsOf(body: string): Run[] {
  const runs: { isShown: boolean; lines: string[] }[] = [];
  const put = (isShown: boolean, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    const last = runs.at(-1);
    if (last?.isShown === isShown) last.lines.push(...lines);
    else runs.push({ isShown, lines: [...lines] });
  };
  let rest: string[] = [];
  const endOfText = (): void => {
    const { first, last } = edgesOf(rest);
    put(false, rest.slice(0, first));
    put(true, rest.slice(first, last));
    put(false, rest.slice(last));
    rest = [];
  };
  for (const { line, isShown } of linesOf(body)) {
    if (isShown) rest.push(line);
    else {
      endOfText();
      put(false, [line]);
    }
  }
  endOfText();
  return runs;
}

/** Where the first line with words is, and after the last one. */
export function edgesOf(lines: readonly string[]): { readonly first: number; readonly last: number } {
  const isBlank = (line: string | undefined): boolean => line?.trim() === "";
  let first = 0;
  while (first < lines.length && isBlank(lines[first])) first++;
  let last = lines.length;
  while (last > first && isBlank(lines[last - 1])) last--;
  return { first, last };
}

/** What begins a section that is shown elsewhere: `notes`, `acceptance criteria`; "" for any other line. */
export function sectionOf(line: string): string {
  return ELSEWHERE.exec(line)?.[1]?.toLowerCase() ?? "";
}

function* linesOf(body: string): Generator<{ readonly line: string; readonly isShown: boolean }> {
  const lines = body.split(/\r?\n/);
  const code = codeIn(lines);
  let isElsewhere = false;
  let hasTitle: boolean = false;
  for (const [n, line] of lines.entries()) {
    const isCode = code.has(n);
    const isTitle: boolean = !isCode && !hasTitle && /^#[ \t]+\S/.test(line);
    if (!isCode && SECTION.test(line)) isElsewhere = sectionOf(line) !== "";
    hasTitle ||= isTitle;
    yield { line, isShown: !isTitle && !isElsewhere };
  }
}

/** The lines of fenced blocks of code: headings in them are none. A fence that is never closed is an ordinary line. */
export function codeIn(lines: readonly string[]): ReadonlySet<number> {
  const code = new Set<number>();
  for (let n = 0; n < lines.length; n++) {
    const fence = fenceOf(lines[n] as string);
    if (fence === "") continue;
    const end = lines.findIndex((line, at) => at > n && closes(line, fence));
    if (end < 0) continue;
    for (let at = n; at <= end; at++) code.add(at);
    n = end;
  }
  return code;
}

/** The fence that a line opens; "" where it opens none. */
export function fenceOf(line: string): string {
  const [, mark = "", rest = ""] = FENCE.exec(line) ?? [];
  return mark.startsWith("`") && rest.includes("`") ? "" : mark;
}

function closes(line: string, fence: string): boolean {
  const [, mark = "", rest = ""] = FENCE.exec(line) ?? [];
  return mark.startsWith(fence) && rest.trim() === "";
}
