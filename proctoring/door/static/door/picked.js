// What was picked goes back by the frame of ours that opened this window; without one this window posts it itself.
const MILLISECONDS = 2000;
const form = document.querySelector("form[data-auto-submit]");
if (form && window.opener) {
  const alone = setTimeout(() => form.submit(), MILLISECONDS);
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.data?.door !== "taken") return;
    clearTimeout(alone);
    window.close();
  });
  const fields = Object.fromEntries(new FormData(form));
  window.opener.postMessage({ door: "picked", action: form.action, fields }, window.location.origin);
} else if (form) {
  form.submit();
}
