// Forms and links marked data-swap: ask the server for the next page and put it in place of this
// one. The server answers exactly what it would answer a browser without scripts.
let busy = false;

async function ask(url, options) {
  if (busy) return null; // a second press must not act on a comment nobody has seen yet
  busy = true;
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, options);
    return { answer, text: await answer.text() };
  } catch {
    toast(document.querySelector("#toasts").dataset.offline);
    return null;
  } finally {
    busy = false;
    main.removeAttribute("aria-busy");
  }
}

function toast(text) {
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = text;
  document.querySelector("#toasts").prepend(note);
  setTimeout(() => note.remove(), 8000);
}

function show({ answer, text }, begin) {
  const path = new URL(answer.url).pathname;
  if (answer.redirected && path.endsWith("/login")) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) return location.reload();
  document.title = page.title;
  // A message above the comment would push it down under the reader's eyes.
  const messages = [...main.querySelectorAll(".flash")];
  for (const message of messages) message.remove();
  document.querySelector("main").replaceWith(main);
  for (const message of messages) toast(message.textContent);
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
    const { submitter } = event;
    const target = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    const page = await ask(target, {
      method: "POST",
      body: new FormData(form, submitter),
      headers: { "X-CSRFToken": token },
    });
    if (!page) return;
    form.closest("[data-toast]")?.remove();
    show(page, begin);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const page = await ask(link.href, {});
    if (page) show(page, begin);
  });
  addEventListener("popstate", () => location.reload());
}
