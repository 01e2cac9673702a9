import { useMemo, useRef } from "preact/hooks";
import { filterOf, type Scope, type Test } from "./filter.ts";
import type { Model } from "./model.ts";
import type { Projects } from "./projects.ts";

/** The test of the filter; while a word is being typed that is none yet, the test of what was there before. */
export function useFilter(
  model: Model,
  q: string,
  known: Projects,
): { readonly test: Test | undefined; readonly problem: string } {
  const before = useRef<Test | undefined>(undefined);
  return useMemo(() => {
    try {
      before.current = q.trim() === "" ? undefined : filterOf(q, scopeOf(model, known));
      return { test: before.current, problem: "" };
    } catch (error) {
      return { test: before.current, problem: (error as Error).message };
    }
  }, [model, q, known]);
}

/** What filters of this page are judged by. */
export function scopeOf({ config, cards, children }: Model, known: Projects): Scope {
  const { board, actor } = config;
  return { board, cards, projects: known, me: actor.name, hasChildren: (id) => children.has(id), now: Date.now() };
}
