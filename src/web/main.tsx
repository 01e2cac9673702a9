import { render } from "preact";
import { App } from "./app.tsx";
import { watchVisibility } from "./live.ts";
import { readWorkflows } from "./model.ts";
import { startRouter } from "./router.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
startRouter();
watchVisibility();
void readWorkflows();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
