/** What the merge driver is called in attributes and configuration. */
export const DRIVER_NAME = "ayo";

/** The attributes of a store with its own git: no conversion of line ends, and tickets are merged by field. */
export const STORE_ATTRIBUTES = `* -text\n*.md merge=${DRIVER_NAME}\n`;

/**
 * The command that git runs to merge a ticket, for `sh`: the program with its whole path; where that is gone, or leaves
 * a file to git, git merges by line. Undefined for paths that no line of a configuration can hold.
 */
export function driverCommand(program: readonly string[]): string | undefined {
  if (program.some((word) => /[\0\r\n]/.test(word))) return undefined;
  const words = program.map((word) => `'${word.replaceAll("'", "'\\''").replaceAll("%", "%%")}'`);
  return `${words.join(" ")} merge-file %O %A %B %P || git merge-file -L ours -L base -L theirs %A %O %B`;
}

/** The section of a configuration that says what the driver runs. */
export function driverSection(command: string): string {
  return `[merge "${DRIVER_NAME}"]\n\tname = tickets by field\n\tdriver = ${quoted(command)}\n`;
}

/** A value of a configuration in quotes. */
export function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"]/g, "\\$&")}"`;
}
