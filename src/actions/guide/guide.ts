import { readFileSync } from "node:fs";
import path from "node:path";
import { packageDir } from "../../host.ts";

/** A page of the manual, and what it is for. */
export interface Topic {
  readonly name: string;
  readonly about: string;
}

/** The page that lists the topics. */
export const INDEX = "guide";

/** The topics of the guide in the order of its index, which is a page too: {@link INDEX}. */
export function guideTopics(): Topic[] {
  const lines = readPage("README").matchAll(/^\* \[(\w+)\]\(\w+\.md\): (.*)$/gm);
  return [...lines].map(([, name = "", about = ""]) => ({ name, about }));
}

/**
 * A page of the guide as markdown, without what is there for tests only; undefined for a name that is no topic. Pictures,
 * which do not ship, are what they show in words.
 */
export function guidePage(topic: string): string | undefined {
  // Only a name of the index becomes part of a path.
  const isKnown = topic === INDEX || guideTopics().some(({ name }) => name === topic);
  if (!isKnown) return undefined;
  const page = readPage(topic === INDEX ? "README" : topic);
  return page.replaceAll(/^<!--.*-->\n/gm, "").replaceAll(/^!\[([^\]]*)\]\([^)]*\)$/gm, "(Picture: $1)");
}

function readPage(name: string): string {
  return readFileSync(path.join(packageDir(), "templates", "guide", `${name}.md`), "utf8");
}
