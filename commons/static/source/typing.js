// Puts text into a field through the browser's own editing, so that Ctrl+Z takes it back; where that is gone, without.
export function write(area, text, from, to) {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
