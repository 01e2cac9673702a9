import type { CommitPerson } from "../commits/commit.ts";

/** A person as git writes one in commits and logs; what git could not read again is left out. */
export function formatPerson({ name, email, time, timezone }: CommitPerson): string {
  const clean = (text: string): string => text.replaceAll(/[<>\n\r\0]/g, "").trim();
  const seconds = Math.max(0, Math.floor(time)) || 0;
  return `${clean(name) || "unknown"} <${clean(email)}> ${seconds} ${/^[+-]\d{4}$/.test(timezone) ? timezone : "+0000"}`;
}

/** The person of a commit's line; what it does not say is empty. */
export function parsePerson(line: string): CommitPerson {
  const match = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(line);
  return {
    name: match?.[1] ?? "",
    email: match?.[2] ?? "",
    time: Number(match?.[3] ?? 0),
    timezone: match?.[4] ?? "+0000",
  };
}
