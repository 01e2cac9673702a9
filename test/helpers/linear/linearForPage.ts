import type { Surroundings } from "../consoleBlocks.ts";
import { deedsCommand } from "../deeds.ts";
import { LINEAR_KEY, linearServer } from "./server.ts";
import type { IssueInput } from "./world.ts";

/** Where a page's commands find a Linear: its address and key, and a command `linear` for what people do there. */
export async function linearForPage(home: string, onEnd: (close: () => Promise<void>) => void): Promise<Surroundings> {
  const linear = await linearServer();
  const { world } = linear;
  onEnd(linear.close);
  // `linear jo create '{"title": "…"}'`, `linear jo comment ENG-1 "…"`.
  const deeds = {
    create: (by: string, [input = "{}"]: readonly string[]) =>
      void world.create(JSON.parse(input) as IssueInput, `user-${by}`),
    update: (by: string, [key = "", input = "{}"]: readonly string[]) =>
      void world.update(world.issue(key).id, JSON.parse(input) as IssueInput, `user-${by}`),
    comment: (by: string, [key = "", body = ""]: readonly string[]) =>
      void world.comment({ issueId: world.issue(key).id, body }, `user-${by}`),
  };
  await deedsCommand(home, "linear", deeds, onEnd);
  const { host } = new URL(linear.url);
  return {
    env: { LINEAR_API_KEY: LINEAR_KEY, LINEAR_URL: linear.url },
    // A reader has Linear's own address.
    shown: (output) =>
      output.replaceAll(linear.url, "https://api.linear.app/graphql").replaceAll(host, "api.linear.app"),
  };
}
