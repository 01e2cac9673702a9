import { CARD_FIELDS } from "../../ticket/cardFields.ts";
import { route } from "../page/router.ts";
import { type Call, call } from "./api.ts";
import { type Affected, changeSent, readAll, readSome, showAffected } from "./model.ts";
import type { Written } from "./shapes.ts";

/** Commits that answers to changes of this page told of: the events of these are no news. */
const ownCommits = new Set<string>();
/** Changes that the server has not answered yet. */
let unanswered = 0;
/** Told when there are none left. */
let waiting: (() => void)[] = [];

/** A change and, where something is shown of it already, what ends that. */
export interface ChangeCall extends Call {
  readonly onAnswer?: () => void;
}

/**
 * Sends a change. Its answer has every ticket that it turned, which is shown before this answers: nothing is read.
 * @throws Problem
 */
export async function sendChange<T extends Written>(path: string, { onAnswer, ...options }: ChangeCall): Promise<T> {
  const { workflow } = route.get();
  const sent = changeSent();
  const send = async (): Promise<T> => {
    try {
      const answer = await call<T & Partial<Affected>>(`${path}?include=affected&fields=${CARD_FIELDS}`, options);
      if (answer.commit !== null) ownCommits.add(answer.commit);
      onAnswer?.();
      if (workflow === route.get().workflow) await showAnswer(answer, sent);
      return answer;
    } catch (error) {
      onAnswer?.();
      throw error;
    }
  };
  return counted(send());
}

/** Counts something that is asked of the server as a change of this page until it is answered. */
export async function counted<T>(asked: Promise<T>): Promise<T> {
  unanswered++;
  try {
    return await asked;
  } finally {
    unanswered--;
    if (unanswered === 0) {
      for (const resolve of waiting) resolve();
      waiting = [];
    }
  }
}

async function showAnswer({ affected, gone }: Partial<Affected>, sent: number): Promise<void> {
  // The server could not look, and says why in a notice.
  if (affected === undefined || gone === undefined) return readAll();
  const unsure = showAffected({ affected, gone }, sent);
  if (unsure.length > 0) await readSome(unsure);
}

/** Whether an answer to a change of this page told of the commit. */
export function isOwnCommit(commit: string | null): boolean {
  return commit !== null && ownCommits.has(commit);
}

/** Done once no change of this page waits for its answer, or after so many milliseconds. */
export function whenAnswered(atMost: number): Promise<void> {
  if (unanswered === 0) return Promise.resolve();
  return new Promise((resolve) => {
    waiting.push(resolve);
    setTimeout(resolve, atMost);
  });
}
