// A tool on ltijs, its registrations in PostgreSQL. Arguments: the port, and the database's address.
import { Provider as lti } from "ltijs";
import Database from "ltijs-sequelize";

import { done, quiz, result, roster, shelf, welcome } from "../pages.mjs";

const [port, address] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}`;
const server = new URL(address);
const database = new Database(server.pathname.slice(1), server.username, server.password, {
  host: server.hostname,
  port: Number(server.port),
  dialect: "postgres",
  logging: false,
});

lti.setup(
  "a secret that signs cookies and tokens",
  { plugin: database },
  { dynReg: { url, name: "Ltijs Quizzes", description: "A tool on ltijs", autoActivate: true } },
);

lti.onConnect((token, _request, response) => {
  const { context, roles, custom } = token.platformContext;
  const told = { name: token.userInfo.name, roles, course: context.title, quiz: custom?.quiz };
  response.send(welcome(told, { ltik: response.locals.ltik }));
});

lti.onDeepLinking((_token, _request, response) => response.send(shelf({ ltik: response.locals.ltik })));

lti.app.post("/pick", async (_request, response) => {
  const items = [quiz("Ladders, on ltijs")];
  response.send(await lti.DeepLinking.createDeepLinkingForm(response.locals.token, items));
});

lti.app.post("/roster", async (_request, response) => {
  const pages = [];
  for (let options = { limit: 2 }; options; ) {
    const answer = await lti.NamesAndRoles.getMembers(response.locals.token, options);
    pages.push(answer.members);
    options = answer.next && { url: answer.next };
  }
  response.send(roster(pages));
});

lti.app.post("/score", async (_request, response) => {
  const { token } = response.locals;
  const { lineitem } = token.platformContext.endpoint;
  await lti.Grade.submitScore(token, lineitem, { ...result });
  const { scores } = await lti.Grade.getScores(token, lineitem, { userId: token.user });
  response.send(done(scores));
});

await lti.deploy({ port: Number(port), silent: true });
