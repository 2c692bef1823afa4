// The pages that both tools show: plain HTML, so that a test reads what the library understood.

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const page = (title, body) =>
  `<!doctype html><html lang="en"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}</html>`;

const fields = (hidden) =>
  Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join("");

const button = (action, label, hidden) =>
  `<form method="post" action="${escape(action)}">${fields(hidden)}<button>${escape(label)}</button></form>`;

/** What a launch told; `hidden` is what the library needs to know the launch again. */
export const welcome = ({ name, roles, course, quiz }, hidden) =>
  page(
    `Hello ${name}`,
    `<dl><dt>Roles</dt><dd>${escape(roles.join(" "))}</dd><dt>Course</dt><dd>${escape(course)}</dd>` +
      `<dt>Quiz</dt><dd>${escape(quiz ?? "none")}</dd></dl>` +
      button("/roster", "Read the roster", hidden) +
      button("/score", "Hand in", hidden),
  );

/** The question that a deep linking request asks. */
export const shelf = (hidden) => page("Pick a quiz", button("/pick", "Hand over", hidden));

/** The members, page by page as they came; each `{name, roles, status}`. */
export const roster = (pages) =>
  page(
    "Roster",
    pages
      .map((members) => members.map(({ name, status }) => `<li>${escape(name)} (${escape(status)})</li>`))
      .map((rows) => `<ol>${rows.join("")}</ol>`)
      .join(""),
  );

/** What the platform answers when asked for the person's results (Result service of AGS). */
export const done = (results) => {
  const rows = results.map(({ resultScore, resultMaximum }) => `<li>${resultScore} of ${resultMaximum}</li>`);
  return page("Handed in", `<ul>${rows.join("")}</ul>`);
};

/** The one quiz, as a content item (Deep Linking 2.0, LTI resource link). */
export const quiz = (title) => ({
  type: "ltiResourceLink",
  title,
  custom: { quiz: "ladders" },
  lineItem: { scoreMaximum: 20, label: title, resourceId: "ladders" },
});

export const result = {
  scoreGiven: 17,
  scoreMaximum: 20,
  activityProgress: "Completed",
  gradingProgress: "FullyGraded",
};
