// Six buttons over a plain textarea, and beside it what the server makes of the text.
import { words } from "./words.js";

const TOOLS = [
  ["B", "Bold", "**", "**"],
  ["I", "Italic", "_", "_"],
  ["H", "Heading", "\n## ", ""],
  ["List", "", "\n- ", ""],
  ["Quote", "", "\n> ", ""],
  ["Link", "", "[", "](https://)"],
];

function put(area, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const inside = value.slice(from, to);
  const lead = before.startsWith("\n") && (from === 0 || value[from - 1] === "\n") ? before.slice(1) : before;
  area.setRangeText(lead + (before.includes("- ") || before.includes("> ") ? inside.replaceAll("\n", before) : inside) + after, from, to, "end");
  if (!inside) area.selectionStart = area.selectionEnd = from + lead.length;
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
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
  bar.append(...TOOLS.map(([sign, name, before, after]) => button(words(sign), name && words(name), () => put(area, before, after))));
  const frame = document.createElement("div");
  frame.className = "write";
  area.before(bar, frame);
  frame.append(area);
  if (area.dataset.preview) preview(area, bar, frame);
}

function preview(area, bar, frame) {
  const pane = document.createElement("div");
  pane.className = "prose preview";
  pane.hidden = true;
  pane.dir = "auto";
  frame.append(pane);
  let shown = null;
  let waiting = 0;
  const ask = async () => {
    if (pane.hidden || shown === area.value) return;
    const text = (shown = area.value);
    const token = area.form.querySelector("[name=csrf_token]")?.value ?? "";
    try {
      const answer = await fetch(area.dataset.preview, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ text }) });
      if (answer.ok && text === area.value) pane.innerHTML = await answer.text(); // rendered and cleaned by the same code that will publish it
      else if (!answer.ok) throw new Error(answer.status);
    } catch {
      shown = null;
      pane.textContent = words("No preview now. Your text is safe in the field.");
    }
  };
  const toggle = button(words("Preview"), "", () => {
    pane.hidden = !pane.hidden;
    frame.classList.toggle("both", !pane.hidden);
    toggle.setAttribute("aria-pressed", String(!pane.hidden));
    ask();
  });
  toggle.setAttribute("aria-pressed", "false");
  bar.append(toggle);
  area.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 500); });
}
