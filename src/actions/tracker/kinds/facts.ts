/** The trackers that ayo knows. */
export const TRACKERS = ["linear", "github"] as const;
/** One of {@link TRACKERS}. */
export type TrackerName = (typeof TRACKERS)[number];

/** Which notes a tracker gets: those of people, all, or none. */
export type SharedNotes = "people" | "all" | "none";

/** What is known of a tracker without asking it. */
export interface TrackerFacts {
  readonly name: TrackerName;
  /** What its issues lie in, as a word, as a flag and key of config.yml, and as people call one. */
  readonly place: "team" | "repository";
  readonly flag: "team" | "repo";
  readonly example: string;
  /** Its items are numbered in each place: the same number is another item elsewhere. */
  readonly isNumbered: boolean;
  /** Where it answers, and the variable that holds its key. */
  readonly url: string;
  readonly keyName: string;
  /** How a person comes to a key. */
  readonly keyHelp: string;
  /** Which notes go there where config.yml says nothing. */
  readonly comments: SharedNotes;
}

/** What is known of each. */
export const FACTS: Readonly<Record<TrackerName, TrackerFacts>> = {
  linear: {
    ...{ name: "linear", place: "team", flag: "team", example: "ENG" },
    isNumbered: false,
    url: "https://api.linear.app/graphql",
    keyName: "LINEAR_API_KEY",
    keyHelp: "make a personal API key in Linear (Settings, Security & access) and put it into the environment",
    comments: "people",
  },
  github: {
    ...{ name: "github", place: "repository", flag: "repo", example: "acme/web" },
    isNumbered: true,
    url: "https://api.github.com",
    keyName: "GITHUB_TOKEN",
    keyHelp:
      "put a token that may write issues into the environment, or have gh asked for its own: 'ayo tracker add github --gh'",
    // An issue may be read by the whole world, and a comment calls people.
    comments: "none",
  },
};

/** What one of them is called, for a sentence: `team ENG`, `repository acme/web`. */
export function placeOf({ name, place }: { readonly name: TrackerName; readonly place: string }): string {
  return `${FACTS[name].place} ${place}`;
}
