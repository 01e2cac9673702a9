import { useEffect, useState } from "preact/hooks";
import type { Durations } from "../../ticket/stats/durations.ts";
import type { Forecast } from "../../ticket/stats/forecast.ts";
import type { Group } from "../../ticket/stats/groups.ts";
import type { Slowest } from "../../ticket/stats/waits.ts";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { readProjects } from "../data/projectList.ts";
import type { Category } from "../data/shapes.ts";

/** What runs cost: null where no run told it, `unknown` how many did not. */
export interface Spent {
  readonly name: string | null;
  readonly runs: number;
  readonly cost: number | null;
  readonly unknown: number;
  readonly tickets: readonly string[];
}

/** What the server counted; see Stats in /api/openapi.json. */
export interface Answer {
  readonly since: string;
  readonly unfinished: number;
  readonly oldestInProgress: readonly {
    readonly id: string;
    readonly title: string;
    readonly by: string | null;
    readonly seconds: number;
  }[];
  readonly by: {
    readonly column: readonly {
      readonly id: string;
      readonly name: string;
      readonly category: Category | null;
      readonly count: number;
      readonly stays: Slowest;
      readonly list: string | null;
    }[];
    readonly project: readonly Group[];
    readonly agent: readonly Group[];
  };
  readonly forecast: Forecast & { readonly list: string | null };
  readonly cost: Spent & {
    readonly agents: readonly Spent[];
    readonly projects: readonly Spent[];
    readonly weeks: readonly Spent[];
  };
  readonly flow: {
    readonly days: readonly (readonly [waiting: number, working: number, finished: number])[];
    readonly weeks: readonly { readonly week: string; readonly created: number; readonly done: number }[];
    readonly done: number;
    readonly leadTime: Durations;
    readonly cycleTime: Durations;
    readonly waits: Slowest;
    readonly undated: number;
    readonly took: readonly (readonly [id: string, at: string, seconds: number])[];
    readonly lists: Readonly<Record<"done" | "undated", string | null>>;
  };
}

/** Counting anew at each change of a busy store would be too much: in milliseconds. */
const REST = 800;

interface Counted {
  /** The store and the request. */
  readonly of: string;
  readonly counted: Answer;
}

/** The last answer. */
let last: Counted | undefined;

/** The statistics of a filter's tickets over so many days; what was counted stays until the next answer comes. */
export function useAnswer(model: Model, filter: string, days: number) {
  const [answer, setAnswer] = useState<Counted>();
  const [failure, setFailure] = useState("");
  const query = new URLSearchParams({ forecast: "true", cost: "true", flow: "true", days: String(days) });
  for (const by of ["column", "project", "agent"]) query.append("by", by);
  if (filter !== "") query.set("query", filter);
  const asked = `/stats?${query}`;
  const of = `${model.config.dir} ${asked}`;
  // Who comes back from a list finds the figures where they were.
  const shown = answer ?? (last?.of === of ? last : undefined);
  useEffect(() => {
    const stop = new AbortController();
    const read = (): void => {
      call<Answer>(asked, { signal: stop.signal }).then(
        (counted) => {
          last = { of, counted };
          setAnswer(last);
          setFailure("");
          void readProjects();
        },
        (error: Error) => error.name !== "AbortError" && setFailure(error.message),
      );
    };
    const timer = setTimeout(read, shown?.of === of ? REST : filter === "" ? 0 : 120);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [model, of]);
  return { counted: shown?.counted, failure };
}
