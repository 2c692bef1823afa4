// A tool on @lti-tool/core, which keeps everything in memory. Argument: the port.
import { createServer } from "node:http";

import { LTITool } from "@lti-tool/core";

import { done, quiz, result, roster, shelf, welcome } from "../pages.mjs";
import { Storage } from "./storage.mjs";

const [port] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}`;
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const tool = new LTITool({
  stateSecret: crypto.getRandomValues(new Uint8Array(32)),
  keyPair: await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]),
  storage: new Storage(),
  dynamicRegistration: { url, name: "Lti-tool Quizzes", description: "A tool on @lti-tool/core" },
});

// The library reads one page of the roster and drops the header that names the next.
const ask = globalThis.fetch;
let next;
globalThis.fetch = async (address, options) => {
  const answer = await ask(address, options);
  next = answer.headers.get("Link")?.match(/<([^>]*)>;\s*rel="?next"?/)?.[1];
  return answer;
};

async function register({ openid_configuration, registration_token }) {
  return tool.initiateDynamicRegistration({ openid_configuration, registration_token }, "/lti/register");
}

async function complete({ sessionToken }, form) {
  return tool.completeDynamicRegistration({ sessionToken, services: form.getAll("services") });
}

async function login(told) {
  return new URL(await tool.handleLogin({ ...told, launchUrl: `${url}/lti/launch` }));
}

async function launch({ id_token, state }) {
  const session = await tool.createSession(await tool.verifyLaunch(id_token, state));
  const { user, context, customParameters } = session;
  if (session.isDeepLinkingAvailable) return shelf({ session: session.id });
  const told = { name: user.name, roles: user.roles, course: context.title, quiz: customParameters.quiz };
  return welcome(told, { session: session.id });
}

async function pick({ session }) {
  return tool.createDeepLinkingResponse(await tool.getSession(session), [quiz("Ladders, on lti-tool")]);
}

async function members({ session }) {
  const known = await tool.getSession(session);
  const pages = [];
  next = `${known.services.nrps.membershipUrl}?limit=2`;
  while (next) {
    const nrps = { ...known.services.nrps, membershipUrl: next };
    pages.push(await tool.getMembers({ ...known, services: { ...known.services, nrps } }));
  }
  return roster(pages);
}

async function score({ session }) {
  const known = await tool.getSession(session);
  await tool.submitScore(known, { ...result, userId: known.user.id });
  const everybody = await tool.getScores(known);
  return done(everybody.filter(({ userId }) => userId === known.user.id));
}

const ways = {
  "/lti/register": register,
  "/lti/register/complete": complete,
  "/lti/login": login,
  "/lti/launch": launch,
  "/lti/jwks": () => tool.getJWKS(),
  "/pick": pick,
  "/roster": members,
  "/score": score,
};

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, url);
  if (!(pathname in ways)) return response.writeHead(404).end();
  let body = "";
  for await (const part of request) body += part;
  const told = request.method === "POST" ? new URLSearchParams(body) : searchParams;
  const said = await ways[pathname](Object.fromEntries(told), told);
  if (said instanceof URL) return response.writeHead(302, { Location: said }).end();
  const type = typeof said === "string" ? "text/html; charset=utf-8" : "application/json";
  const text = typeof said === "string" ? said : JSON.stringify(said);
  return response.writeHead(200, { "Content-Type": type }).end(text);
}

createServer((request, response) =>
  answer(request, response).catch((failure) => {
    console.error(failure);
    response.writeHead(500, { "Content-Type": "text/plain" }).end(String(failure));
  }),
).listen(Number(port), "127.0.0.1");
