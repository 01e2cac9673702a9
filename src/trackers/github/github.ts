import type { Provider } from "../provider.ts";
import type { Ask } from "./ask.ts";
import { describeRepo, type GitHubOptions, sessionFor } from "./describe.ts";
import { mappingOf } from "./mapping.ts";
import { reading } from "./reading.ts";
import { requestOf, writeTo } from "./writing.ts";

/** The issues of a repository at GitHub as a tracker. */
export function githubProvider(ask: Ask, options: GitHubOptions): Provider {
  const session = sessionFor(ask, options);
  return {
    name: "github",
    describe: async () => mappingOf(await describeRepo(session, options)),
    ...reading(session),
    requestOf: (write) => requestOf(write, session),
    write: async (write) => await writeTo(session, write),
  };
}
