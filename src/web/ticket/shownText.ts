const ELSEWHERE = /^##[ \t]+(acceptance criteria|notes)[ \t]*#*[ \t]*$/i;
const SECTION = /^#{1,2}[ \t]+\S/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** What of a body the page shows as text: the title, the criteria and the notes are shown elsewhere. */
export function shownText(body: string): string {
  const kept: string[] = [];
  let isElsewhere = false;
  let hasTitle = false;
  for (const { line, isCode } of linesOf(body)) {
    if (!isCode && !hasTitle && /^# /.test(line)) {
      hasTitle = true;
      continue;
    }
    if (!isCode && SECTION.test(line)) isElsewhere = ELSEWHERE.test(line);
    if (!isElsewhere) kept.push(line);
  }
  return kept.join("\n").trim();
}

/** Headings in a block of code are none. */
function* linesOf(body: string): Generator<{ readonly line: string; readonly isCode: boolean }> {
  let fence = "";
  for (const line of body.split(/\r?\n/)) {
    const mark = FENCE.exec(line)?.[1] ?? "";
    const isCode = fence !== "" || mark !== "";
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence) && line.trim() === mark) fence = "";
    yield { line, isCode };
  }
}
