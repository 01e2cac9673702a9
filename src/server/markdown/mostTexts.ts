/** So many texts are read at once. */
export const MOST_TEXTS = 200;
