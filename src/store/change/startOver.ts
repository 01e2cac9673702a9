/**
 * The store moved on under a change that had already begun: somebody else's commit, a file that was saved, a lock that
 * was lost. Nothing of the change was written, and whoever began it begins again with a fresh look.
 */
export class StartOver extends Error {
  /** Path in the store of the file that changed, where it was a file. */
  readonly file: string | undefined;

  constructor(why: string, file?: string) {
    super(why);
    this.file = file;
  }
}

/**
 * Does `work` again whenever it has to start over, at most so many times; `onStartOver` hears of each.
 * @throws what `work` throws, and StartOver after the last attempt
 */
export async function startingOver<T>(
  attempts: number,
  work: (attempt: number) => Promise<T>,
  onStartOver: (why: StartOver) => void = () => {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof StartOver)) throw error;
      onStartOver(error);
      if (attempt >= attempts) throw error;
    }
  }
}
