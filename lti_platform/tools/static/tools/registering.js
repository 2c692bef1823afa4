// The page where an admin waits while a tool registers itself in a window of its own. The window is ours because we
// opened it; only its word that it is done counts, and even that only makes us ask our own server how things stand.
const form = document.querySelector("[data-registration]");
const CLOSE = ["org.imsglobal.lti.close", "lti.close"];
const EVERY_MS = 2000;
let opened = null;

function show(name) {
  document.querySelectorAll("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== name; });
}

async function look({ closed }) {
  const answer = await fetch(form.dataset.state, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { state, next, refused } = await answer.json();
  const isAway = closed || !opened || opened.closed;
  const isNews = state === "waiting" && refused && refused !== form.dataset.refused;
  if (isNews || (state === "expired" && form.dataset.open) || (state === "registered" && isAway)) location.assign(next);
  else if (state === "registered") show("registered");
  else if (closed) show("closed");
}

form.addEventListener("submit", () => {
  opened = window.open("", form.target, "popup,width=960,height=820");
  show("waiting");
});

window.addEventListener("message", (event) => {
  if (!opened || event.source !== opened || !CLOSE.includes(event.data?.subject)) return;
  opened.close();
  look({ closed: true }).catch(() => {});
});

setInterval(() => look({ closed: false }).catch(() => {}), EVERY_MS);
