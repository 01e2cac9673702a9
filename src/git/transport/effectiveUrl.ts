import type { GitSetting } from "../repository/parseGitConfig.ts";

/** Where an address leads once git has put another in its place (`url.<base>.insteadOf`, for pushes `pushInsteadOf`). */
export function effectiveUrl(url: string, settings: readonly GitSetting[], isPush: boolean): string {
  return (isPush ? replaced(url, settings, "pushinsteadof") : undefined) ?? replaced(url, settings, "insteadof") ?? url;
}

/** By the longest beginning that fits. */
function replaced(url: string, settings: readonly GitSetting[], key: string): string | undefined {
  const rules = settings.flatMap(([name, start]) => {
    const base = name.startsWith("url.") && name.endsWith(`.${key}`) ? name.slice(4, -key.length - 1) : undefined;
    return base !== undefined && url.startsWith(start) ? [{ base, start }] : [];
  });
  const [best] = rules.sort((left, right) => right.start.length - left.start.length);
  return best === undefined ? undefined : best.base + url.slice(best.start.length);
}
