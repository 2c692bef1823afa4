// Says how much of the recording is still here.

import { say, t } from "./words.js";

export function sayQueue(element, { waiting, sent, isOffline }) {
  if (isOffline && waiting) say(element, t("No connection. {waiting} segments waiting; nothing is lost.", { waiting }), "wait");
  else if (waiting) say(element, t("{waiting} segments waiting, {sent} handed over.", { waiting, sent }));
  else say(element, t("Everything recorded so far is handed over ({sent}).", { sent }));
}
