// While the title of a new topic is typed: topics and pages that are like it, under the field. The address in data-similar
// answers GET ?title= with [{title, url, kind_label, language}, …]. Nothing is chosen or sent by it.
const list = document.getElementById("similar");
const field = document.querySelector('input[name="title"]');

const link = (row) => {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  const name = document.createElement("bdi");
  const kind = document.createElement("span");
  anchor.href = row.url;
  anchor.target = "_blank"; // what is being written stays where it is
  anchor.rel = "noopener";
  name.textContent = row.title;
  if (row.language) name.lang = row.language;
  kind.className = "muted small";
  kind.textContent = ` ${row.kind_label}`;
  anchor.append(name);
  item.append(anchor, kind);
  return item;
};

const show = (rows) => {
  if (!rows.length) return list.replaceChildren();
  const heading = document.createElement("h2");
  const found = document.createElement("ul");
  heading.className = "label";
  heading.textContent = list.dataset.heading;
  found.className = "index";
  found.append(...rows.map(link));
  list.replaceChildren(heading, found);
};

if (list?.dataset.similar && field) {
  let waiting = 0;
  let asked = null;
  let last = "";

  const ask = async () => {
    const title = field.value.trim();
    if (title === last) return;
    last = title;
    asked?.abort();
    if (title.length < 3) return show([]);
    asked = new AbortController();
    try {
      const answer = await fetch(`${list.dataset.similar}?title=${encodeURIComponent(title)}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch (fault) {
      if (fault.name !== "AbortError") show([]);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
}
