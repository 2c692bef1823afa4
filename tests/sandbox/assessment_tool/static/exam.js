// Every choice is saved at once; without a connection it waits here and is sent again.

const form = document.getElementById("exam");
const saved = document.getElementById("saved");
const words = JSON.parse(document.getElementById("words").textContent);
const t = (text) => words[text] ?? text;
const waiting = new Map();
let isSending = false;

form.addEventListener("change", ({ target }) => {
  waiting.set(target.name, Number(target.value));
  send();
});
addEventListener("online", send);
addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
// The form carries every choice itself: nothing waits once it is sent.
form.addEventListener("submit", () => waiting.clear());

async function send() {
  if (isSending || !waiting.size) return;
  isSending = true;
  const batch = new Map(waiting);
  try {
    const response = await fetch(`/attempts/${form.dataset.attempt}/answers`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.fromEntries(batch)),
    });
    if (!response.ok) throw new Error(response.statusText);
    const { answered, of } = await response.json();
    for (const [name, value] of batch) if (waiting.get(name) === value) waiting.delete(name);
    saved.textContent = `${answered} / ${of} ${t("answers saved")}`;
    saved.className = "";
    isSending = false;
    send();
  } catch {
    saved.textContent = t("No connection. Your answers wait here and are saved as soon as it is back.");
    saved.className = "is-wait";
    isSending = false;
    setTimeout(send, 3000);
  }
}
