/** By what lists can be sorted. */
export const SORTS = ["priority", "created", "updated", "status", "title", "id"] as const;
/** One of {@link SORTS}. */
export type Sort = (typeof SORTS)[number];
