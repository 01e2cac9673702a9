import path from "node:path";
import type { Access } from "../../store/open/agents/agentTypes.ts";
import { type Adapter, type Launching, programOf } from "./adapter.ts";
import { parseCodex } from "./codexLines.ts";

/** Its sandbox; it never asks, so that what the sandbox forbids is refused. ayo's tools work outside it. */
const SANDBOX: Readonly<Record<Access, string>> = {
  read: "read-only",
  edit: "workspace-write",
  full: "danger-full-access",
};

/** OpenAI's Codex, without its windows. */
export const codex: Adapter = {
  choosesSession: false,
  resumes: true,
  endsByEvent: true,
  takesSchema: true,
  launch: (launching) => {
    const { entry, session, isResumed, gitDirs } = launching;
    const schema = isStrict(launching.schema) ? launching.schema : undefined;
    const sandbox = SANDBOX[entry.access];
    const schemaFile = path.join(launching.runDir, "schema.json");
    return {
      argv: [
        ...programOf(launching),
        ...(isResumed ? ["exec", "resume", session] : ["exec"]),
        ...["--json", ...(schema === undefined ? [] : ["--output-schema", schemaFile])],
        // `resume` has no flag for it.
        ...(isResumed ? setting("sandbox_mode", sandbox) : ["-s", sandbox]),
        ...(gitDirs.length === 0 ? ["--skip-git-repo-check"] : []),
        ...serverSettings(launching),
        ...(entry.access === "edit" ? setting("sandbox_workspace_write.writable_roots", rootsOf(launching)) : []),
        "-",
      ],
      env: {},
      files: schema === undefined ? {} : { [schemaFile]: `${JSON.stringify(schema)}\n` },
    };
  },
  parse: parseCodex,
};

/**
 * Its sandbox keeps the `.git` of each folder closed that it opens, so that the store's is named itself, and of the
 * project's only what a commit writes: configuration and hooks stay closed.
 */
function rootsOf({ storeDir, gitDirs }: Launching): readonly string[] {
  return [...new Set([storeDir, path.join(storeDir, ".git"), ...gitDirs])];
}

/** It hands on only the variables that are named, and without `approve` it refuses each call. */
function serverSettings({ ayo: [command = "ayo", ...words], own }: Launching): readonly string[] {
  return [
    ...setting("mcp_servers.ayo.command", command),
    ...setting("mcp_servers.ayo.args", [...words, "mcp"]),
    ...setting("mcp_servers.ayo.default_tools_approval_mode", "approve"),
    ...setting("mcp_servers.ayo.env_vars", Object.keys(own)),
  ];
}

/** Its model takes only schemas whose objects name each of their keys and no other; all else the prompt tells alone. */
function isStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  return areStrict(schema);
}

function areStrict(schema: object): boolean {
  if (Array.isArray(schema)) return schema.every((one) => typeof one !== "object" || one === null || areStrict(one));
  const { properties, required, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  const names = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const areNamed = Array.isArray(required) && names.every((name) => required.includes(name));
  if (names.length > 0 && !(areNamed && additionalProperties === false)) return false;
  return areStrict(Object.values(schema));
}

/** A setting for one run. TOML's strings and lists are JSON's, but for DEL. */
function setting(name: string, value: string | readonly string[]): readonly string[] {
  return ["-c", `${name}=${JSON.stringify(value).replaceAll("\x7f", "\\u007f")}`];
}
