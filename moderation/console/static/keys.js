// One key, one meaning: the button or field that bears it. In a list it is the present row's.
const typing = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

function bearer(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const row = document.querySelector("[data-row][data-current]");
  const inRow = row?.querySelector(wanted);
  if (inRow) return inRow;
  return [...document.querySelectorAll(wanted)].find((one) => !one.closest("[data-row]"));
}

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    const inField = event.target instanceof Element && typing(event.target);
    if (inField) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const target = bearer(event.key.toLowerCase());
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea")) target.focus();
    else target.click();
  });
}
