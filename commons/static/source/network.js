// Whether the site answers: asked before a form leaves the page, so that nobody ends on the browser's own error page.
const LASTS = 5000;
const PATIENCE = 10000;
let last = 0;

export const heard = () => { last = Date.now(); };

export async function answers() {
  if (!navigator.onLine) return false;
  if (Date.now() - last < LASTS) return true;
  try {
    const small = document.querySelector("link[rel=icon]").href;
    await fetch(small, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    heard();
    return true;
  } catch {
    return false;
  }
}
