/** The turns in the last fenced block `fake` of a prompt; undefined where there is none. */
export function scriptIn(prompt) {
  const [, text] = [...prompt.matchAll(/^[ \t]*```fake[ \t]*\n([\s\S]*?)^[ \t]*```/gm)].pop() ?? [];
  return text === undefined ? undefined : JSON.parse(text);
}
