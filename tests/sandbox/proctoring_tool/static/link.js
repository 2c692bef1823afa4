// Says that we watch once the exam runs: a start that no word of ours follows is taken for one around us.

import { post } from "./api.js";

const EVERY = 10_000;

async function speak() {
  const { attempt_status: status } = await post(`${location.pathname}/word`, {}).catch(() => ({}));
  if (status === undefined || status === "none") setTimeout(speak, EVERY);
}

setTimeout(speak, EVERY);
