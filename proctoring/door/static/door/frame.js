// In a frame of another platform: the window that was opened from here hands over what was picked in it,
// and the frame takes that to the platform, which waits for it here.
window.addEventListener("message", (event) => {
  const { door, action, fields } = event.data ?? {};
  if (event.origin !== window.location.origin || door !== "picked") return;
  event.source.postMessage({ door: "taken" }, window.location.origin);
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
});
