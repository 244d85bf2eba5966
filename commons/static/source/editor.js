// Six buttons over a plain textarea, and beside it what the server makes of the text.
import { heard } from "./network.js";
import { suggestLinks } from "./links.js";
import { write } from "./typing.js";
import { words } from "./words.js";

const TOOLS = [
  ["B", "Bold", "**", "**", "b"],
  ["I", "Italic", "_", "_", "i"],
  ["H", "Heading", "\n## ", ""],
  ["List", "", "\n- ", ""],
  ["Quote", "", "\n> ", ""],
  ["Link", "", "[", "](https://)"],
];
const NEARLY = 0.9;

function put(area, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const inside = value.slice(from, to);
  const lead = before.startsWith("\n") && (from === 0 || value[from - 1] === "\n") ? before.slice(1) : before;
  write(area, lead + (before.includes("- ") || before.includes("> ") ? inside.replaceAll("\n", before) : inside) + after, from, to);
  if (!inside) area.selectionStart = area.selectionEnd = from + lead.length;
}

function button(text, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) { made.title = label; made.setAttribute("aria-label", label); }
  made.addEventListener("click", action);
  return made;
}

export function markdownEditor(area) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words("Formatting"));
  for (const [sign, name, before, after, letter] of TOOLS) {
    const tool = button(words(sign), name && words(name), () => put(area, before, after));
    if (letter) tool.setAttribute("aria-keyshortcuts", `Control+${letter.toUpperCase()}`);
    bar.append(tool);
  }
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = TOOLS.find(([, , , , letter]) => letter === event.key.toLowerCase());
    if (!tool) return;
    event.preventDefault();
    put(area, tool[2], tool[3]);
  });
  const frame = document.createElement("div");
  frame.className = "write";
  area.before(bar, frame);
  frame.append(area);
  if (area.dataset.limit) countLeft(area, frame);
  if (area.dataset.preview) preview(area, bar, frame);
  if (area.dataset.linkSuggest) suggestLinks(area, frame);
}

// Said only near the limit; too long a text is refused when it is saved, never cut.
function countLeft(area, frame) {
  const line = document.createElement("p");
  line.className = "left";
  line.setAttribute("role", "status");
  frame.append(line);
  const count = () => {
    const left = area.dataset.limit - area.value.length;
    const sentence = left < 0 ? area.dataset.over : left < (1 - NEARLY) * area.dataset.limit ? area.dataset.left : "";
    line.textContent = sentence.replace("{count}", new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(left)));
    line.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

function preview(area, bar, frame) {
  const pane = document.createElement("div");
  pane.className = "prose reading preview";
  pane.hidden = true;
  pane.dir = "auto";
  pane.tabIndex = 0;
  pane.setAttribute("role", "region");
  pane.setAttribute("aria-label", words("Preview"));
  frame.append(pane);
  let shown = null;
  let waiting = 0;
  const ask = async () => {
    if (pane.hidden || shown === area.value) return;
    const text = (shown = area.value);
    const token = area.form.querySelector("[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ text, ...(area.form.dataset.entry && { entry: area.form.dataset.entry }) });
    try {
      const answer = await fetch(area.dataset.preview, { method: "POST", headers: { "X-CSRFToken": token }, body });
      heard();
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (text !== area.value) return;
      const at = pane.scrollTop;
      pane.innerHTML = html; // rendered and cleaned by the same code that will publish it
      pane.scrollTop = at;
    } catch {
      shown = null;
      pane.textContent = words("No preview now. Your text is safe in the field.");
    }
  };
  const toggle = button(words("Preview"), "", () => {
    const at = area.scrollTop;
    pane.hidden = !pane.hidden;
    frame.classList.toggle("both", !pane.hidden);
    toggle.setAttribute("aria-pressed", String(!pane.hidden));
    area.scrollTop = at;
    ask();
    if (!pane.hidden && pane.getBoundingClientRect().top > innerHeight / 2) pane.scrollIntoView({ block: "center" }); // one column
  });
  toggle.className = "preview-switch";
  toggle.setAttribute("aria-pressed", "false");
  bar.append(toggle);
  area.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 500); });
  area.addEventListener("scroll", () => {
    const room = area.scrollHeight - area.clientHeight;
    if (room > 0) pane.scrollTop = (area.scrollTop / room) * (pane.scrollHeight - pane.clientHeight);
  });
}
