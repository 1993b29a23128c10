// Sends a reply without leaving the page, remembers it for this tab, and asks what became of it.
const STORE = "balasan";
const ASK_EVERY_MS = 2000;
const form = document.querySelector("form");
const list = document.querySelector(".replies");
const problem = document.querySelector(".problem");
let replies = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");

function remember(reply) {
  replies = [...replies.filter((other) => other.id !== reply.id), reply].slice(-50);
  sessionStorage.setItem(STORE, JSON.stringify(replies));
}

// Offsets count code points, strings here count UTF-16 units.
function marked(text, spans) {
  const points = Array.from(text);
  const parts = document.createDocumentFragment();
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    const mark = document.createElement("mark");
    mark.textContent = points.slice(start, end).join("");
    parts.append(points.slice(at, start).join(""), mark);
    at = end;
  }
  parts.append(points.slice(at).join(""));
  return parts;
}

function show(reply) {
  let item = document.getElementById(reply.id);
  if (!item) {
    item = document.createElement("li");
    item.id = reply.id;
    item.innerHTML = '<div class="text" dir="auto"></div><p class="outcome"></p>';
    list.append(item);
  }
  item.className = `reply reply-${reply.state}`;
  item.querySelector(".text").replaceChildren(marked(reply.text, reply.spans));
  item.querySelector(".outcome").textContent = reply.message;
}

async function send(event) {
  event.preventDefault();
  const text = form.elements.comment.value.trim();
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  }).catch(() => null);
  const outcome = answer ? await answer.json().catch(() => null) : null;
  problem.textContent = "";
  if (!outcome?.id) {
    problem.textContent = outcome?.message ?? "Balasan belum terkirim. Periksa sambungan Anda.";
    return;
  }
  form.elements.comment.value = "";
  const reply = { ...outcome, text };
  remember(reply);
  show(reply);
}

async function ask() {
  for (const reply of replies.filter((one) => one.waiting)) {
    const answer = await fetch(`${form.action}/${reply.id}`).catch(() => null);
    if (!answer?.ok) continue;
    const now = { ...reply, ...(await answer.json()) };
    if (now.message !== reply.message) show(now);
    remember(now);
  }
  setTimeout(ask, ASK_EVERY_MS);
}

replies.forEach(show);
form.addEventListener("submit", send);
ask();
