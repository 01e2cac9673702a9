import type { Surroundings } from "../consoleBlocks.ts";
import { deedsCommand } from "../deeds.ts";
import { GITHUB_KEY, githubServer } from "./server.ts";
import type { IssueInput } from "./world.ts";

/** Where a page's commands find a GitHub: its address and token, and a command `github` for what people do there. */
export async function githubForPage(home: string, onEnd: (close: () => Promise<void>) => void): Promise<Surroundings> {
  const github = await githubServer();
  const { world } = github;
  world.isPrivate = false;
  onEnd(github.close);
  // `github jo create '{"title": "…"}'`, `github jo comment 1 "…"`, `github mara label "in progress"`.
  const deeds = {
    create: (by: string, [input = "{}"]: readonly string[]) => void world.create(JSON.parse(input) as IssueInput, by),
    update: (_: string, [number = "", input = "{}"]: readonly string[]) =>
      void world.update(Number(number), JSON.parse(input) as IssueInput),
    comment: (by: string, [number = "", body = ""]: readonly string[]) => void world.comment(Number(number), body, by),
    label: (_: string, [name = ""]: readonly string[]) => void world.labels.push(name),
  };
  await deedsCommand(home, "github", deeds, onEnd);
  const { host } = new URL(github.url);
  return {
    env: { GITHUB_TOKEN: GITHUB_KEY, GITHUB_URL: github.url },
    // A reader has GitHub's own addresses.
    shown: (output) =>
      output
        .replaceAll(github.url, "https://api.github.com")
        .replaceAll(host, "api.github.com")
        .replaceAll("https://github.example/", "https://github.com/"),
  };
}
