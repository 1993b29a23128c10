import { listen } from "./keys.js";

// The lease: count it down, and renew it while the page is looked at.
function keepLease(box) {
  const countdown = box.querySelector("[data-countdown]");
  const form = box.querySelector("form");
  let endsAt = Date.now() + Number(box.dataset.seconds) * 1000;
  const total = Math.max(Number(box.dataset.seconds), 1) * 1000;
  let asking = false;

  async function renew() {
    asking = true;
    try {
      const body = new FormData();
      for (const name of ["csrf_token", "version"]) body.set(name, form.elements[name].value);
      const answer = await fetch(box.dataset.renew, { method: "POST", body, redirect: "error" });
      if (answer.status === 409) endsAt = 0;
      if (answer.ok) endsAt = Date.now() + (await answer.json()).seconds * 1000;
    } catch {
      // The network may come back; the countdown goes on meanwhile.
    } finally {
      asking = false;
    }
  }

  function show() {
    const left = Math.max(0, endsAt - Date.now());
    const minutes = Math.floor(left / 60000);
    const seconds = String(Math.floor((left % 60000) / 1000)).padStart(2, "0");
    countdown.textContent = left ? ` (${minutes}.${seconds} lagi)` : " (masa pegang habis)";
    box.classList.toggle("lost", left === 0);
    const visible = document.visibilityState === "visible";
    if (left && left < total / 2 && visible && !asking) renew();
  }

  show();
  setInterval(show, 1000);
}

listen();
const box = document.querySelector("[data-item]");
if (box) keepLease(box);
