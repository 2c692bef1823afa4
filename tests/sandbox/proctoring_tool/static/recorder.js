// One stream as a series of recordings that each play alone. Two recorders take turns: the next one runs before the
// last one stops, so nothing falls between them. The rhythm comes from the data, as timers sleep in hidden windows.

import { READY } from "./store.js";

const CHUNK_MILLISECONDS = 500;
const TYPES = ["video/webm;codecs=vp8,opus", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

export class Recorder {
  constructor({ media, stream, store, seconds, onChunk, onPiece }) {
    Object.assign(this, { media, stream, store, onChunk, onPiece });
    this.milliseconds = seconds * 1000;
    this.type = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.turns = new Set();
  }

  async start() {
    this.next = await this.store.nextSequence("recording", this.stream);
    this.isStopping = false;
    await this.#turn();
  }

  // Resolves when everything recorded is in the store and ready to go.
  async stop() {
    this.isStopping = true;
    await Promise.all([...this.turns].map((turn) => turn.finish()));
  }

  async #turn() {
    const previous = this.current;
    const turn = new Turn(this, this.store.newPiece("recording", this.stream, this.next++, this.type.split(";")[0]));
    this.current = turn;
    this.turns.add(turn);
    await turn.started;
    previous?.finish();
  }

  chunked(turn) {
    this.onChunk();
    const isDue = Date.now() - turn.piece.startedAt >= this.milliseconds;
    if (turn === this.current && isDue && !this.isStopping && turn.isRunning) this.#turn();
  }

  finished(turn) {
    this.turns.delete(turn);
    this.onPiece(turn.piece);
  }
}

class Turn {
  constructor(recorder, piece) {
    this.piece = piece;
    this.owner = recorder;
    this.writes = [];
    const settings = { mimeType: recorder.type, videoBitsPerSecond: 500_000, audioBitsPerSecond: 48_000 };
    this.machine = new MediaRecorder(recorder.media, settings);
    this.started = new Promise((resolve) => (this.machine.onstart = () => resolve()));
    this.ended = new Promise((resolve) => (this.machine.onstop = () => resolve(this.#over())));
    this.machine.ondataavailable = ({ data }) => this.#keep(data);
    // The recording begins here; `start` is told about when its first frames are encoded, up to a second later.
    this.piece.startedAt = Date.now();
    this.machine.start(CHUNK_MILLISECONDS);
    this.writes.push(recorder.store.put(this.piece));
  }

  get isRunning() {
    return this.machine.state === "recording";
  }

  finish() {
    if (this.machine.state !== "inactive") {
      this.piece.endedAt = Date.now();
      this.machine.stop();
    }
    return this.ended;
  }

  #keep(blob) {
    if (!blob.size) return;
    this.writes.push(this.owner.store.addChunk(this.piece, this.writes.length, blob, Date.now()));
    this.owner.chunked(this);
  }

  async #over() {
    await Promise.all(this.writes);
    this.piece.endedAt ??= Date.now();
    this.piece.state = READY;
    await this.owner.store.put(this.piece);
    this.owner.finished(this);
  }
}
