// The sheet of keys.
export function listenToSheet() {
  const sheet = document.querySelector("#keys");
  const button = document.querySelector("[data-sheet]");
  button.hidden = false;
  button.addEventListener("click", () => sheet.showModal());
}
