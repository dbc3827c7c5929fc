// The histogram of years can be brushed: press, draw over the years, let go.

for (const figure of document.querySelectorAll("[data-histogram]")) brush(figure);

function brush(figure) {
  const svg = figure.querySelector("svg");
  const years = [...svg.querySelectorAll("[data-year]")].map((each) => Number(each.dataset.year));
  const step = Number(figure.dataset.step), left = Number(figure.dataset.left), base = svg.viewBox.baseVal.height - 24;
  const shade = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  shade.setAttribute("class", "brush");
  shade.setAttribute("y", 0);
  shade.setAttribute("height", base);
  let from = null, isDrawn = false;

  function yearAt(event) {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    return Math.max(0, Math.min(years.length - 1, Math.floor((x - left) / step)));
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = yearAt(event); isDrawn = false;
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = yearAt(event);
    if (to === from && !isDrawn) return;
    isDrawn = true;
    figure.classList.add("brushing");
    svg.append(shade);
    shade.setAttribute("x", left + Math.min(from, to) * step);
    shade.setAttribute("width", (Math.abs(to - from) + 1) * step);
  });
  addEventListener("pointerup", (event) => {
    if (from === null) return;
    const ends = [from, yearAt(event)].sort((a, b) => a - b).map((index) => years[index]);
    from = null;
    if (!isDrawn) return;
    const where = new URL(location.pathname === "/search" ? location.href : "/search", location.origin);
    where.searchParams.set("from", ends[0]);
    where.searchParams.set("to", ends[1]);
    where.searchParams.delete("after");
    location.assign(where);
  });
  svg.addEventListener("click", (event) => { if (isDrawn) { event.preventDefault(); isDrawn = false; } }, true);
}
