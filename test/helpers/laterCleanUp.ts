import { afterAll } from "vitest";

/**
 * Takes what is to be done after all tests, also from within `beforeAll`, where vitest would ignore an `afterAll`.
 * Call it where tests are declared.
 */
export function laterCleanUp(): (cleanUp: () => void) => void {
  const all: (() => void)[] = [];
  afterAll(() => {
    for (const cleanUp of all.reverse()) cleanUp();
  });
  return (cleanUp) => void all.push(cleanUp);
}
