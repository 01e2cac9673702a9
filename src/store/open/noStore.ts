import { AyoError } from "../../error.ts";
import { currentHost, type Host } from "../../host.ts";
import type { StoreChoice } from "./locate/locate.ts";
import { isCutShort, remoteToAsk, shownTickets } from "./shownTickets.ts";
import { NoStore, openStore, type Store } from "./store.ts";

/**
 * Opens the store that `choice` names, or the session's.
 * @throws no_store where there is none, git_unsupported
 */
export function openOrTell(choice: StoreChoice = {}, host: Host = currentHost()): Store {
  try {
    return openStore(choice, host);
  } catch (error) {
    throw error instanceof NoStore ? withElsewhere(error) : error;
  }
}

/** That there is none; where the clone of the project has brought tickets along, that they are there. */
export function withElsewhere(error: NoStore): AyoError {
  const { place, message } = error;
  const shown = shownTickets(place);
  if (shown !== undefined)
    return new AyoError("no_store", `${message}, and ${shown.remote} has tickets: 'ayo init' brings them`, {
      ...(error.try && { try: error.try }),
      data: { remote: shown.remote },
    });
  const asked = remoteToAsk(place);
  if (asked === undefined) return error;
  return new AyoError("no_store", `${message}; if ${asked} has one, 'ayo sync' brings it`, {
    ...(isCutShort(place) ? { try: ["ayo", "sync"] } : error.try && { try: error.try }),
  });
}
