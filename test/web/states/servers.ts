import path from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { open } from "../../helpers/boardPage.ts";
import { exampleStore } from "../../helpers/exampleStore.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import type { ViewState } from "./everyState.ts";

/** Where a state is shown: the address of a server. */
export type ServerOf = (state: Pick<ViewState, "of">) => string;

/** Servers for every state: of the example store as it is at a moment, the same with a token, and one without tickets. */
export async function stateServers(now: number, env: Readonly<Record<string, string>> = {}): Promise<ServerOf> {
  const project = await exampleStore(path.join(tempDir(), "shorty"), now);
  const empty = await tempStore({ at: path.join(tempDir(), "fresh") });
  const [main, token, none] = await Promise.all([
    startServe(project.dir, [], { env }),
    startServe(project.dir, ["--token"], { env }),
    startServe(empty.dir, [], { env }),
  ]);
  return ({ of }) => (of === undefined ? main : of === "token" ? token : none).url;
}

/** A page for each server, in which its states are shown. */
export function statePages(serverOf: ServerOf, options: BrowserContextOptions) {
  const pages = new Map<string, Promise<Page>>();
  return async (state: ViewState): Promise<{ readonly page: Page; readonly url: string }> => {
    const url = serverOf(state);
    const known = pages.get(url) ?? open(url, options);
    pages.set(url, known);
    return { page: await known, url };
  };
}
