// Names under the search field while typing: a combobox with a list. The address in data-suggest answers GET ?q= with
// [{title, url, kind_label?, place?}, …]. Enter without a choice searches as usual.
let made = 0;

export function suggest(field) {
  const list = document.createElement("ul");
  list.className = "found";
  list.id = `found-${++made}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "");
  field.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    field.setAttribute(name, value);
  }

  let chosen = -1;
  let waiting = 0;
  let asked = null;
  let lastWords = "";

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    const rows = [...list.children];
    chosen = (index + rows.length + 1) % (rows.length + 1); // the last one is the field itself
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === chosen)));
    if (rows[chosen]) field.setAttribute("aria-activedescendant", rows[chosen].id);
    else field.removeAttribute("aria-activedescendant");
  };

  const show = (rows) => {
    list.replaceChildren(...rows.map((row, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.url = row.url;
      const name = document.createElement("bdi");
      name.textContent = row.title;
      const about = document.createElement("small");
      about.textContent = [row.kind_label, row.place].filter(Boolean).join(", ");
      item.append(name, about);
      return item;
    }));
    chosen = -1;
    list.hidden = !rows.length;
    field.setAttribute("aria-expanded", String(rows.length > 0));
  };

  const ask = async () => {
    const words = field.value.trim();
    if (words === lastWords) return;
    lastWords = words;
    asked?.abort();
    if (words.length < 2) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const body = await answer.json();
      if (document.activeElement === field) show((Array.isArray(body) ? body : body.items ?? []).slice(0, 8));
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen === -1 ? list.children.length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && list.children[chosen]) location.assign(list.children[chosen].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("li");
    event.preventDefault();
    if (row) location.assign(row.dataset.url);
  });
}
