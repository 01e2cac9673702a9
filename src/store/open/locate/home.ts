import path from "node:path";
import { AyoError } from "../../../error.ts";
import type { Host } from "../../../host.ts";
import { existsEven } from "./judgeDirectory.ts";

/** `AYO_HOME`, else the platform's data directory for ayo. */
export function ayoHome(host: Host): string {
  const { env, home, platform } = host;
  if (env.AYO_HOME) return absolutePath(env.AYO_HOME, "AYO_HOME", host);
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? path.join(home, "AppData", "Local"), "ayo");
  if (platform === "darwin") return path.join(home, "Library", "Application Support", "ayo");
  // The standard has relative paths ignored.
  const data = env.XDG_DATA_HOME && path.isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : undefined;
  return path.join(data ?? path.join(home, ".local", "share"), "ayo");
}

/**
 * A path as it was written, made absolute. A `~` that no shell has replaced is the home directory.
 * @throws bad_usage for what a path is certainly not meant to be
 */
export function absolutePath(text: string, where: string, host: Host): string {
  if (text === "") throw new AyoError("bad_usage", `${where} needs a value`);
  if (text.includes("\0")) throw new AyoError("bad_usage", `${where} is no path: there is a NUL in it`);
  if (/^~(?=[/\\]|$)/.test(text)) return path.join(host.home, text.slice(1));
  const variable = /^(?:\$\w+|\$\{[^}]*\}|%\w+%)/.exec(text)?.[0];
  const isWindows = host.platform !== "win32" && /^[A-Za-z]:[\\/]/.test(text);
  if ((variable !== undefined || isWindows) && !existsEven(path.resolve(host.cwd, text))) {
    const what = variable === undefined ? "a path of Windows" : `nobody has replaced ${variable} in it`;
    throw new AyoError("bad_usage", `${where} '${text}' names nothing here: ${what}`);
  }
  return path.resolve(host.cwd, text);
}
