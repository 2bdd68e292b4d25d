// What every page has: the shell, menus, dialogs, selects, forms and lists. A page adds its own in pages/.
import "./shell.js";
import "./menus.js";
import "./dialogs.js";
import "./tips.js";
import "./forms.js";
import "./dates.js";
import "./progress.js";
import "./demo.js";
import "./rows.js";
import "./sending.js";
import "./filters.js";
import "./newcase.js";
import "./palette.js";
import "./card/signingout.js";
import { enhanceSelects } from "./selects.js";

enhanceSelects(document);
