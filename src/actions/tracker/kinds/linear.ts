import { describeTeam, findTeam, type LinearOptions } from "../../../trackers/linear/describe.ts";
import { linearProvider } from "../../../trackers/linear/linear.ts";
import { mappingTable } from "../../../trackers/linear/mappingTable.ts";
import { openLinear } from "../../../trackers/linear/open.ts";
import type { OpenKind, OpenTracker, Where } from "./kind.ts";

function optionsOf({ placeId, columns, states, people }: Where): LinearOptions {
  return { team: placeId, columns: columns.map(({ id }) => id), map: { states, people } };
}

/** Teams of Linear. */
export function openLinearTracker({ url, key, host, mayWrite }: OpenKind): OpenTracker {
  const { ask, close } = openLinear({ url, key, env: host.env, now: host.now, mayWrite });
  return {
    findPlace: async (name) => await findTeam(ask, name),
    isPublic: async () => false,
    viewer: async (where) => (await describeTeam(ask, optionsOf(where))).viewer.name,
    describe: async (where) => {
      const described = await describeTeam(ask, optionsOf(where));
      const live = described.states.filter(({ archivedAt }) => !archivedAt);
      return {
        table: (config) => mappingTable({ ...described, config }),
        states: live.map(({ id, name }) => ({ id, names: [name] })),
        people: described.users.map(({ id, name, displayName }) => ({ id, names: [displayName, name] })),
      };
    },
    provider: (where) => linearProvider(ask, optionsOf(where)),
    close,
  };
}
