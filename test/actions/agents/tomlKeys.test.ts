import { describe, expect, test } from "vitest";
import { definesTable } from "../../../src/actions/agents/tomlKeys.ts";

const TABLE = ["mcp_servers", "ayo"];

describe("whether a TOML text defines a table", () => {
  test.for([
    ["[mcp_servers.ayo]", true],
    ["  [ mcp_servers . 'ayo' ] # mine", true],
    ["[mcp_servers.ayo.env]\nA = 1", true],
    ["[[mcp_servers.ayo]]", true],
    ["mcp_servers.ayo.command = 1", true],
    ['"mcp_servers" . ayo = {}', true],
    ["[mcp_servers]\nayo.command = 1", true],
    ["mcp_servers = {}", true],
    ["", false],
    ["# [mcp_servers.ayo]", false],
    ["[mcp_servers]", false],
    ["[mcp_servers.db]\nayo = 1", false],
    ["[mcp_servers.ayo2]", false],
    ["[other]\nmcp_servers.ayo.command = 1", false],
    ["notes = '''\n[mcp_servers.ayo]\n'''", false],
    ['note = "[mcp_servers.ayo]"', false],
  ] as const)("%j: %s", ([text, expected]) => {
    expect(definesTable(text, TABLE)).toBe(expected);
  });

  test("a long word is read at once", () => {
    expect(definesTable(`list = [\n  ${"word".repeat(50_000)}\n]`, TABLE)).toBe(false);
  });
});
