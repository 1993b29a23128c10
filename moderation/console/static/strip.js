// Dragging over the strip fills in the range, as typing it would.
const form = document.querySelector("[data-strip]");
const chart = document.querySelector("[data-strip-chart]");
const chosen = document.querySelector("[data-strip-chosen]");
const low = form.elements.namedItem("low");
const high = form.elements.namedItem("high");
let start = null;

function percentAt(event) {
  const place = new DOMPoint(event.clientX, event.clientY);
  const share = place.matrixTransform(chart.getScreenCTM().inverse()).x / 720;
  return Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10;
}

function show() {
  chosen.setAttribute("x", low.value * 7.2);
  chosen.setAttribute("width", Math.max((high.value - low.value) * 7.2, 1));
}

chart.addEventListener("pointerdown", (event) => {
  start = percentAt(event);
  chart.setPointerCapture(event.pointerId);
});
chart.addEventListener("pointermove", (event) => {
  if (start === null) return;
  const here = percentAt(event);
  low.value = Math.min(start, here);
  high.value = Math.max(start, here);
  show();
});
chart.addEventListener("pointerup", () => {
  const dragged = start !== null && Number(high.value) > Number(low.value);
  start = null;
  if (dragged) form.requestSubmit();
});
form.addEventListener("input", show);
