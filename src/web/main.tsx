import { render } from "preact";
import { App } from "./app.tsx";
import { keepWhenHidden } from "./data/events.ts";
import { followInbox } from "./data/inbox.ts";
import { readWorkflows } from "./data/model.ts";
import { startRouter } from "./page/router.ts";
import { applyTheme } from "./page/theme.ts";
import { keepFiles } from "./page/worker.ts";

applyTheme();
startRouter();
followInbox();
keepWhenHidden();
keepFiles();
void readWorkflows();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
