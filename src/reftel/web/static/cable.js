// The cable: types of names on and off, who a name is, its next mention, previews of other cables, corrections.

let sheet, body, who, names;
const canHover = matchMedia("(hover: hover)").matches;
const TYPES = { PER: "Person", LOC: "Place", ORG: "Organization", MISC: "Other name" };

// What the text holds; anew when a correction has changed it.
function dress() {
  hide();
  here = null;
  sheet = document.querySelector(".sheet"); body = sheet.querySelector(".body");
  who = JSON.parse(sheet.dataset.who);
  names = [...sheet.querySelectorAll(".n[data-e]")];
  document.querySelectorAll("[data-legend]").forEach(dressLegend);
  names.forEach(dressName);
  document.querySelectorAll("[data-step]").forEach(dressStep);
  document.querySelectorAll("[data-preview]").forEach(dressPreview);
}

// The legend, remembered for as long as the browser is open.
function dressLegend(box) {
  const name = `no-${box.name}`;
  if (sessionStorage.getItem(name)) box.checked = false;
  const show = () => {
    sheet.classList.toggle(name, !box.checked);
    if (box.checked) sessionStorage.removeItem(name); else sessionStorage.setItem(name, "1");
  };
  box.addEventListener("change", show);
  show();
}

function make(tag, text, kind) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// One card at a time, beside what is pointed at.
let card = null, near = null, waiting = 0;

function hide() { card?.remove(); card = null; near = null; clearTimeout(waiting); }

function place(made, beside) {
  hide();
  card = made; near = beside;
  document.body.append(card);
  const box = beside.getClientRects()[0], width = card.offsetWidth, height = card.offsetHeight;
  const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
  const under = box.bottom + 8 + height < innerHeight || box.top < height + 8;
  const top = under ? box.bottom + 8 : box.top - height - 8;
  const sheetOfStyle = new CSSStyleSheet();
  sheetOfStyle.replaceSync(`.who.placed { left: ${left + scrollX}px; top: ${top + scrollY}px; }`);
  document.adoptedStyleSheets = [sheetOfStyle];
  card.classList.add("placed");
  card.addEventListener("mouseenter", () => clearTimeout(waiting));
  card.addEventListener("mouseleave", later);
}

function later() { clearTimeout(waiting); waiting = setTimeout(hide, 250); }

function cardOf(name) {
  const known = who[name.dataset.e];
  const made = make("div", "", `who ${name.classList[1]}`);
  made.setAttribute("role", "dialog");
  made.setAttribute("aria-label", "Who this is");
  made.append(make("p", known?.name || name.textContent, "name"));
  const kind = [TYPES[name.classList[1]], known?.role, known?.country === known?.name ? "" : known?.country].filter(Boolean).join(" · ");
  made.append(make("p", kind, "soft"));
  if (known?.also.length) made.append(make("p", `also ${known.also.join(", ")}`, "soft"));
  const own = mentionsOf(name.dataset.e), links = make("p", "", "links");
  if (known?.address) { const link = make("a", known.cables > 1 ? `in ${known.cables.toLocaleString("en")} cables` : "its page"); link.href = known.address; links.append(link); }
  if (own.length > 1) {
    const next = make("button", `mention ${own.indexOf(name) + 1} of ${own.length} ↓`, "bare");
    next.type = "button";
    next.addEventListener("click", () => step(1));
    links.append(next);
  }
  const mend = make("button", "correct", "bare");
  mend.type = "button";
  mend.addEventListener("click", () => correct(name.closest("[data-unit]"), Number(name.dataset.s), Number(name.dataset.l)));
  if (name.closest("[data-unit]") && "corrects" in sheet.dataset) links.append(mend);
  made.append(links);
  return made;
}

function mentionsOf(entity) { return names.filter((each) => each.dataset.e === entity); }

let here = null;

