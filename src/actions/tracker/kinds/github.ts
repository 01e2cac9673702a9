import {
  describeRepo,
  findRepo,
  findViewer,
  type GitHubOptions,
  sessionFor,
} from "../../../trackers/github/describe.ts";
import { githubProvider } from "../../../trackers/github/github.ts";
import { mappingTable, statesToChoose } from "../../../trackers/github/mappingTable.ts";
import { openGitHub } from "../../../trackers/github/open.ts";
import { whyNot } from "../../../trackers/github/states.ts";
import { TrackerError } from "../../../trackers/provider.ts";
import { keptAnswers } from "../side/keptAnswers.ts";
import type { OpenKind, OpenTracker, TrackerPlace, Where } from "./kind.ts";

function optionsOf({ place, placeId, columns, states, people }: Where): GitHubOptions {
  return { repo: place, repoId: Number(placeId), columns, map: { states, people } };
}

/** Repositories of GitHub. */
export function openGitHubTracker({ url, key, placeId, host, journal, mayWrite }: OpenKind): OpenTracker {
  const repoId = placeId === undefined ? undefined : Number(placeId);
  const etags = journal === undefined ? undefined : keptAnswers(journal, "github", { url, key });
  const { ask, close } = openGitHub({ url, key, repoId, etags, env: host.env, now: host.now, mayWrite });
  return {
    findPlace: async (name): Promise<TrackerPlace> => {
      const repo = await findRepo(ask, name);
      const why = repo.isArchived ? "is archived, and takes no changes" : repo.hasIssues ? undefined : "has no issues";
      if (why !== undefined) throw new TrackerError("refused", `GitHub: ${repo.name} ${why}`);
      return { id: String(repo.id), key: repo.name, name: repo.name };
    },
    isPublic: async ({ place, placeId: before }) => {
      const { id, name, isPublic } = await findRepo(ask, place);
      if (String(id) === before) return isPublic;
      const message = `GitHub: ${name} is another repository than the one that was connected (${id}, not ${before})`;
      throw new TrackerError("gone", `${message}: 'ayo tracker add github --repo ${name}' connects this one`);
    },
    viewer: async () => {
      try {
        return (await findViewer(ask)).name;
      } catch (error) {
        // The token of an app, or of a workflow, is nobody's.
        if (error instanceof TrackerError && error.fault === "auth") return "an app";
        throw error;
      }
    },
    describe: async (where) => {
      const options = optionsOf(where);
      const described = await describeRepo(sessionFor(ask, options), options);
      return {
        table: (config) => mappingTable({ ...described, config }),
        whyNot,
        states: statesToChoose(described.labels),
        people: described.logins.map((login) => ({ id: login, names: [login] })),
      };
    },
    provider: (where) => githubProvider(ask, optionsOf(where)),
    close: () => {
      close();
      etags?.save();
    },
  };
}
