/**
 * A JSON text in which each comment is as many spaces, so that every other byte keeps its place. Settings of agents'
 * programs may have comments; JSON.parse takes none.
 */
export function blankComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith("/") ? found.replace(/[^\n\r]/g, " ") : found,
  );
}

/** Where the comments end that follow on the same line. */
export function afterComments(text: string, from: number): number {
  const found = /^(?:[ \t]*(?:\/\/[^\n\r]*|\/\*[^\n\r]*?\*\/))+/.exec(text.slice(from));
  return from + (found?.[0].length ?? 0);
}
