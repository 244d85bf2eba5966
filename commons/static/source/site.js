// Common Ground: what a page gains when scripts run. Every page works without any of this.
import { closeMenus, showTab } from "./menus.js";
import { suggest } from "./suggest.js";
import { keepDraft } from "./drafts.js";
import { markdownEditor } from "./editor.js";
import { liveFacets, narrowTree, sendOnce, usualAnswers, focusFirst } from "./forms.js";
import { readingMark } from "./reading.js";
import { shortcuts } from "./shortcuts.js";

const each = (selector, start) => document.querySelectorAll(selector).forEach(start);

closeMenus();
each(".tabs", showTab);
each("[data-suggest]", suggest);
each("form[data-draft]", keepDraft);
each("textarea[data-markdown]", markdownEditor);
each("form[data-live]", liveFacets);
each("[data-narrow]", narrowTree);
each("datalist", usualAnswers);
each("form[data-once]", sendOnce);
each("[data-seen]", readingMark);
focusFirst();
if (document.documentElement.hasAttribute("data-shortcuts")) shortcuts();
