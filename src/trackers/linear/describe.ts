import { lineOf } from "../lineOf.ts";
import { TrackerError } from "../provider.ts";
import { shapesOf } from "../shape.ts";
import type { Ask } from "./ask.ts";
import type { Described, LabelNode, MapConfig, StateNode, UserNode } from "./mapping.ts";
import { DESCRIBE, LABELS, TEAMS, USERS } from "./operations.ts";
import { allPages, PAGE, type Page, pageOf } from "./pages.ts";

const { listOf, whole } = shapesOf("Linear");

/** Which of Linear's teams is meant, and how. */
export interface LinearOptions {
  /** The team's id: its key may change. */
  readonly team: string;
  readonly columns: readonly string[];
  readonly map: MapConfig;
}

/** A team of Linear's. */
export interface Team {
  readonly id: string;
  /** What its issues' names begin with. */
  readonly key: string;
  readonly name: string;
}

/**
 * The team that has a key, in any case.
 * @throws TrackerError which teams there are, where none has it
 */
export async function findTeam(ask: Ask, key: string): Promise<Team> {
  const teams = async (filter: Readonly<Record<string, unknown>>): Promise<readonly Team[]> => {
    const said = await ask<{ teams?: { nodes: readonly Team[] } }>(TEAMS, { filter, first: PAGE });
    return listOf(said.teams?.nodes, "the teams").map((team) => whole(team, "a team", ["id", "key", "name"]));
  };
  const [found] = await teams({ key: { eqIgnoreCase: key } });
  if (found !== undefined) return { id: found.id, key: found.key, name: found.name };
  const keys = (await teams({})).map((team) => team.key).sort();
  const rest = keys.length === 0 ? "this key sees no team" : `the teams are ${keys.join(", ")}`;
  throw new TrackerError("refused", `Linear has no team ${key}: ${rest}`);
}

/** All that a mapping is made of, and whose key it is. */
export interface DescribedTeam extends Described {
  readonly viewer: { readonly name: string; readonly isPerson: boolean };
}

/** Reads a team's states, its labels and those of the workspace, the people, and who asks. */
export async function describeTeam(ask: Ask, { team, columns, map }: LinearOptions): Promise<DescribedTeam> {
  const labels = { or: [{ team: { id: { eq: team } } }, { team: { null: true } }] };
  const variables = { states: { team: { id: { eq: team } } }, labels, first: PAGE };
  const said = await ask<{
    viewer: { readonly name: string; readonly app: boolean };
    workflowStates?: { nodes: readonly StateNode[] };
    issueLabels: Page<LabelNode>;
    users: Page<UserNode>;
  }>(DESCRIBE, variables);
  const rest = async <T extends { id: string }>(said: Page<T>, more: (after: string) => Promise<Page<T>>) => {
    const first = pageOf(said);
    const { hasNextPage, endCursor } = first.pageInfo;
    return !hasNextPage
      ? first.nodes
      : [...first.nodes, ...(await allPages((after) => more(after ?? endCursor ?? "")))];
  };
  const allLabels = await rest(said.issueLabels, async (after) => {
    return (await ask<{ issueLabels: Page<LabelNode> }>(LABELS, { filter: labels, first: PAGE, after })).issueLabels;
  });
  const users = await rest(said.users, async (after) => {
    return (await ask<{ users: Page<UserNode> }>(USERS, { first: PAGE, after })).users;
  });
  const viewer = whole(said.viewer, "who asks", ["name"]);
  const states = listOf(said.workflowStates?.nodes, "the states");
  return {
    viewer: { name: lineOf(viewer.name), isPerson: !viewer.app },
    columns,
    config: map,
    states: states.map((one) => ({ ...whole(one, "a state", ["id", "name", "type"]), name: lineOf(one.name) })),
    labels: allLabels.map((one) => ({ ...whole(one, "a label", ["name"]), name: lineOf(one.name) })),
    users: users.map((one) => ({ ...whole(one, "a user", ["displayName"]), displayName: lineOf(one.displayName) })),
  };
}
