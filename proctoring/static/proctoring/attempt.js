// The attempt page: the clock, the state, and the line to the platform.
// The page is drawn by the server; this asks every few seconds whether it would be drawn differently by now.
// While the exam goes on, the frame with the questions stays as it is and only what is around it is exchanged.

window.name = "attempt"; // the proctoring tool posts its start message to this name

const ASK_MS = 3000;
const REPORT_MS = 10000;
const LOST_MS = 25000;
const MINUTES_SAID = [30, 10, 5, 1];
const EXCHANGED = ["standing", "notices", "time", "happened"];

const page = document.getElementById("attempt");
const part = (id) => document.getElementById(id);
let key = page?.dataset.key;
let lastHeard = Date.now();
let isCutOff = false;
let said = Infinity;
let endsAt = 0;

function say(words) {
  const live = part("announce");
  if (live) live.textContent = words;
}

// --- the clock ---------------------------------------------------------------------------------
function setClock() {
  const clock = part("clock");
  if (clock) endsAt = performance.now() + Number(clock.dataset.seconds) * 1000;
}

function words(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const tail = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours ? `${hours}:${tail}` : tail;
}

function tick() {
  const clock = part("clock");
  if (!clock || clock.dataset.running !== "yes") return;
  const left = Math.max(0, Math.floor((endsAt - performance.now()) / 1000));
  clock.textContent = words(left);
  const mark = MINUTES_SAID.find((minutes) => left <= minutes * 60 && left > minutes * 60 - 5 && minutes < said);
  if (mark) {
    said = mark;
    say(`${part("minutes-words")?.textContent ?? ""} ${mark}`);
  }
  if (left === 0) ask();
}

// --- the state ---------------------------------------------------------------------------------
function cover(isCovered) {
  const frame = part("exam-frame");
  if (frame) frame.hidden = isCovered;
  const sheet = part("cover");
  if (sheet) sheet.hidden = !isCovered;
}

function headingOf(id) {
  return part(id)?.id === "standing" ? part(id) : part(id)?.closest("section");
}

async function redraw() {
  const answer = await fetch(window.location.pathname, { headers: { "X-Requested-With": "fetch" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of EXCHANGED) {
    const old = id === "notices" ? part(id) : headingOf(id);
    const found = fresh.getElementById(id);
    const next = id === "standing" || id === "notices" ? found : found?.closest("section");
    if (old && next) old.replaceWith(next);
  }
  key = fresh.getElementById("attempt")?.dataset.key;
  document.title = fresh.title;
  setClock();
  say(document.querySelector("h1")?.textContent.trim() ?? "");
}

async function follow(now) {
  if (now.key === key) return;
  const stays = page.dataset.going && ["running", "paused"].includes(now.state);
  if (!stays || (now.is_running && !part("exam-frame"))) {
    part("exam-frame")?.remove();
    return window.location.reload();
  }
  cover(!now.is_running);
  await redraw();
  cover(!now.is_running || isCutOff);
}

let asking = false;
async function ask() {
  if (asking || isCutOff) return;
  asking = true;
  try {
    const answer = await fetch(page.dataset.status, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) await follow(await answer.json());
  } catch {
    // The report below notices a lost connection and says so.
  } finally {
    asking = false;
  }
}

// --- the line to the platform -------------------------------------------------------------------
function cutOff(isNow) {
  if (isNow === isCutOff) return;
  isCutOff = isNow;
  const notice = part("offline");
  if (notice) notice.hidden = !isNow;
  if (isNow) {
    cover(true);
    say(notice?.textContent.trim() ?? "");
  }
}

let reporting = false;
async function report() {
  if (reporting) return;
  reporting = true;
  const wasLost = isCutOff || Date.now() - lastHeard > LOST_MS;
  const body = new URLSearchParams({ csrfmiddlewaretoken: page.querySelector("[name=csrfmiddlewaretoken]").value });
  if (wasLost) body.set("lost", "1");
  try {
    const answer = await fetch(page.dataset.heartbeat, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    lastHeard = Date.now();
    cutOff(false);
    await follow(await answer.json());
  } catch {
    if (Date.now() - lastHeard > LOST_MS) cutOff(true);
  } finally {
    reporting = false;
  }
}

// --- buttons -------------------------------------------------------------------------------------
// Continue without leaving the page, so that the questions stay where they were.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-continue]") || !part("exam-frame")) return;
  event.preventDefault();
  await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  await ask();
});

if (page) {
  setInterval(ask, ASK_MS);
  if (page.dataset.going) {
    setClock();
    setInterval(tick, 500);
    if (page.dataset.heartbeat) {
      // An exam in a window of its own is not watched from here: this page sleeps behind it.
      setInterval(report, REPORT_MS);
      window.addEventListener("offline", () => cutOff(true));
      window.addEventListener("online", report);
      report();
    }
  }
}

// The proctoring window is told once that the exam is over; its button stays for browsers that want a hand.
const end = document.querySelector("form[data-end]");
if (end) end.submit();
