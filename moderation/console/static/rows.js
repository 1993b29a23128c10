// The present row of a list: the one keys act on. It survives a decision by its place.
let place = 0;

export function walkRows() {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;

  function stand(at, { focus }) {
    place = Math.min(Math.max(at, 0), rows.length - 1);
    for (const row of rows) delete row.dataset.current;
    rows[place].dataset.current = "";
    if (!focus) return;
    rows[place].focus({ preventScroll: true });
    rows[place].scrollIntoView({ block: "nearest" });
  }

  rows.forEach((row, at) => row.addEventListener("focusin", () => stand(at, { focus: false })));
  // A skipped comment keeps its row, a decided one does not; either way the next one is present.
  for (const row of rows) {
    row.querySelector("[data-key=l]")?.addEventListener("click", () => (place += 1));
  }
  for (const button of document.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () =>
      stand(place + Number(button.dataset.step), { focus: true }),
    );
  }
  stand(place, { focus: false });
}
