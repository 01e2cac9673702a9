import { AyoError } from "../../error.ts";
import { STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { Refused, type Transport, Unreachable } from "../../git/transport/transport.ts";
import { type Remote, shownAs } from "./findRemote.ts";

/** The branch beside which git cannot have the store's. */
const IN_THE_WAY = "refs/heads/ayo";

/** What went wrong between here and a remote, as users know it; any other error as it is. */
export async function contactError(
  remote: Remote,
  transport: Transport,
  error: unknown,
  isFirst = true,
): Promise<unknown> {
  if (!(error instanceof Unreachable) && !(error instanceof Refused)) return error;
  const isRefused = error instanceof Refused;
  const isTaken = isRefused && (await transport.look(IN_THE_WAY).catch(() => undefined)) !== undefined;
  const branch = "it has a branch called 'ayo', and git can have no 'ayo/tickets' beside it";
  const message = isTaken
    ? `${shownAs(remote)} does not take the tickets: ${branch}; rename that one, or use another ref`
    : isRefused
      ? `${shownAs(remote)} does not take the tickets: ${error.message}`
      : `${shownAs(remote)} cannot be reached: ${error.message}`;
  // Only branches of a remote of the project's, where others have the tickets, are looked into for an outbox.
  const hasOutbox = isRefused && !isFirst && remote.name !== remote.url;
  return new AyoError(isRefused ? "remote_refused" : "unreachable", message, {
    ...(isTaken
      ? { try: ["ayo", "config", "sync.ref", STORE_BRANCH.replace("heads/", "")] }
      : hasOutbox
        ? { try: ["ayo", "sync", "--outbox"] }
        : {}),
    data: { remote: remote.name, said: error.message },
    cause: error,
  });
}
