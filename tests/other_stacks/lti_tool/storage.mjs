// What @lti-tool/core asks to be kept (its interface LTIStorage), in memory.

const CANVAS_STYLE = "default"; // what the library keeps when a registration was answered without a deployment

export class Storage {
  clients = new Map();
  sessions = new Map();
  registrations = new Map();
  nonces = new Map();

  async listClients() {
    return [...this.clients.values()].map(({ deployments, ...client }) => client);
  }

  async getClientById(id) {
    return this.clients.get(id);
  }

  async addClient(client) {
    const id = crypto.randomUUID();
    this.clients.set(id, { ...client, id, deployments: [] });
    return id;
  }

  async listDeployments(id) {
    return this.clients.get(id)?.deployments ?? [];
  }

  async addDeployment(id, deployment) {
    const known = { ...deployment, id: crypto.randomUUID() };
    this.clients.get(id).deployments.push(known);
    return known.id;
  }

  async getSession(id) {
    return this.sessions.get(id);
  }

  async addSession(session) {
    this.sessions.set(session.id, session);
    return session.id;
  }

  async storeNonce(nonce, expiresAt) {
    this.nonces.set(nonce, expiresAt);
  }

  async validateNonce(nonce) {
    const expiresAt = this.nonces.get(nonce);
    this.nonces.delete(nonce);
    return expiresAt !== undefined && expiresAt > new Date();
  }

  async getLaunchConfig(iss, clientId, deploymentId) {
    const client = [...this.clients.values()].find((one) => one.iss === iss && one.clientId === clientId);
    const known = client?.deployments.map((deployment) => deployment.deploymentId) ?? [];
    if (!known.includes(deploymentId) && !known.includes(CANVAS_STYLE)) return undefined;
    return { ...client, deploymentId };
  }

  async setRegistrationSession(id, session) {
    this.registrations.set(id, session);
  }

  async getRegistrationSession(id) {
    return this.registrations.get(id);
  }

  async deleteRegistrationSession(id) {
    this.registrations.delete(id);
  }
}
