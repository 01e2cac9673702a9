import { AyoError } from "../../../error.ts";

/** What is over or does not hold on another day: the same is tried again by the next command. */
const TRANSIENT = ["store_busy", "git_busy", "git_unsupported", "disk_full", "store_not_writable", "unreachable"];

/** Whether the same is to be tried again later. */
export function isTransient(error: unknown): boolean {
  return error instanceof AyoError && TRANSIENT.includes(error.code);
}

/** Whether it may be so for one ticket alone, such as a file that cannot be written: then only its run need stop. */
export function mayBeOfOne(error: unknown): boolean {
  if (!(error instanceof AyoError)) return false;
  return (
    error.code === "store_not_writable" || (error.code === "git_busy" && Object.keys(error.data ?? {}).length === 0)
  );
}
