// Hands over what is ready, oldest first, as often as it takes.

import { Refused, post } from "./api.js";
import { READY, REFUSED, SENT } from "./store.js";

const FIRST_WAIT = 1000, LONGEST_WAIT = 30_000;
const STORED_ALREADY = new Set([409, 412]);

export class Sender {
  constructor({ store, onChange }) {
    Object.assign(this, { store, onChange });
    this.path = `/sessions/${store.session}/items`;
    this.wait = FIRST_WAIT;
    this.isOffline = false;
    addEventListener("online", () => this.wake());
  }

  // Sends until nothing is ready; one round at a time. Resolves then.
  wake() {
    this.hurry?.();
    this.round ??= this.#send().finally(() => (this.round = null));
    return this.round;
  }

  async #send() {
    let piece;
    while ((piece = await this.#first())) {
      try {
        await this.#handOver(piece);
        this.wait = FIRST_WAIT;
        this.isOffline = false;
        await this.store.markSent(piece);
      } catch (error) {
        if (error instanceof Refused && !error.isPassing) await this.store.put({ ...piece, state: REFUSED, why: error.message });
        else await this.#pause();
      }
      await this.tell();
    }
  }

  async tell() {
    const pieces = await this.store.pieces();
    const number = (state) => pieces.filter((piece) => piece.state === state).length;
    this.onChange({ waiting: number(READY), sent: number(SENT), refused: number(REFUSED), isOffline: this.isOffline });
  }

  async #first() {
    return (await this.store.pieces()).find((piece) => piece.state === READY);
  }

  async #handOver(piece) {
    const bytes = bytesOf(await this.store.chunks(piece), piece.mediaType);
    const plan = { kind: piece.kind, stream: piece.stream, sequence: piece.sequence, media_type: piece.mediaType, bytes: bytes.size };
    const item = await post(this.path, plan);
    if (item.state !== "planned") return;
    await upload(item.upload, bytes);
    const completion = {
      bytes: bytes.size,
      sha256: await sha256(bytes),
      capture_started_at: new Date(piece.startedAt).toISOString(),
      capture_ended_at: new Date(piece.endedAt).toISOString(),
      sent_at: new Date().toISOString(),
    };
    await post(`${this.path}/complete`, { plan, completion });
  }

  async #pause() {
    this.isOffline = true;
    await this.tell();
    await new Promise((resolve) => {
      this.hurry = resolve;
      setTimeout(resolve, this.wait);
    });
    this.hurry = null;
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}

// An object is written once: if an answer was lost, the second try finds it there, and completing will tell.
async function upload({ method, url, headers }, bytes) {
  const response = await fetch(url, { method, headers, body: bytes, credentials: "omit", referrerPolicy: "no-referrer" });
  await response.arrayBuffer();
  if (response.ok || STORED_ALREADY.has(response.status)) return;
  // An address may have run out: a new try gets a fresh one.
  throw new Error(`upload: ${response.status}`);
}

function bytesOf(chunks, type) {
  return new Blob(chunks.map((chunk) => chunk.blob), { type });
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
