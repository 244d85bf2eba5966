// What is typed stays on this device until it has been sent; where the form names an address (data-server-draft) also on
// the site, so that another device can go on. The key is the form's data-draft; passwords and tokens are never kept.
import { answers, heard } from "./network.js";
import { words } from "./words.js";

const PREFIX = "draft:";
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const PAUSE = 800;
const FIRST = 3000;
const EVERY = 20000;
const SENT = "sent";
const SEEN = ["version", "seen"]; // what stood on the page when the writing began: others' changes since then are merged

const written = (field) => field.name && !["hidden", "password", "submit"].includes(field.type) && !field.disabled;
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", ...(Date.now() - at > 12 * 3600 * 1000 && { day: "numeric", month: "long" }),
}).format(at);

function typed(form) {
  const kept = {};
  for (const field of form.elements) {
    if (!written(field)) continue;
    const choice = field.type === "checkbox" || field.type === "radio";
    (kept[field.name] ??= []).push(choice ? (field.checked ? field.value : null) : field.value);
  }
  return kept;
}

function fill(form, kept) {
  const met = {};
  for (const field of form.elements) {
    const values = kept[field.name];
    if (!values || !written(field)) continue;
    const value = values[(met[field.name] = (met[field.name] ?? -1) + 1)];
    if (field.type === "checkbox" || field.type === "radio") field.checked = value !== null && value !== undefined;
    else if (value !== undefined) field.value = value;
  }
}

const seenBy = (form) => Object.fromEntries(SEEN.filter((name) => form.elements[name]?.type === "hidden").map((name) => [name, form.elements[name].value]));

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

