// Keys press buttons: whatever carries data-key is clicked when that key is struck, if it can be seen. Nothing happens
// while a field has the focus, or behind an open dialog. One can turn the keys off on this computer.
(() => {
  const SWITCH = "desk-keys";
  const FIELDS = "input, select, textarea, [contenteditable]";
  const isOn = () => localStorage.getItem(SWITCH) !== "off";
  const nameOf = (event) => (event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const isSeen = (element) => !element.disabled && element.getClientRects().length > 0;

  const isLeftAlone = (event, name) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(FIELDS) || document.querySelector("dialog[open]")) return true;
    if (name === "Space" || name === "Enter") return Boolean(target.closest("button, a, summary"));
    return name.startsWith("Arrow") && Boolean(target.closest(".chart"));
  };

  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (name === "Escape" && event.target.closest?.(FIELDS) && !document.querySelector("dialog[open]")) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.repeat && !name.startsWith("Arrow")) return;
    if (isLeftAlone(event, name) || !isOn()) return;
    const found = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === name && isSeen(element),
    );
    if (!found) return;
    event.preventDefault();
    found.click();
  });

  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  }
})();
