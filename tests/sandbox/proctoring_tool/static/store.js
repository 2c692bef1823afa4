// What was recorded and is not handed over yet, in IndexedDB: it outlives this page, a reload and a crash.
//
// A piece is one item of evidence: a segment of a stream, or a photo. Its bytes come in chunks while it is open.

export const OPEN = "open", READY = "ready", SENT = "sent", REFUSED = "refused";
const OLD = 24 * 3600 * 1000;

export async function openStore(session) {
  const request = indexedDB.open("steady-watch", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("pieces", { keyPath: "id" });
    request.result.createObjectStore("chunks", { keyPath: ["piece", "index"] });
  };
  return new Store(await done(request), session);
}

class Store {
  constructor(database, session) {
    this.database = database;
    this.session = session;
  }

  // Writes are asked for at once, never after an await: a page that goes away takes nothing asked for with it.
  put(piece) {
    return done(this.#in("pieces", "readwrite").put(piece));
  }

  addChunk(piece, index, blob, at) {
    return done(this.#in("chunks", "readwrite").put({ piece: piece.id, index, blob, at }));
  }

  newPiece(kind, stream, sequence, mediaType) {
    const id = [this.session, kind, stream, sequence].join("/");
    return { id, session: this.session, kind, stream, sequence, mediaType, startedAt: null, endedAt: null, state: OPEN };
  }

  async pieces() {
    const all = await done(this.#in("pieces").getAll());
    return all.filter((piece) => piece.session === this.session).sort((a, b) => a.startedAt - b.startedAt);
  }

  async nextSequence(kind, stream) {
    const same = (await this.pieces()).filter((piece) => piece.kind === kind && piece.stream === stream);
    return Math.max(-1, ...same.map((piece) => piece.sequence)) + 1;
  }

  async chunks(piece) {
    return done(this.#in("chunks").getAll(IDBKeyRange.bound([piece.id, 0], [piece.id, Infinity])));
  }

  async markSent(piece) {
    await this.put({ ...piece, state: SENT });
    await done(this.#in("chunks", "readwrite").delete(IDBKeyRange.bound([piece.id, 0], [piece.id, Infinity])));
  }

  // A page that recorded went away in the middle of a segment: what it has is a recording up to its last chunk.
  async closeOpen() {
    for (const piece of await this.pieces()) {
      if (piece.state !== OPEN) continue;
      const chunks = await this.chunks(piece);
      if (chunks.length) await this.put({ ...piece, endedAt: chunks.at(-1).at, state: READY });
      else await done(this.#in("pieces", "readwrite").delete(piece.id));
    }
  }

  async counts() {
    const counts = new Map();
    for (const { kind, stream, sequence } of await this.pieces()) {
      const key = `${kind}/${stream}`;
      counts.set(key, { kind, stream, count: Math.max(counts.get(key)?.count ?? 0, sequence + 1) });
    }
    return [...counts.values()];
  }

  // Sessions of other days are over; what could not be handed over then never will be.
  async forgetOld(now) {
    for (const piece of await done(this.#in("pieces").getAll())) {
      if (piece.session === this.session || !piece.startedAt || now - piece.startedAt < OLD) continue;
      await done(this.#in("chunks", "readwrite").delete(IDBKeyRange.bound([piece.id, 0], [piece.id, Infinity])));
      await done(this.#in("pieces", "readwrite").delete(piece.id));
    }
  }

  #in(name, mode = "readonly") {
    return this.database.transaction(name, mode).objectStore(name);
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
