import { configuredDriver, missingPrograms } from "../../../git/repository/mergeDriver.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { ownDriver, useDriver } from "../../open/mergeDriver.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { StoreFinding } from "../finding.ts";

/** Whether what git is to run to merge tickets is there. */
export function checkDriver(store: Store, journal: Journal): StoreFinding[] {
  const { command, isUsed } = configuredDriver(journal.repository, gitEnv(store));
  const message = isUsed ? faultOf(command) : undefined;
  if (message === undefined) return [];
  const finding = { code: "merge_driver", severity: "warning", path: "config", message } as const;
  if (ownDriver() === undefined) return [{ finding }];
  const fix = "git's configuration names this ayo";
  return [{ finding: { ...finding, fix }, mend: () => useDriver(journal) }];
}

function faultOf(command: string | undefined): string | undefined {
  const byLine = "so git merges tickets by line, with conflicts";
  if (command === undefined) return `merge.ayo.driver is not set, ${byLine}`;
  const missing = missingPrograms(command);
  return missing.length === 0 ? undefined : `merge.ayo.driver names ${missing.join(" and ")}, which is gone, ${byLine}`;
}
