// The page's language: English text is its own key.
const spanish = JSON.parse(document.getElementById("words").textContent);

export function t(text, values = {}) {
  return (spanish[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function say(element, text, kind = "") {
  if (element.textContent !== text) element.textContent = text;
  element.classList.remove("is-good", "is-wait", "is-bad");
  if (kind) element.classList.add(`is-${kind}`);
}
