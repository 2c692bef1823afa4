// Asks the platform's page, above or behind this one, to keep values or to give them back.
const given = JSON.parse(document.getElementById("given").textContent);
const TRIES = 20;
const TRY_MS = 500;

function keeper() {
  const page = window.opener || window.parent;
  if (page === window) return null;
  return given.target === "_parent" ? page : page.frames[given.target];
}

// The answer to a message; asked again for a while, since the page may be on its way to the next one.
function ask(message) {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    let tries = 0;
    const timer = setInterval(attempt, TRY_MS);
    const end = (settle, value) => {
      clearInterval(timer);
      window.removeEventListener("message", hear);
      settle(value);
    };
    function hear({ data, origin }) {
      if (origin !== given.origin || data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
      if (data.error) end(reject, new Error(data.error.code));
      else end(resolve, data);
    }
    function attempt() {
      if (tries++ === TRIES || !keeper()) return end(reject, new Error("nobody answers"));
      keeper().postMessage({ ...message, message_id: id }, given.origin);
    }
    window.addEventListener("message", hear);
    attempt();
  });
}

async function store() {
  for (const [key, value] of Object.entries(given.values)) await ask({ subject: "lti.put_data", key, value });
}

async function giveBack(form) {
  const [state, nonce] = await Promise.all(given.keys.map((key) => ask({ subject: "lti.get_data", key })));
  form.elements.stored_state.value = state.value ?? "";
  form.elements.stored_nonce.value = nonce.value ?? "";
  form.submit();
}

if (given.onward) {
  store().then(
    () => window.location.replace(given.onward),
    () => window.location.replace(given.otherwise),
  );
} else {
  giveBack(document.forms[0]).catch(() => {
    document.getElementById("silent").hidden = false;
  });
}
