// After htmx has swapped a part or the standing line, the heading that changed takes the focus, so that ears
// hear it once. data-quiet on the swapped element leaves the focus where it is (clocks, counters).
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.target;
  if (swapped.closest("[data-quiet]") || swapped.contains(document.activeElement)) return;
  const heading = swapped.querySelector("h1, h2");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
});
