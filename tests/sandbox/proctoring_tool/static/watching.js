// Recording, from the candidate's start to the end of the exam.

import { get, post } from "./api.js";
import { Recorder } from "./recorder.js";
import { READY } from "./store.js";
import { say, t } from "./words.js";

const STATUS_EVERY = 5000;
const LEFT_AT_MOST_EVERY = 60_000;
// The exam opens in the other window: that this one is left for it is no news.
const GOING_THERE = 5000;

export class Watch {
  constructor({ store, sender, seconds, line }) {
    Object.assign(this, { store, sender, seconds, line });
    this.path = `/sessions/${store.session}`;
    this.recorders = [];
    this.leftAt = 0;
    this.askedAt = 0;
    new BroadcastChannel(`steady-watch-${store.session}`).onmessage = () => this.#leave();
    document.addEventListener("visibilitychange", () => this.#left());
  }

  // Holds a lock for as long as it records: the page that ends the session waits for it.
  async start(streams) {
    this.startedAt = Date.now();
    await new Promise((held) => {
      navigator.locks.request(`steady-watch-${this.store.session}`, () => {
        held();
        return new Promise((release) => (this.release = release));
      });
    });
    for (const [stream, media] of Object.entries(streams)) await this.#record(stream, media);
    say(this.line, t("● Recording"), "good");
  }

  async stop() {
    this.isOver = true;
    await Promise.all(this.recorders.map((recorder) => recorder.stop()));
    for (const { media } of this.recorders) media.getTracks().forEach((track) => track.stop());
    this.release?.();
    say(this.line, t("▲ Not recording"));
  }

  async #record(stream, media) {
    const recorder = new Recorder({
      media,
      stream,
      store: this.store,
      seconds: this.seconds,
      onChunk: () => this.#beat(),
      onPiece: () => this.sender.wake(),
    });
    for (const track of media.getTracks()) this.#guard(stream, track);
    this.recorders.push(recorder);
    await recorder.start();
  }

  #guard(stream, track) {
    const code = stream === "screen" ? "screen_lost" : track.kind === "video" ? "camera_lost" : "microphone_lost";
    const lost = (words) => !this.isOver && this.flag(code, words);
    track.addEventListener("ended", () => lost(`${track.kind} of ${stream} ended`));
    track.addEventListener("mute", () => lost(`${track.kind} of ${stream} gives nothing`));
  }

  #left() {
    const now = Date.now();
    const isNews = now - this.startedAt > GOING_THERE && now - this.leftAt > LEFT_AT_MOST_EVERY;
    if (document.visibilityState !== "hidden" || !this.startedAt || this.isOver || !isNews) return;
    this.leftAt = now;
    // A page that goes because the exam is over is hidden too, but lives no second longer.
    setTimeout(() => this.isOver || this.flag("left_tab", "The recording window was left or covered", now), 1000);
  }

  async flag(code, words, at = Date.now()) {
    const flag = { reason_code: code, reason_msg: words, incident_time: new Date(at).toISOString() };
    for (let wait = 1000; wait < 600_000; wait *= 2) {
      try {
        return await post(`${this.path}/flag`, flag);
      } catch (error) {
        if (error.status && !error.isPassing) return null;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return null;
  }

  async #beat() {
    if (Date.now() - this.askedAt < STATUS_EVERY || this.isOver) return;
    this.askedAt = Date.now();
    const { state } = await get(`${this.path}/status`).catch(() => ({}));
    if (state === "ending" || state === "ended") await this.#leave();
  }

  // It is over, whoever says so: the page of the end takes care of what is still here.
  async #leave() {
    await this.stop();
    location.replace(`${this.path}/ended`);
  }
}

export async function keepPhoto(store, kind, blob, takenAt) {
  const piece = { ...store.newPiece(kind, "", 0, "image/jpeg"), startedAt: takenAt, endedAt: takenAt, state: READY };
  await store.addChunk(piece, 0, blob, takenAt);
  await store.put(piece);
}
