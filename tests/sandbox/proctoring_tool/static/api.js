// The tool's own server, which speaks to the platform for us.

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }

  // Whether trying again may help.
  get isPassing() {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

export async function post(path, body) {
  return answer(await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));
}

export async function get(path) {
  return answer(await fetch(path, { headers: { Accept: "application/json" } }));
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body.detail ?? response.statusText);
  return body;
}
