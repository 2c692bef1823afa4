// The exam is over: hand over what is still here, tell the platform that this was all, and say so.

import { post } from "./api.js";
import { sayQueue } from "./queue.js";
import { Sender } from "./sender.js";
import { openStore } from "./store.js";
import { say, t } from "./words.js";

const at = (id) => document.getElementById(id);
const { session, state } = at("ended").dataset;
const store = await openStore(session);
const numbers = { refused: 0 };
const sender = new Sender({
  store,
  onChange: (now) => {
    Object.assign(numbers, now);
    sayQueue(at("queue-state"), now);
  },
});

async function finish() {
  await store.closeOpen();
  await sender.wake();
  await sender.tell();
  await tellTheEnd();
  const isWhole = numbers.refused === 0;
  const words = isWhole
    ? t("The recording is complete. You can close this window.")
    : t("Part of the recording could not be handed over. You can close this window; your training platform will be in touch if it matters.");
  say(at("end-state"), words, isWhole ? "good" : "wait");
}

async function tellTheEnd() {
  const items = await store.counts();
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      return await post(`/sessions/${session}/end`, { items });
    } catch (error) {
      if (error.status && !error.isPassing) {
        numbers.refused += 1;
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

if (state === "ended") {
  say(at("end-state"), t("The recording is complete. You can close this window."), "good");
} else {
  // A page that still records, in another window, stops and lets go; one that was left has let go already.
  new BroadcastChannel(`steady-watch-${session}`).postMessage("end");
  await navigator.locks.request(`steady-watch-${session}`, finish);
}
