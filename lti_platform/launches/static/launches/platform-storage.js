// Platform storage: what a tool in our frame, or in a window that our page opened, asks us to keep for it
// (LTI Client Side postMessages and postMessage Storage, 0.1). Where a browser refuses third-party cookies, a framed
// tool has no other place for the state of its login.
//
// Values are kept apart by origin, in the session storage of this tab: a reload of this page, and the next page of
// ours in it, still know them. They are gone after an hour, and with the session of the person signed in.
{
  const { origins, visit } = document.currentScript.dataset;
  const TOOLS = new Set(origins.split(" ").filter(Boolean));
  const FAMILIES = ["lti.", "org.imsglobal.lti."];
  const PREFIX = "lti-storage ";
  const MAX_BYTES = 64 * 1024;
  const MAX_KEYS = 500;
  const KEPT_MS = 60 * 60 * 1000;

  const REASONS = {
    bad_request: "message_id and key are texts that are not empty; value is a text, or null to remove the key.",
    unsupported_subject: "This platform answers lti.capabilities, lti.get_data and lti.put_data.",
    wrong_origin: "No tool registered at this origin is open on this page.",
    storage_exhaustion: `A tool may keep ${MAX_KEYS} keys and ${MAX_BYTES} bytes of keys and values. Nothing was changed.`,
  };

  class Refused extends Error {
    constructor(code) {
      super(REASONS[code]);
      this.code = code;
    }
  }

  // --- what is kept: per origin, key -> [value, until when] -----------------------------------------
  function read(origin) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(PREFIX + origin));
      if (kept?.visit !== visit) return new Map();
      return new Map(kept.entries.filter(([, [, until]]) => until > Date.now()));
    } catch {
      return new Map();
    }
  }

  function write(origin, entries) {
    try {
      if (entries.size) sessionStorage.setItem(PREFIX + origin, JSON.stringify({ visit, entries: [...entries] }));
      else sessionStorage.removeItem(PREFIX + origin);
    } catch {
      throw new Refused("storage_exhaustion");
    }
  }

  function bytesOf(entries) {
    const encoder = new TextEncoder();
    let bytes = 0;
    for (const [key, [value]] of entries) bytes += encoder.encode(key).length + encoder.encode(value).length;
    return bytes;
  }

  function put(origin, key, value) {
    const entries = read(origin);
    if (value === null) entries.delete(key);
    else entries.set(key, [value, Date.now() + KEPT_MS]);
    if (entries.size > MAX_KEYS || bytesOf(entries) > MAX_BYTES) throw new Refused("storage_exhaustion");
    write(origin, entries);
  }

  function forgetOtherVisits() {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX) && !read(name.slice(PREFIX.length)).size) sessionStorage.removeItem(name);
    }
  }

  // --- what is answered -------------------------------------------------------------------------------
  const ANSWERS = {
    capabilities: () => ({
      supported_messages: FAMILIES.flatMap((family) =>
        Object.keys(ANSWERS).map((name) => ({ subject: family + name })),
      ),
    }),
    get_data: (origin, { key }) => {
      if (!isText(key)) throw new Refused("bad_request");
      return { key, value: read(origin).get(key)?.[0] ?? null };
    },
    put_data: (origin, { key, value }) => {
      if (!isText(key) || !(typeof value === "string" || value === null)) throw new Refused("bad_request");
      put(origin, key, value);
      return { key, value };
    },
  };

  const isText = (value) => typeof value === "string" && value !== "";
  const familyOf = (subject) => FAMILIES.find((family) => subject.startsWith(family));

  // Other scripts talk too, and so do answers to us: nobody answers those.
  function isForUs(asked, origin) {
    if (typeof asked !== "object" || asked === null || Array.isArray(asked)) return false;
    if (typeof asked.subject !== "string") return isText(asked.message_id) && TOOLS.has(origin);
    return !asked.subject.endsWith(".response") && familyOf(asked.subject) !== undefined;
  }

  function answer(origin, asked) {
    if (!TOOLS.has(origin)) throw new Refused("wrong_origin");
    if (typeof asked.subject !== "string") throw new Refused("bad_request");
    const name = asked.subject.slice(familyOf(asked.subject).length);
    if (!Object.hasOwn(ANSWERS, name)) throw new Refused("unsupported_subject");
    if (!isText(asked.message_id)) throw new Refused("bad_request");
    return ANSWERS[name](origin, asked);
  }

  window.addEventListener("message", ({ data, origin, source }) => {
    // A window without an origin of its own cannot be named as the receiver.
    if (!source || origin === "null" || !isForUs(data, origin)) return;
    const reply = {};
    if (typeof data.subject === "string") reply.subject = `${data.subject}.response`;
    if (isText(data.message_id)) reply.message_id = data.message_id;
    try {
      Object.assign(reply, answer(origin, data));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      reply.error = { code: error.code, message: error.message };
    }
    source.postMessage(reply, origin);
  });

  forgetOtherVisits();
}
