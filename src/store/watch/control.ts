/** Lets a loop sleep until something happens, and be told to end. */
export interface Control {
  readonly stopped: boolean;
  /** Ends every wait, now and from now on. */
  stop(): void;
  /** Ends the wait that is running, or the next one. */
  wake(): void;
  /** Waits until woken, at most so long; in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** The longest time that a timer of Node's takes. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** A control that nobody has woken or stopped yet. */
export function controlOf(): Control {
  let stopped = false;
  let isAwake = false;
  let rouse: () => void = () => {};
  const wake = (): void => {
    isAwake = true;
    rouse();
  };
  return {
    get stopped() {
      return stopped;
    },
    stop: () => {
      stopped = true;
      wake();
    },
    wake,
    wait: (milliseconds) => {
      if (isAwake || stopped) {
        isAwake = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => rouse(), Math.min(Math.max(milliseconds, 0), MAX_WAIT_MS));
        rouse = () => {
          clearTimeout(timer);
          rouse = () => {};
          isAwake = false;
          resolve();
        };
      });
    },
  };
}
