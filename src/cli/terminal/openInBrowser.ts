import { spawn } from "node:child_process";
import type { Host } from "../../host.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";

/** Opens an address in the user's browser; where there is none, the address that was printed has to do. */
export function openInBrowser({ platform, env }: Host, url: string): void {
  const [command, args] = openerOf(platform, url);
  const options = { detached: true, stdio: "ignore", env: withoutOwnKeys(env) } as const;
  const child = spawn(env.BROWSER || command, env.BROWSER ? [url] : args, options);
  child.on("error", () => {});
  child.unref();
}

function openerOf(platform: string, url: string): [command: string, args: string[]] {
  if (platform === "darwin") return ["open", [url]];
  if (platform === "win32") return ["cmd", ["/c", "start", "", url.replaceAll("&", "^&")]];
  return ["xdg-open", [url]];
}
