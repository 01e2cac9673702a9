import { AyoError, refusedBySystem } from "../error.ts";
import { NoStore } from "../store/open/store.ts";

/** What went wrong as users are to know it: what nobody has foreseen is a bug of ours. */
export async function knownError(error: unknown): Promise<AyoError> {
  if (error instanceof NoStore) return (await import("../store/open/noStore.ts")).withElsewhere(error);
  return error instanceof AyoError ? error : bug(error);
}

function bug(error: unknown): AyoError {
  const refused = refusedBySystem(error);
  if (refused !== undefined) return refused;
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AyoError("internal", `this is a bug in ayo: ${what}`, { cause: error });
}
