import { get } from "./api.js";
import { startPanel } from "./panel.js";

const panel = document.getElementById("panel");
startPanel(panel);
setInterval(async () => {
  const { state, attempt_status: status } = await get(`/proctor/${panel.dataset.session}/log`);
  document.getElementById("session-state").textContent = status ? `${state} (exam ${status})` : state;
}, 5000);
