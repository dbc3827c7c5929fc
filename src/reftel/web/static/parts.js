// htmx changes a part of a page. What an answer has no such part for, the browser opens as a page; what a form did not do is said.

let had = null;

function holds(detail) { return Boolean(detail.target.id) && detail.serverResponse.includes(`id="${detail.target.id}"`); }

function unsay() { document.querySelectorAll(".unmade").forEach((told) => told.remove()); }

function say({ target, requestConfig }, words) {
  unsay();
  const told = document.createElement("div"), line = document.createElement("p");
  told.className = "message bad unmade";
  told.setAttribute("role", "alert");
  line.textContent = words;
  told.append(line);
  const dialog = requestConfig.elt.closest("dialog");
  if (dialog) dialog.prepend(told); else target.before(told);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  detail.shouldSwap = holds(detail);
  detail.isError = false;
  if (detail.shouldSwap) {
    unsay();
    had = detail.target.contains(document.activeElement) ? document.activeElement : null;
  } else if (detail.requestConfig.verb === "get" && !detail.target.closest("dialog")) location.assign(detail.pathInfo.finalRequestPath || detail.pathInfo.requestPath);
  else say(detail, new DOMParser().parseFromString(detail.serverResponse, "text/html").querySelector(".lead")?.textContent || "That did not work. Reload the page and try once more.");
});

document.addEventListener("htmx:sendError", ({ detail }) => say(detail, "The reader does not answer. Is it still running?"));

// The focus stays where it was, or goes to what is new; what is new is seen from its beginning.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const part = document.getElementById(detail.target.id);
  if (!part?.dataset.part) return;
  if (had) {
    const same = had.name && part.querySelector(`[name="${CSS.escape(had.name)}"]:not([type=hidden])`);
    (same || part).focus({ preventScroll: true });
    had = null;
  }
  if (part.dataset.part === "list" && part.getBoundingClientRect().top < 0) scrollTo({ top: 0, behavior: "instant" });
});
