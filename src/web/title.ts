import { needs } from "./data/inbox.ts";
import { number } from "./words/forms.ts";

/** What an installed page can do with its icon; not every browser has it. */
interface Badged {
  setAppBadge?(count: number): Promise<void>;
}

/** A space that nobody types, so that the number is told from a title that begins with one. */
const SPACE = "\u00a0";

/** A title with how much needs somebody before it: `(3) Needs me · shorty · ayo`. */
export function titleWith(title: string, total: number): string {
  const bare = title.replace(new RegExp(`^\\([^)]*\\)${SPACE}`), "");
  return total === 0 ? bare : `(${number(total)})${SPACE}${bare}`;
}

/** Has the title of every view say how much needs somebody, and the icon of an installed page, too. */
export function markTitle(): void {
  const mark = (): void => {
    const title = titleWith(document.title, needs.get()?.total ?? 0);
    if (title !== document.title) document.title = title;
  };
  const [element] = document.getElementsByTagName("title");
  // Whatever view gives it another one.
  if (element !== undefined) new MutationObserver(mark).observe(element, { childList: true });
  needs.follow(() => {
    mark();
    void (navigator as Badged).setAppBadge?.(needs.get()?.total ?? 0).catch(() => undefined);
  });
}
