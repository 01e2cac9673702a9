declare const AYO_BUILD: string | undefined;

/** Names the code that this runs; "" where it was not built as a command line. The launcher knows it. */
export const BUILD = typeof AYO_BUILD === "string" ? AYO_BUILD : "";
