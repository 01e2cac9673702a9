/** Takes down what is wrong in a line. */
export type Tell = (line: number, message: string) => undefined;

/** Keys of a mapping that it cannot have. */
export function strangers(value: Readonly<Record<string, unknown>>, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** Whether a value is keys with values. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
