// One key, one button. Keys are silent while somebody types.
const typing = (element) =>
  element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof Element && typing(event.target)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}