function button(text, action, look = "quiet") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button ${look} small`;
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}

export function keepDraft(form) {
  const key = PREFIX + form.dataset.draft;
  const line = form.querySelector(".draft");
  const say = (...parts) => { if (parts.length > 1 || line?.textContent !== parts[0]) line?.replaceChildren(...parts); };
  tidy();

  // only a page that says so proves that the form arrived; a lost connection does not
  if (store(() => sessionStorage.getItem(SENT)) === key && document.querySelector(".notice.good")) store((box) => box.removeItem(key));
  offerBack(form, key, say);
  const device = onDevice(form, key);
  const site = form.dataset.serverDraft ? onSite(form, () => tell()) : null;

  const tell = () => {
    if (!device.done) say(words("This browser does not keep drafts. Send the form before you leave."));
    else if (site?.trouble === "signed out") say(words("You are signed out. Your text is safe on this device; sign in in another tab, then save."), " ", signIn(form));
    else if (site && !navigator.onLine) say(words("No connection. Draft saved %s on this device, not yet sent.", clock(device.at)));
    else if (site?.at >= device.at) say(words("Draft saved %s on this device and on the site", clock(device.at)));
    else say(words("Draft saved %s on this device, not yet sent", clock(device.at)));
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { device.keep(); site?.changed(); tell(); }, PAUSE);
  });
  if (site) for (const event of ["online", "offline"]) addEventListener(event, () => { if (device.at) { site.changed(0); tell(); } });
  leaveOnlyWhenSomebodyAnswers(form, say, () => { clearTimeout(waiting); device.keep(); }, () => {
    site?.stop();
    store(() => sessionStorage.setItem(SENT, key));
  });
}

function signIn(form) {
  const link = document.createElement("a");
  link.href = form.dataset.signIn ?? "";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words("Sign in in a new tab");
  return link;
}

function onDevice(form, key) {
  return {
    at: 0,
    done: true,
    keep() {
      this.at = Date.now();
      const kept = JSON.stringify({ at: this.at, fields: typed(form), seen: seenBy(form) });
      this.done = store((box) => { box.setItem(key, kept); return true; });
    },
  };
}

// Sent three seconds after the first change, then every twenty while it changes, and when the page goes out of sight.
function onSite(form, tell) {
  let timer = 0;
  let asked = 0;
  let dirty = false;
  let sending = new AbortController();
  const site = { at: 0, trouble: "" };
  const send = async () => {
    timer = 0;
    if (!dirty || !navigator.onLine) return;
    dirty = false;
    asked = Date.now();
    sending = new AbortController();
    const body = new FormData(form);
    const token = body.get("csrf_token") ?? "";
    for (const name of ["csrf_token", "action"]) body.delete(name);
    body.set("key", form.dataset.draft);
    try {
      const answer = await fetch(form.dataset.serverDraft, { method: "POST", headers: { "X-CSRFToken": token }, body, signal: sending.signal });
      heard();
      site.trouble = [400, 401, 403].includes(answer.status) ? "signed out" : "";
      if (answer.ok) site.at = asked;
      else dirty = true;
    } catch {
      if (sending.signal.aborted) return;
      dirty = true;
    }
    tell();
    if (dirty && !site.trouble) site.changed();
  };
  site.changed = (after) => {
    dirty = true;
    if (after === 0) clearTimeout(timer);
    else if (timer) return;
    timer = setTimeout(send, after ?? Math.max(FIRST, EVERY - (Date.now() - asked)));
  };
  site.stop = () => { clearTimeout(timer); dirty = false; sending.abort(); };
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) send(); });
  return site;
}

// The page may offer what the site has kept (.offers [data-kept-at]); the newer of the two stands first, and the same twice stands once.
function offerBack(form, key, say) {
  const refused = document.querySelector(".errors, [name^='choice-']");
  const old = store((box) => JSON.parse(box.getItem(key) ?? "null"));
  if (!old || refused || JSON.stringify(old.fields) === JSON.stringify(typed(form))) return;
  const place = form.querySelector(".offers");
  const other = place?.querySelector("[data-kept-at]");
  const bring = button(words("Bring back what you wrote at %s", clock(old.at)), () => {
    fill(form, old.fields);
    for (const [name, value] of Object.entries(old.seen ?? {})) if (form.elements[name]) form.elements[name].value = value;
    form.querySelectorAll("details").forEach((part) => { part.open ||= Boolean(part.querySelector("input:checked")); });
    place?.replaceChildren();
    say(words("Brought back. Not yet sent."));
    form.querySelector("textarea")?.focus();
  });
  if (!place) return say(bring, "");
  const offer = document.createElement("div");
  offer.className = "notice actions";
  const about = document.createElement("b");
  about.textContent = words("You wrote here and did not save it.");
  offer.append(about, bring, button(words("Throw it away"), () => {
    store((box) => box.removeItem(key));
    offer.remove();
    if (other) other.hidden = false;
  }, "plain"));
  const later = other ? old.at - Date.parse(other.dataset.keptAt) : 0;
  if (other) other.hidden = Math.abs(later) < 2 * EVERY;
  if (later < 0 && !other?.hidden) place.append(offer);
  else place.prepend(offer);
}

// A form leaves the page only when the site answers. If it does not, that is said, and it leaves later if the writer says so.
function leaveOnlyWhenSomebodyAnswers(form, say, keep, leaving) {
  let free = false;
  let asking = false;
  let patient = 0;
  const go = (submitter) => {
    clearInterval(patient);
    free = true;
    form.requestSubmit(submitter);
  };
  const hold = (submitter) => {
    say(words("No connection. Your text is safe on this device."), " ", button(words("Save it when the connection is back"), () => {
      say(words("It will be saved as soon as the connection is back."));
      const again = async () => { if (patient && (await answers()) && patient) { removeEventListener("online", again); go(submitter); } };
      patient = setInterval(again, 15000);
      addEventListener("online", again);
    }));
    line(form)?.querySelector("button")?.focus();
  };
  form.addEventListener("submit", async (event) => {
    keep();
    if (free) {
      free = false;
      return leaving();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking) return;
    asking = true;
    const reached = await answers();
    asking = false;
    const submitter = event.submitter ?? undefined;
    if (reached) setTimeout(go, 0, submitter); // not while this very submission is still being told
    else hold(submitter);
  });
}

const line = (form) => form.querySelector(".draft");

// The page after a sent form has usually no form of that kind, but a notice that all is well: the draft is done with.
store(() => {
  const key = sessionStorage.getItem(SENT);
  if (!key || document.querySelector("form[data-draft]") || !document.querySelector(".notice.good")) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
});
