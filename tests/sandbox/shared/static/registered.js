// Says to the page that opened us, whoever it is, that we are done; nothing secret goes with it.
(window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
