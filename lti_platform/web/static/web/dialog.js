// A button with data-dialog="<id>" opens that dialog; one with data-dialog-close closes the dialog around it.
// Listening on the document keeps this working after htmx has swapped a part.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    document.getElementById(opener.dataset.dialog)?.showModal();
  } else if (event.target.closest("[data-dialog-close]")) {
    event.target.closest("dialog")?.close();
  }
});

// A dialog that comes back with an error opens itself, so that the error is seen.
const open = () => document.querySelectorAll("dialog[data-dialog-open]:not([open])").forEach((dialog) => dialog.showModal());
open();
document.addEventListener("htmx:afterSettle", open);
