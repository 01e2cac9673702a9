import { render } from "preact";
import { App } from "./app.tsx";
import { keepWhenHidden } from "./data/events.ts";
import { followInbox } from "./data/inbox.ts";
import { openStore, readWorkflows } from "./data/model.ts";
import { followGaveWay } from "./data/shown/gaveWay.ts";
import { startHome } from "./home.ts";
import { startNotify } from "./inbox/startNotify.ts";
import { afterFirst } from "./later.tsx";
import { applyLanguage } from "./page/language.ts";
import { startRouter } from "./page/router.ts";
import { applyTheme } from "./page/theme.ts";
import { markTitle } from "./title.ts";

applyTheme();
startRouter();
// First what takes longest: it comes while everything else is made ready.
void openStore();
followInbox();
followGaveWay();
startHome();
markTitle();
keepWhenHidden();
startNotify();
// Nothing is lost without.
afterFirst(() => void import("./page/worker.ts").then(({ keepFiles }) => keepFiles()).catch(() => {}));
void readWorkflows();
const root = document.getElementById("app");
// What is drawn before its words are there would be drawn twice, at first in English.
void applyLanguage().then(() => root !== null && render(<App />, root));
