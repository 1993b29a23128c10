// A note survives a look at another comment, and a saved one is put in with a press.
export function keepDraft() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const note = form.elements.note;
  const key = `draft:${form.dataset.draft}`;
  note.value ||= sessionStorage.getItem(key) ?? "";
  note.addEventListener("input", () => sessionStorage.setItem(key, note.value));
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  for (const button of document.querySelectorAll("[data-reply]")) {
    button.addEventListener("click", () => {
      note.value = [note.value.trim(), button.dataset.reply].filter(Boolean).join(" ");
      sessionStorage.setItem(key, note.value);
      note.focus();
    });
  }
}
