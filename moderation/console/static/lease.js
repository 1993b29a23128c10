// The leases: count them down, and renew them while the page is looked at.
let timer = 0;

export function keepLeases() {
  clearInterval(timer);
  const box = document.querySelector("[data-held]");
  const countdown = box?.querySelector("[data-countdown]");
  if (!countdown) return;
  const total = Number(box.dataset.lease) * 1000;
  let endsAt = Date.now() + Number(box.dataset.seconds) * 1000;
  let asking = false;

  async function renew() {
    asking = true;
    try {
      const answer = await fetch(box.dataset.renew, {
        method: "POST",
        headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
        redirect: "error",
      });
      const { held, seconds } = await answer.json();
      const here = location.pathname.split("/").pop();
      const lost = box.querySelector("[aria-current]") && !held.includes(here);
      endsAt = lost || !held.length ? 0 : Date.now() + seconds * 1000;
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
    countdown.textContent = left
      ? ` (${minutes}.${seconds} ${box.dataset.left})`
      : ` (${box.dataset.over})`;
    box.classList.toggle("lost", left === 0);
    const looking = document.visibilityState === "visible" && document.hasFocus();
    if (left && left < total / 2 && looking && !asking) renew();
  }

  show();
  timer = setInterval(show, 1000);
}
