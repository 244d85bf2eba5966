// Keys, only for members who switched them on in their settings: "/" goes to the search field.
export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.getElementById("q");
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
}
