// Posts the form marked data-auto-submit; its button stays for browsers that do not run this.
const form = document.querySelector("form[data-auto-submit]");
if (form) form.submit();
