// Forms and links marked data-swap: ask the server for the next page and put it in place of this
// one. The server answers exactly what it would answer a browser without scripts.
let busy = false;

async function ask(url, options) {
  if (busy) return null; // a second press must not act on a comment nobody has seen yet
  busy = true;
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  try {
    return await fetch(url, options);
  } catch {
    warn();
    return null;
  } finally {
    busy = false;
    main.removeAttribute("aria-busy");
  }
}

function warn() {
  const note = document.createElement("p");
  note.className = "toast";
  const toasts = document.querySelector("#toasts");
  note.textContent = toasts.dataset.offline;
  toasts.prepend(note);
  setTimeout(() => note.remove(), 8000);
}

async function show(answer, begin) {
  const path = new URL(answer.url).pathname;
  if (answer.redirected && path.endsWith("/login")) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!main) return location.reload();
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  document.querySelector("#toasts").prepend(...page.querySelector("#toasts").children);
  // An answer that refuses has no address of its own to come back to.
  const stays = location.pathname === path;
  if (answer.ok) history.pushState(null, "", answer.url);
  main.focus({ preventScroll: true });
  if (!stays) scrollTo(0, 0);
  begin();
}

export function listenToSwaps(begin) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-swap]")) return;
    event.preventDefault();
    const token = document.querySelector("meta[name=csrf-token]").content;
    const answer = await ask(event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action, {
      method: "POST",
      body: new FormData(form, event.submitter),
      headers: { "X-CSRFToken": token },
    });
    if (!answer) return;
    form.closest("[data-toast]")?.remove();
    await show(answer, begin);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const answer = await ask(link.href, {});
    if (answer) await show(answer, begin);
  });
  addEventListener("popstate", () => location.reload());
}
