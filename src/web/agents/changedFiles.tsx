import type { JSX } from "preact";
import { Counts } from "../data/shown/counts.tsx";
import { PullRequest } from "../data/shown/pullRequest.tsx";
import { say } from "../words/say.ts";
import { useChanged } from "./useChanged.ts";

interface Props {
  readonly id: string;
  /** What it depends on besides the ticket: how far the run is. */
  readonly stand: string;
  readonly isLive: boolean;
}

/** The branch of the work and the files that it has changed so far. */
export function ChangedFiles({ id, stand, isLive }: Props): JSX.Element | null {
  const changed = useChanged(id, stand, isLive);
  if (changed === undefined || changed.files.length === 0) return null;
  const { branch, base, commits, files, pullRequestUrl } = changed;
  const sum = (of: "added" | "removed"): number => files.reduce((all, file) => all + (file[of] ?? 0), 0);
  return (
    <div class="branch">
      <details>
        <summary>
          {branch === null ? say.changes.commits(commits.length) : say.changes.since(branch, base ?? "")}
          {" · "}
          {say.changes.files(files.length)} <Counts added={sum("added")} removed={sum("removed")} />
        </summary>
        <ul>
          {files.map(({ path, from, added, removed }) => (
            <li key={path}>
              <code>{from === undefined ? path : `${from} → ${path}`}</code>{" "}
              {added === null ? null : <Counts added={added} removed={removed ?? 0} />}
            </li>
          ))}
        </ul>
      </details>
      <PullRequest url={pullRequestUrl} />
    </div>
  );
}
