// What was read of a topic: the highest post that stood in view is sent once in a while, and when the page is left. Without
// scripts the button “Mark as read” does it.
const PAUSE = 2000;

export function readingMark(list) {
  let highest = 0, sent = 0, timer = 0;
  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    if (highest <= sent) return;
    sent = highest;
    const body = new URLSearchParams({ csrf_token: list.dataset.token, number: String(highest), upto: list.dataset.upto });
    fetch(list.dataset.seen, { method: "POST", body, keepalive: true, credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => { sent = 0; });
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const one of entries) if (one.isIntersecting) highest = Math.max(highest, Number(one.target.parentElement.dataset.number));
    if (highest > sent && !timer) timer = setTimeout(tell, PAUSE);
  }, { threshold: 0 });
  list.querySelectorAll("[data-number]").forEach((post) => watcher.observe(post.lastElementChild));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") tell(); });
}
