// Ties the list of incidents, the timeline and the verdict to the player and to each other.
(() => {
  const desk = document.getElementById("desk");
  const said = document.getElementById("said");
  const form = document.querySelector("[data-verdict]");
  desk.classList.add("has-script");

  const lines = () => [...document.querySelectorAll("[data-incident]")];
  const current = () => document.querySelector("[data-incident].is-current");
  const announce = (words) => { said.textContent = words; };
  const wordsOf = (line) => [...line.children].slice(0, 4).map((part) => part.textContent.trim()).join(", ");

  function seekTo(line) {
    if (line.dataset.at !== undefined) {
      document.dispatchEvent(new CustomEvent("desk:seek", { detail: { ms: Number(line.dataset.at) } }));
    }
  }

  function mark(line) {
    for (const other of lines()) {
      other.classList.toggle("is-current", other === line);
      if (other === line) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  }

  function select(line) {
    mark(line);
    line.scrollIntoView({ block: "nearest" });
    if (document.activeElement?.matches("[data-incident]")) line.focus({ preventScroll: true });
    announce(wordsOf(line));
    seekTo(line);
  }

  function step(by) {
    const all = lines();
    const next = all[all.indexOf(current()) + by];
    if (next) select(next);
    else if (current()) seekTo(current());
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    const line = link && document.getElementById(link.dataset.seek);
    if (line) {
      event.preventDefault();
      select(line);
      return;
    }
    const action = event.target.closest("[data-do]")?.dataset.do;
    if (action === "next-incident") step(1);
    if (action === "last-incident") step(-1);
  });

  // A place on the timeline between the incidents.
  document.addEventListener("click", (event) => {
    const chart = event.target.closest("[data-chart]");
    if (!chart || event.target.closest("a")) return;
    const frame = chart.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * chart.viewBox.baseVal.width;
    const share = (x - Number(chart.dataset.left)) / Number(chart.dataset.width);
    if (share < 0 || share > 1) return;
    document.dispatchEvent(new CustomEvent("desk:seek", { detail: { ms: share * Number(chart.dataset.length) } }));
  });

  let place = 0;
  function moveHead() {
    const chart = document.querySelector("[data-chart]");
    const head = chart?.querySelector("[data-head]");
    if (!head) return;
    const share = Math.min(place / Number(chart.dataset.length), 1);
    head.setAttribute("transform", `translate(${Number(chart.dataset.left) + share * Number(chart.dataset.width)} 0)`);
  }
  document.addEventListener("desk:moved", (event) => { place = event.detail.ms; moveHead(); });

  // Dismissing takes a reason: without one the field gets the focus, and Enter in it dismisses.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-needs-reason]");
    const reason = button?.form.querySelector("[data-reason]");
    if (!reason || reason.value.trim()) return;
    event.preventDefault();
    event.stopPropagation();
    reason.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-reason]")) return;
    event.preventDefault();
    // A click, so that htmx knows which button it was.
    if (event.target.value.trim()) event.target.form.querySelector("[data-needs-reason]").click();
  });

  // An answer may come when the next incident is in hand already: that one, and what is being typed, stay.
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    held = {
      name: current()?.id,
      hadFocus: event.target.contains(document.activeElement),
      reasons: [...document.querySelectorAll("[data-reason]")].map(({ id, value }) => ({ id, value })),
    };
  });
  const failed = document.getElementById("not-saved");
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, () => { failed.hidden = false; failed.scrollIntoView({ block: "nearest" }); });
  }
  document.addEventListener("htmx:afterSettle", () => {
    failed.hidden = true;
    moveHead();
    const line = document.getElementById(held?.name) ?? current();
    if (!held || !line) return;
    const { hadFocus, reasons } = held;
    held = null;
    mark(line);
    for (const { id, value } of reasons) {
      const field = document.getElementById(id);
      if (field && field.value !== value) field.value = value;
    }
    if (hadFocus && document.activeElement === document.body) line.focus({ preventScroll: true });
    announce(wordsOf(line));
  });

  // The verdict: what follows from it is said before it is signed; one against the candidate is asked about once more.
  if (!form) return;
  const chosen = () => form.querySelector("[name=outcome]:checked");
  const note = form.querySelector("[name=note]");
  const sign = form.querySelector("[data-sign]");
  const sure = document.getElementById("sure");
  const nameOf = (radio) => form.querySelector(`label[for="${radio.id}"]`).firstChild.textContent.trim();

  form.addEventListener("change", () => {
    const radio = chosen();
    if (!radio) return;
    form.querySelector("[data-effect-words]").textContent = radio.dataset.effect;
    announce(`${nameOf(radio)}. ${radio.dataset.effect}`);
  });
  form.addEventListener("submit", (event) => {
    const radio = chosen();
    if (event.submitter !== sign || !radio || radio.dataset.adverse === undefined) return;
    event.preventDefault();
    sure.querySelector("[data-sure-words]").textContent = nameOf(radio);
    sure.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (chosen() && chosen().value !== "clear" && !note.value.trim()) note.focus();
    else form.requestSubmit(sign);
  });
})();
