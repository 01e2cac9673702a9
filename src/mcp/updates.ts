import type { Store } from "../store/open/store.ts";
import { watchStore } from "../store/watch/watch.ts";
import { readResource } from "./resources.ts";

/** Told of the URIs whose resources changed. */
export type Listener = (uris: readonly string[]) => void;

/** Watches stores while somebody listens, one watcher a store. */
export interface Updates {
  /** Done when no change from now on is missed; the function that it answers with ends the listening. */
  listen(store: Store, listener: Listener): Promise<() => void>;
  /** Ends all watching. */
  close(): Promise<void>;
}

interface Watched {
  readonly listeners: Set<Listener>;
  readonly ready: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Resources made of many tickets: they changed when their text did. */
const WHOLES = ["ayo://ready", "ayo://board"];

/** Nobody listens yet; `onWarning` is told what watching cannot do. */
export function updatesOf(onWarning: (text: string) => void): Updates {
  const watched = new Map<string, Watched>();
  const listen = async (store: Store, listener: Listener): Promise<() => void> => {
    const one = watched.get(store.dir) ?? begin(store, onWarning);
    watched.set(store.dir, one);
    one.listeners.add(listener);
    await one.ready;
    return () => {
      if (!one.listeners.delete(listener) || one.listeners.size > 0) return;
      watched.delete(store.dir);
      void one.stop();
    };
  };
  const close = async (): Promise<void> => {
    const all = [...watched.values()];
    watched.clear();
    await Promise.all(all.map((one) => one.stop()));
  };
  return { listen, close };
}

function begin(store: Store, onWarning: (text: string) => void): Watched {
  const listeners = new Set<Listener>();
  const texts = new Map<string, string>();
  const watch = watchStore(() => store, {
    onWarning,
    onEvents: async (events) => {
      const tickets = [...new Set(events.map(({ ticket }) => `ayo://ticket/${ticket.id}`))];
      const uris = [...tickets, ...(await changedWholes(store, texts))];
      for (const listener of listeners) listener(uris);
    },
  });
  const ready = Promise.all([watch.ready, changedWholes(store, texts)]).then(() => {});
  return { listeners, ready, stop: () => watch.stop() };
}

/** The wholes whose text is another than `texts` remembers. */
async function changedWholes(store: Store, texts: Map<string, string>): Promise<string[]> {
  const changed: string[] = [];
  for (const uri of WHOLES) {
    const text = await readResource(store, uri).then(
      (content) => content.text,
      () => "",
    );
    if (texts.get(uri) !== text) changed.push(uri);
    texts.set(uri, text);
  }
  return changed;
}
