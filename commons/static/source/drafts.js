// What is typed stays on this device until it has been sent. The key is the form's data-draft; passwords and tokens are never kept.
import { words } from "./words.js";

const PREFIX = "draft:";
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const SENT = "sent";

function typed(form) {
  const kept = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "password" || field.type === "submit" || field.disabled) continue;
    const choice = field.type === "checkbox" || field.type === "radio";
    (kept[field.name] ??= []).push(choice ? (field.checked ? field.value : null) : field.value);
  }
  return kept;
}

function fill(form, kept) {
  const seen = {};
  for (const field of form.elements) {
    const values = kept[field.name];
    if (!values || field.type === "hidden" || field.type === "password" || field.type === "submit") continue;
    const value = values[(seen[field.name] = (seen[field.name] ?? -1) + 1)];
    if (field.type === "checkbox" || field.type === "radio") field.checked = value !== null && value !== undefined;
    else if (value !== undefined) field.value = value;
  }
}

function store(action) {
  try {
    return action(localStorage);
  } catch {
    return null; // private windows may refuse
  }
}

function tidy() {
  store((box) => {
    for (const key of Object.keys(box).filter((name) => name.startsWith(PREFIX))) {
      const at = JSON.parse(box.getItem(key) ?? "{}").at ?? 0;
      if (Date.now() - at > KEPT_FOR) box.removeItem(key);
    }
  });
}

export function keepDraft(form) {
  const key = PREFIX + form.dataset.draft;
  const line = form.querySelector(".draft");
  const say = (...parts) => line?.replaceChildren(...parts);
  const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(at);
  const asFound = JSON.stringify(typed(form));
  const refused = Boolean(document.querySelector(".errors, [name^='choice-']"));
  tidy();

  // only a page that says so proves that the form arrived; a lost connection does not
  if (store(() => sessionStorage.getItem(SENT)) === key && document.querySelector(".notice.good")) store((box) => box.removeItem(key));

  const old = store((box) => JSON.parse(box.getItem(key) ?? "null"));
  if (old && !refused && JSON.stringify(old.fields) !== asFound) {
    const bring = document.createElement("button");
    bring.type = "button";
    bring.className = "button quiet small";
    bring.textContent = words("Bring back what you wrote at %s", clock(old.at));
    bring.addEventListener("click", () => {
      fill(form, old.fields);
      form.querySelectorAll("details").forEach((part) => { part.open ||= Boolean(part.querySelector("input:checked")); });
      say(words("Brought back. Not yet sent."));
    });
    say(bring);
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const at = Date.now();
      const done = store((box) => { box.setItem(key, JSON.stringify({ at, fields: typed(form) })); return true; });
      say(done ? words("Draft saved %s on this device, not yet sent", clock(at)) : words("This browser does not keep drafts. Send the form before you leave."));
    }, 800);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    store((box) => { box.setItem(key, JSON.stringify({ at: Date.now(), fields: typed(form) })); sessionStorage.setItem(SENT, key); });
  });
}

// The page after a sent form has usually no form of that kind, but a notice that all is well: the draft is done with.
store(() => {
  const key = sessionStorage.getItem(SENT);
  if (!key || document.querySelector("form[data-draft]") || !document.querySelector(".notice.good")) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
});
