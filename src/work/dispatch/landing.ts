import { tipFolders } from "../../git/refs/tips.ts";
import { seeLanded } from "../../store/codeCommits/landed/seeLanded.ts";
import type { View } from "../../store/disk/view.ts";
import { projectRepository } from "../../store/open/projectRepository.ts";
import type { Store } from "../../store/open/store.ts";
import type { Work } from "../work.ts";

/** Looks at the project before anything is started: what landed lets others begin. Undefined where nothing changed. */
export function landingWatch({ store, tell }: Work): (view: View) => Promise<boolean> {
  let told = "";
  return async (view) => {
    if (view.board.landsOn === undefined) return false;
    const trouble = (text = ""): void => {
      if (text !== "" && text !== told)
        tell({ what: "trouble", text: `whether work has landed cannot be seen: ${text}` });
      told = text;
    };
    try {
      const news = await seeLanded(store, { view });
      trouble(news.trouble);
      return news.landed.length + news.unlanded.length > 0;
    } catch (error) {
      trouble((error as Error).message);
      return false;
    }
  };
}

/** The folders in which something changes when a branch of the project moves. */
export function branchFolders(store: Store): readonly string[] {
  const repository = projectRepository(store);
  return repository === undefined ? [] : tipFolders(repository);
}
