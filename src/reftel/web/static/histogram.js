// The histogram of years can be brushed: draw over the years, let go; move the window, or one of its ends.

const { brushX, select } = globalThis.d3;

function dress(root) { for (const figure of root.querySelectorAll("[data-brush]:not(.brushed)")) brush(figure); }

function hasModifier(event) { return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey; }

function brush(figure) {
  const svg = figure.querySelector("svg"), bars = figure.querySelector(".bars"), { step, width, base, first } = figure.dataset;
  const years = Math.round(width / step), from = Number(figure.dataset.from || 0), to = Number(figure.dataset.to || 0);
  let hasMoved = false;
  const inside = (index) => Boolean(from || to) && index >= (from ? from - first : 0) && index <= (to ? to - first : years);
  figure.classList.add("brushed");

  // The bars stay on top, to be pointed at and followed; a brush begun on one is a brush all the same.
  for (const bar of bars.querySelectorAll("[data-year]"))
    select(bar).selectAll("rect").datum({ type: inside(bar.dataset.year - first) ? "selection" : "overlay" });

  const window_ = brushX().extent([[0, 0], [Number(width), Number(base)]]).touchable(false).filter((event) => !event.button && !hasModifier(event)).on("start", () => { hasMoved = false; }).on("brush", snap).on("end", go);
  const layer = select(bars).call(window_);
  layer.attr("fill", null);
  layer.select(".selection").lower();
  layer.select(".overlay").lower();
  if (from || to) layer.call(window_.move, [Math.max(0, from ? from - first : 0) * step, Math.min(years, (to || Number(first) + years - 1) - first + 1) * step]);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  // A press without a move chooses a year; the brush has seen it before the link does. The keyboard goes by the link.
  bars.addEventListener("click", (event) => {
    const bar = event.target.closest("[data-year]");
    if (!bar || hasModifier(event)) return;
    event.preventDefault();
    if (!event.detail) open(figure, bar.dataset.year, bar.dataset.year);
  });

  function ends([left, right]) {
    const start = Math.min(years - 1, Math.floor(left / step + 0.01));
    return [start, Math.max(start, Math.ceil(right / step - 0.01) - 1)];
  }

  function snap(event) {
    if (!event.sourceEvent || !event.selection) return;
    hasMoved = true;
    const [start, end] = ends(event.mode === "drag" ? event.selection.map((at) => Math.round(at / step) * step) : event.selection);
    figure.classList.add("brushing");
    layer.call(window_.move, [start * step, (end + 1) * step]);
  }

  function go(event) {
    figure.classList.remove("brushing");
    if (!event.sourceEvent) return;
    const bar = event.sourceEvent.target.closest?.("[data-year]");
    if (hasMoved && event.selection) open(figure, ...ends(event.selection).map((index) => Number(first) + index));
    else if (bar) open(figure, bar.dataset.year, bar.dataset.year);
    else if (!event.selection && (from || to)) open(figure, "", "");
  }
}

function open(figure, from, to) {
  const where = new URL(figure.dataset.brush, location.origin);
  for (const [name, year] of [["from", from], ["to", to]]) if (year) where.searchParams.set(name, year);
  const address = where.pathname + where.search, part = figure.closest("[data-part]");
  if (part && globalThis.htmx) globalThis.htmx.ajax("GET", address, { source: figure, target: part }); else location.assign(address);
}

document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
dress(document);
