import { AyoError } from "../../error.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { trackersIn } from "../tracker/rules.ts";
import { viewsIn } from "../views/views.ts";
import type { Examination } from "./shape.ts";

/** Parts of config.yml that nothing reads before they are wanted, and what does not work while they make no sense. */
const PARTS = [
  { read: trackersIn, until: "nothing is synced with a tracker" },
  { read: viewsIn, until: "no view can be used" },
] as const;

/** What config.yml says of trackers and views and makes no sense. */
export function settingFindings({ view: { config } }: Examination): Finding[] {
  return PARTS.flatMap(({ read, until }): Finding[] => {
    try {
      read(config);
      return [];
    } catch (error) {
      if (!(error instanceof AyoError) || error.code !== "bad_config") throw error;
      const key = String(error.data?.key);
      // Addresses are told with those that want a yes.
      if (key.endsWith(".url")) return [];
      const fact = error.message.replace(`${CONFIG_FILE}: `, "");
      const message = `${fact}; until it is mended, or taken out, ${until}`;
      return [{ code: error.code, severity: "error", path: CONFIG_FILE, target: key, message }];
    }
  });
}
