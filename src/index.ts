export type { TicketJson } from "./actions/answers/describe.ts";
export { AyoError, type ErrorCode } from "./error.ts";
export type { Host } from "./host.ts";
export { currentHost } from "./host.ts";
export * from "./library/functions.ts";
export { keepView } from "./store/disk/keepView.ts";
export type { StoreChoice } from "./store/open/locate/locate.ts";
export { makeStore } from "./store/open/makeStore.ts";
export { openStore, type Store } from "./store/open/store.ts";
