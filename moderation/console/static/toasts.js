// A decision's toast stays as long as it can be taken back.
export function runToasts() {
  for (const toast of document.querySelectorAll("[data-toast]:not([data-running])")) {
    toast.dataset.running = "";
    const left = toast.querySelector("progress");
    const endsAt = Date.now() + (Number(toast.dataset.seconds) || 5) * 1000;
    const timer = setInterval(() => {
      const seconds = (endsAt - Date.now()) / 1000;
      if (left) left.value = seconds;
      if (seconds > 0) return;
      clearInterval(timer);
      toast.remove();
    }, 250);
  }
}
