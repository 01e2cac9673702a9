/** Roles of who follows a ticket. */
export const COLLABORATOR_ROLES = ["contributor", "owner"] as const;

/** What somebody is to a ticket that he follows. */
export type CollaboratorRole = (typeof COLLABORATOR_ROLES)[number];

/** Who follows a ticket: an element of `collaborators:`, which is a name, or a name with `=owner` behind it. */
export interface Collaborator {
  readonly who: string;
  readonly role: CollaboratorRole;
}

const OWNER = /^(.*\S)\s*=\s*owner$/i;

/** The name in an element of `collaborators:`. */
export function whoOf(element: string): string {
  return OWNER.exec(element)?.[1] ?? element.replace(/\s*=\s*contributor$/i, "");
}

/** Each who follows, once: an owner stays one where two machines wrote down both. */
export function collaboratorsOf(elements: readonly string[]): Collaborator[] {
  const all = new Map<string, Collaborator>();
  for (const element of elements) {
    const who = whoOf(element);
    const key = who.toLowerCase();
    const role = OWNER.test(element) || all.get(key)?.role === "owner" ? "owner" : "contributor";
    all.set(key, { who: all.get(key)?.who ?? who, role });
  }
  return [...all.values()];
}

/** The element that says so. */
export function formatCollaborator({ who, role }: Collaborator): string {
  return role === "owner" ? `${who}=owner` : who;
}
