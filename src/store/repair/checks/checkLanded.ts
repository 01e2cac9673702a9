import { openCommits } from "../../../git/commits/commitReader.ts";
import { baseBranch, shortRef } from "../../codeCommits/landed/baseBranch.ts";
import { historyOf } from "../../codeCommits/landed/baseHistory.ts";
import { loadLanded } from "../../codeCommits/landed/landedCache.ts";
import { doneTickets } from "../../codeCommits/landed/look.ts";
import { wholeId } from "../../codeCommits/landed/reverted.ts";
import type { View } from "../../disk/view.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import type { Finding } from "../finding.ts";

/**
 * Where work has to land: tickets whose files name commits that the base branch does not have here. Another machine may
 * have fetched more; nobody but a person can tell.
 */
export function checkLanded(store: Store, view: View): Finding[] {
  const { landsOn } = view.board;
  if (landsOn === undefined) return [];
  const repository = projectRepository(store);
  if (repository === undefined) return [];
  const base = baseBranch(repository, landsOn);
  if (typeof base === "string") return [finding({ path: "config.yml", message: `work can land nowhere: ${base}` })];
  const reader = openCommits(repository);
  try {
    const { stateDir } = store.journal ?? {};
    const known = stateDir === undefined ? undefined : loadLanded(stateDir, repository.commonDir);
    const history = historyOf(known?.history, base, reader);
    return doneTickets(view).flatMap(({ id, path, fields: { landed, unlanded } }) => {
      const target = [landed, unlanded].find((oid) => oid !== undefined && !history.places.has(wholeId(history, oid)));
      if (target === undefined) return [];
      const key = target === landed ? "landed" : "unlanded";
      const message = `${key} names ${target}, which ${shortRef(base.ref)} does not have here: fetch, or 'ayo ticket landed ${id}'`;
      return [finding({ path, id, target, message })];
    });
  } finally {
    reader.close();
  }
}

function finding(of: Pick<Finding, "path" | "id" | "target" | "message">): Finding {
  return { code: "landed_elsewhere", severity: "warning", ...of };
}
