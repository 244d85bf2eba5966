// Typing [[ and two letters offers what there is to link to. Arrows choose, Enter puts it in, Escape closes. The address in
// data-link-suggest answers GET ?q= with [{title, kind?, kind_label?, link?}, …]; `link` is what stands between the brackets.
import { write } from "./typing.js";
import { words } from "./words.js";

const BEGUN = /\[\[([^[\]\n|#]{2,80})$/;
const COPIED = ["font", "letterSpacing", "lineHeight", "paddingInline", "paddingBlock", "direction", "textAlign"];
let made = 0;

const named = (row) => row.link ?? (row.kind && row.kind !== "page" ? `${row.kind}:${row.title}` : row.title);

export function suggestLinks(area, frame) {
  const list = document.createElement("ul");
  list.className = "found";
  list.id = `links-${++made}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words("Link"));
  const voice = document.createElement("p");
  voice.className = "hidden";
  voice.setAttribute("role", "status");
  frame.append(list, voice);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);

  let rows = [];
  let chosen = -1;
  let waiting = 0;
  let asked = null;

  const begun = () => (area.selectionStart === area.selectionEnd ? BEGUN.exec(area.value.slice(Math.max(0, area.selectionStart - 90), area.selectionStart)) : null);

  const close = () => {
    asked?.abort();
    clearTimeout(waiting);
    list.hidden = true;
    rows = [];
    chosen = -1;
    voice.textContent = "";
    area.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    chosen = (index + rows.length) % rows.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };

  const insert = (row) => {
    const found = begun();
    if (!found) return close();
    const from = area.selectionStart - found[0].length;
    const closed = area.value.startsWith("]]", area.selectionStart) ? 2 : 0;
    const to = area.selectionStart + closed;
    close();
    write(area, `[[${named(row).replace(/[[\]|\n]/g, " ")}]]`, from, to);
  };

  const show = (found) => {
    rows = found.slice(0, 8);
    chosen = -1;
    list.replaceChildren(...rows.map((row, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("bdi");
      name.textContent = row.title;
      const about = document.createElement("small");
      about.textContent = row.kind_label ?? "";
      item.append(name, about);
      return item;
    }));
    list.hidden = !rows.length;
    if (list.hidden) return close();
    const caret = placeOf(area, frame);
    list.style.top = `${area.offsetTop + Math.min(caret.top, area.clientHeight)}px`;
    list.style.left = `${Math.max(0, Math.min(caret.left, frame.clientWidth - list.offsetWidth))}px`;
    voice.textContent = words("Pages and organisations to link to: arrow keys choose, Enter puts one in, Escape closes.");
  };

  const ask = async () => {
    const found = begun();
    if (!found) return close();
    const [, kind, q] = /^(?:(\w+):)?\s*(.*)$/s.exec(found[1]);
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q, ...(kind && { kind: kind.toLowerCase() }) });
    try {
      const answer = await fetch(`${area.dataset.linkSuggest}?${query}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const body = await answer.json();
      if (document.activeElement === area && begun()) show(Array.isArray(body) ? body : body.items ?? []);
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  };

  area.addEventListener("input", () => {
    clearTimeout(waiting);
    if (begun()) waiting = setTimeout(ask, 150);
    else if (!list.hidden) close();
  });
  addEventListener("resize", () => { if (!list.hidden) close(); });
  area.addEventListener("blur", () => setTimeout(close, 150));
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? rows.length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && rows[chosen]) insert(rows[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (rows[at]) insert(rows[at]);
  });
}

// Where the caret stands inside the field: the text before it, laid out once more in a box of the same shape.
function placeOf(area, frame) {
  const mirror = document.createElement("div");
  const style = getComputedStyle(area);
  for (const name of COPIED) mirror.style[name] = style[name];
  Object.assign(mirror.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", boxSizing: "border-box", width: `${area.clientWidth}px` });
  const mark = document.createElement("span");
  mark.textContent = "[";
  mirror.append(area.value.slice(0, area.selectionStart), mark);
  frame.append(mirror);
  const place = { top: mark.offsetTop - mirror.offsetTop + mark.offsetHeight - area.scrollTop, left: mark.offsetLeft };
  mirror.remove();
  return place;
}
