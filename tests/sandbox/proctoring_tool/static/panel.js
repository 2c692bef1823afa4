// The proctor's buttons.

import { get, post } from "./api.js";
import { say } from "./words.js";

export function startPanel(element) {
  const path = `/proctor/${element.dataset.session}`;
  const reply = element.querySelector("#panel-reply");

  async function act(body) {
    try {
      const { status, extra_time: extra } = await post(`${path}/control`, { incident_time: new Date().toISOString(), ...body });
      say(reply, `${body.action}: the exam is ${status}${extra ? `, ${extra} min added in all` : ""}`, "good");
    } catch (error) {
      say(reply, `${body.action}: refused (${error.message})`, "bad");
    }
    showLog();
  }

  async function showLog() {
    const { log } = await get(`${path}/log`);
    const lines = log.map(({ at, who, what, words }) => {
      const line = document.createElement("li");
      line.textContent = `${at.slice(11, 19)} ${who}: ${what}${words ? ` – ${words}` : ""}`;
      return line;
    });
    element.querySelector("#panel-log").replaceChildren(...lines);
  }

  element.querySelector("#flag-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { severity, words } = event.target.elements;
    act({ action: "flag", incident_severity: Number(severity.value), reason_code: "proctor_flag", reason_msg: words.value });
  });
  for (const button of element.querySelectorAll("[data-action]")) {
    const { action, minutes } = button.dataset;
    button.addEventListener("click", () => act({ action, reason_code: `proctor_${action}`, ...(minutes ? { extra_time: Number(minutes) } : {}) }));
  }
  element.addEventListener("toggle", () => element.open && showLog());
  if (element.open) showLog();
}
