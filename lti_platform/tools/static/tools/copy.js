// A button with data-copy puts that text on the clipboard, and says so in its own words. Without a clipboard it stays away.
if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const words = [...button.childNodes];
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.replaceChildren(...words); }, 2000);
    });
  });
}
