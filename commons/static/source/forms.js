// Small services to forms: filters that apply themselves, a filter for long lists, no double sending, focus on the first fault.
import { words } from "./words.js";

export function liveFacets(form) {
  const wide = matchMedia("(min-width: 64rem)");
  form.addEventListener("change", (event) => {
    if (wide.matches && event.target.type === "checkbox") form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true; // short addresses
    if (form.elements.near?.disabled && form.elements.km) form.elements.km.disabled = true;
    addEventListener("pageshow", () => { for (const field of form.elements) if (!field.closest(".off")) field.disabled = false; }, { once: true });
  });
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function narrowTree(tree) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "input";
  field.placeholder = tree.dataset.narrow;
  field.setAttribute("aria-label", tree.dataset.narrow);
  tree.before(field);
  const before = new Map([...tree.querySelectorAll("details")].map((part) => [part, part.open]));
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = plain(field.value.trim());
    for (const [part, wasOpen] of before) {
      const heading = plain(part.querySelector("summary").textContent).includes(wanted);
      let any = false;
      for (const row of part.querySelectorAll("li")) {
        const fits = !wanted || heading || plain(row.textContent).includes(wanted) || row.querySelector("input").checked;
        row.hidden = !fits;
        any ||= fits && (!wanted || plain(row.textContent).includes(wanted));
      }
      part.hidden = Boolean(wanted) && !any && !heading;
      part.open = wanted ? any : wasOpen || Boolean(part.querySelector("input:checked"));
    }
  });
}

export function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    event.submitter?.setAttribute("aria-disabled", "true");
    const line = form.querySelector(".draft");
    if (line) line.textContent = words("Sending …");
    setTimeout(() => { sent = false; event.submitter?.removeAttribute("aria-disabled"); }, 8000);
  });
  addEventListener("pageshow", () => { sent = false; });
}

// The usual answers of a field (its datalist) as buttons under it.
export function usualAnswers(list) {
  const field = document.querySelector(`[list="${list.id}"]`);
  if (!field) return;
  const row = document.createElement("div");
  row.className = "chips gap-top-small";
  for (const { value } of list.options) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.textContent = value;
    chip.addEventListener("click", () => {
      field.value = value;
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    row.append(chip);
  }
  field.after(row);
  field.removeAttribute("list");
}

export function focusFirst() {
  document.querySelector(".errors, [tabindex='-1'][autofocus]")?.focus();
}
