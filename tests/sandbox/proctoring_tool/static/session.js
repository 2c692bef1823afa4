// The candidate's page: check-in, then the recording.

import { post } from "./api.js";
import { canShareScreen, openCamera, openScreen, showLevel, takePhoto } from "./capture.js";
import { startPanel } from "./panel.js";
import { sayQueue } from "./queue.js";
import { Sender } from "./sender.js";
import { openStore } from "./store.js";
import { keepPhoto, Watch } from "./watching.js";
import { say, t } from "./words.js";

const at = (id) => document.getElementById(id);
const page = at("session").dataset;
const path = `/sessions/${page.session}`;
const streams = {};
const photos = {};
let watch, store, sender, hideLevel;

function showMissing() {
  const wanted = {
    consent: at("consent").checked,
    camera: Boolean(streams.camera),
    "photo ID": Boolean(photos.identity_photo),
    "photo of you": Boolean(photos.candidate_photo),
    room: at("alone").checked && at("rules").checked,
  };
  const steps = Object.keys(wanted).filter((step) => !wanted[step]).map((step) => t(step));
  at("start").querySelector("button").disabled = steps.length > 0;
  say(at("missing"), steps.length ? t("Still to do: {steps}.", { steps: steps.join(", ") }) : "");
}

async function turnOn() {
  try {
    streams.camera = await openCamera();
  } catch (error) {
    say(at("camera-state"), t("■ The camera cannot be used: {reason}. Allow it for this page and try again.", { reason: error.message }), "bad");
    return false;
  }
  for (const id of ["preview", "small-preview"]) at(id).srcObject = streams.camera;
  at("preview").hidden = at("level-line").hidden = false;
  // Told by its data, not by its drawing: a window that lies behind another is not drawn.
  const allowPhotos = () => (at("take-identity").disabled = at("take-candidate").disabled = false);
  if (at("preview").readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) allowPhotos();
  else at("preview").addEventListener("loadeddata", allowPhotos, { once: true });
  at("camera-on").hidden = true;
  say(at("camera-state"), t("● Camera and microphone are on."), "good");
  return true;
}

function photograph(kind, imageId) {
  return async () => {
    const blob = await takePhoto(at("preview"));
    if (!blob) return;
    photos[kind] = { blob, takenAt: Date.now() };
    const image = at(imageId);
    image.src = URL.createObjectURL(blob);
    image.hidden = false;
    showMissing();
  };
}

async function shareScreen() {
  try {
    streams.screen = await openScreen();
    say(at("screen-state"), t("● Your screen is shared."), "good");
  } catch {
    say(at("screen-state"), t("▲ Your screen is not shared. That is fine."), "wait");
  }
}

async function record() {
  at("check-in").hidden = true;
  at("watching").hidden = false;
  hideLevel?.();
  if (page.evidence) await watch.start(streams);
  document.title = t("Keep this window open");
}

// The candidate's click: record first, then tell the platform in the window that the exam is in, never in this one.
async function start(event) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    if (!watch.startedAt) {
      for (const [kind, { blob, takenAt }] of Object.entries(photos)) await keepPhoto(store, kind, blob, takenAt);
      await record();
    }
    const { action, JWT } = await post(`${path}/start`, {});
    event.target.action = action;
    event.target.elements.JWT.value = JWT;
    event.target.submit();
    window.opener?.focus();
    sender.wake();
  } catch (error) {
    at("check-in").hidden = false;
    say(at("missing"), t("■ The exam could not be started: {reason}. Try again.", { reason: error.message }), "bad");
    button.disabled = false;
  }
}

// The page was loaded again while recording: go on, by itself if the browser lets us.
async function goOn() {
  await store.closeOpen();
  sender.wake();
  if (!(await turnOn())) {
    at("camera-again").hidden = false;
    say(at("recording-state"), at("camera-state").textContent, "bad");
    return;
  }
  at("camera-again").hidden = true;
  await record();
}

async function checkIn() {
  for (const id of ["consent", "alone", "rules"]) at(id).addEventListener("change", showMissing);
  at("camera-on").addEventListener("click", async () => {
    if (await turnOn()) hideLevel = showLevel(streams.camera, at("level"));
    showMissing();
  });
  at("camera-on").disabled = false;
  at("take-identity").addEventListener("click", photograph("identity_photo", "identity-photo"));
  at("take-candidate").addEventListener("click", photograph("candidate_photo", "candidate-photo"));
  at("screen-step").hidden = !canShareScreen;
  at("screen-on").addEventListener("click", shareScreen);
  at("start").addEventListener("submit", start);
  showMissing();
}

store = await openStore(page.session);
sender = new Sender({ store, onChange: (numbers) => sayQueue(at("queue-state"), numbers) });
watch = new Watch({ store, sender, seconds: Number(page.seconds), line: at("recording-state") });
startPanel(at("panel"));
at("camera-again").addEventListener("click", goOn);
store.forgetOld(Date.now());
checkIn();
if (page.state === "recording") goOn();
