import { isFinished, type View } from "../../store/disk/view.ts";
import { AGENTS_FILE, type AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { asksVerify } from "../../ticket/rules/verify.ts";

/** Names of commands that are no entry of agents.yml: what names them can never be verified. */
export function unknownVerify({ board, tickets }: View, { verify }: AgentsConfig): Finding[] {
  const common = { code: "unknown_verify", severity: "error" } as const;
  const isUnknown = (name: string): boolean => !verify.has(name);
  const told = (name: string): string => `'${name}' is no entry of verify: in ${AGENTS_FILE}`;
  const { verifyWith = [] } = board;
  const named = [...new Set(Object.values(verifyWith).flat() as string[])];
  const ofConfig = named
    .filter(isUnknown)
    .map((name) => ({ ...common, path: "config.yml", target: name, message: told(name) }));
  const nothing = asksVerify(board) && verify.size === 0;
  const none = `${board.verify === "required" ? "close.verify" : "verify at the entry of a column"} is required, and ${AGENTS_FILE} has nothing under verify: that could be run`;
  return [
    ...(nothing ? [{ ...common, path: "config.yml", message: none }] : []),
    ...ofConfig,
    ...tickets.flatMap(({ id, path, status, fields: { verify: names = [] } }) =>
      isFinished(board, status)
        ? []
        : names.filter(isUnknown).map((name) => ({ ...common, path, id, target: name, message: told(name) })),
    ),
  ];
}
