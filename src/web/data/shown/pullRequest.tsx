import type { JSX } from "preact";
import { say } from "../../words/say.ts";

/** The way to the page where a pull request of a branch is made; it opens beside, and learns nothing of this page. */
export function PullRequest({ url }: { readonly url: string | null }): JSX.Element | null {
  if (url === null || !/^https?:\/\//.test(url)) return null;
  return (
    <a class="pull-request" href={url} target="_blank" rel="noopener noreferrer" title={say.changes.pushFirst}>
      {say.changes.pullRequest(new URL(url).host)}
    </a>
  );
}
