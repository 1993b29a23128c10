// Shows the number under the thumb, and the forecast for it as soon as the thumb rests.
const form = document.querySelector("[data-dial]");
const input = form.elements.namedItem("allowed");
const output = form.querySelector("output");

input.addEventListener("input", () => {
  output.value = input.value;
});
input.addEventListener("change", () => {
  document.querySelector("[data-forecast]")?.classList.add("outdated");
});