function choose(name, isScrolled) {
  for (const each of names) { each.classList.toggle("same", Boolean(name?.dataset.e) && each.dataset.e === name.dataset.e); each.classList.toggle("here", each === name); }
  here = name;
  if (name && isScrolled) { name.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" }); name.focus?.({ preventScroll: true }); }
}

function step(by) {
  if (!here) return;
  const own = mentionsOf(here.dataset.e);
  hide();
  choose(own[(own.indexOf(here) + by + own.length) % own.length], true);
}

function dressName(name) {
  if (name.tagName === "SPAN") name.tabIndex = 0;
  name.removeAttribute("title");
  if (canHover) {
    name.addEventListener("mouseenter", () => { clearTimeout(waiting); waiting = setTimeout(() => { place(cardOf(name), name); }, 140); choose(name, false); });
    name.addEventListener("mouseleave", later);
  }
  name.addEventListener("focus", () => choose(name, false));
  name.addEventListener("click", (event) => {
    if (canHover || near === name) return;
    event.preventDefault();
    choose(name, false);
    place(cardOf(name), name);
  });
}

function dressStep(button) {
  button.addEventListener("click", () => {
    const own = mentionsOf(button.dataset.step);
    if (!own.length) return;
    choose(here && here.dataset.e === button.dataset.step ? own[(own.indexOf(here) + 1) % own.length] : own[0], true);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  if (event.key === "n") step(1);
  if (event.key === "p") step(-1);
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  if (event.key === "Escape") { hide(); choose(null, false); }
});

function walk(by) {
  const units = [...body.querySelectorAll(".unit")];
  const at = units.findIndex((unit) => unit.getBoundingClientRect().bottom > 90);
  units[Math.max(0, Math.min(units.length - 1, at + by))]?.scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => { if (card && !event.target.closest(".who, .n")) hide(); });

// Other cables, seen before they are opened.
function dressPreview(link) {
  const show = async () => {
    const answer = await fetch(`${link.getAttribute("href")}/preview`, { headers: { "x-reftel-fragment": "1" } });
    if (!answer.ok || !link.matches(":hover, :focus")) return;
    const held = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".who");
    if (held) place(document.importNode(held, true), link);
  };
  if (canHover) link.addEventListener("mouseenter", () => { clearTimeout(waiting); waiting = setTimeout(show, 180); });
  link.addEventListener("mouseleave", later);
  link.addEventListener("focus", show);
  link.addEventListener("blur", later);
}

// Corrections: words marked in the text, or a name pointed at.
const dialog = document.createElement("dialog");
dialog.setAttribute("aria-label", "Correct a name");
document.body.append(dialog);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "reading") return;
  dialog.close();
  dress();
});

async function correct(unit, start, end) {
  hide();
  const form = make("p", "Looking", "loading");
  form.id = "correction";
  dialog.replaceChildren(form, closing());
  dialog.showModal();
  await htmx.ajax("GET", `${sheet.dataset.cable}/correct?unit=${unit.dataset.unit}&start=${start}&end=${end}`, { source: form, target: form, select: "#correction", swap: "outerHTML" });
  dialog.querySelector("input:not([type=hidden]), button")?.focus();
}

function closing() {
  const button = make("button", "Close", "bare");
  button.type = "button";
  button.addEventListener("click", () => dialog.close());
  return button;
}

dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

function length(node) {
  if (node.nodeType === Node.TEXT_NODE) return Array.from(node.data).length;
  if (node.classList?.contains("masked")) return Number(node.dataset.length);
  return [...node.childNodes].reduce((sum, child) => sum + length(child), 0);
}

function offset(text, node, at) {
  let sum = node.nodeType === Node.TEXT_NODE ? Array.from(node.data.slice(0, at)).length : [...node.childNodes].slice(0, at).reduce((all, child) => all + length(child), 0);
  for (let each = node; each !== text; each = each.parentNode)
    for (let before = each.previousSibling; before; before = before.previousSibling) sum += length(before);
  return sum;
}

let offer = null;
dress();

if (document.querySelector("[data-corrects]")) {
  document.addEventListener("selectionchange", () => { offer?.remove(); offer = null; });
  document.addEventListener("pointerup", () => setTimeout(propose, 10));
}

function propose() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed || chosen.toString().length > 200) return;
  const range = chosen.getRangeAt(0), holder = range.commonAncestorContainer;
  const text = (holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder).closest?.(".text");
  if (!text || !body.contains(text)) return;
  const unit = text.closest("[data-unit]");
  const start = offset(text, range.startContainer, range.startOffset), end = offset(text, range.endContainer, range.endOffset);
  offer = make("button", "This is a name …", "offer who");
  offer.type = "button";
  const held = chosen.toString(), before = held.length - held.trimStart().length, behind = held.length - held.trimEnd().length;
  offer.addEventListener("click", () => { offer.remove(); correct(unit, start + before, end - behind); });
  const beside = { getClientRects: () => range.getClientRects() };
  const kept = offer;
  place(kept, beside);
}
