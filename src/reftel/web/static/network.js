// The network: whoever is pointed at stands out with those it is bound to; nodes can be drawn elsewhere.

for (const svg of document.querySelectorAll("[data-network]")) explore(svg);

function explore(svg) {
  const nodes = [...svg.querySelectorAll("[data-node]")], lines = [...svg.querySelectorAll("line")];

  function light(node) {
    const id = node?.dataset.node, bound = new Set([id]);
    for (const line of lines) {
      const isBound = node && (line.dataset.a === id || line.dataset.b === id);
      line.classList.toggle("lit", Boolean(isBound));
      line.classList.toggle("dim", Boolean(node) && !isBound);
      if (isBound) { bound.add(line.dataset.a); bound.add(line.dataset.b); }
    }
    for (const each of nodes) each.classList.toggle("dim", Boolean(node) && !bound.has(each.dataset.node));
  }

  let held = null, isDrawn = false;

  for (const node of nodes) {
    node.addEventListener("pointerenter", () => { if (!held) light(node); });
    node.addEventListener("pointerleave", () => { if (!held) light(null); });
    node.addEventListener("focus", () => light(node));
    node.addEventListener("blur", () => light(null));
    node.addEventListener("dragstart", (event) => event.preventDefault());
    node.addEventListener("pointerdown", (event) => { if (event.button === 0) { held = node; isDrawn = false; } });
    node.addEventListener("click", (event) => { if (isDrawn) { event.preventDefault(); isDrawn = false; } });
  }

  addEventListener("pointermove", (event) => {
    if (!held) return;
    const box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal, circle = held.querySelector("circle");
    const x = (event.clientX - box.left) * view.width / box.width, y = (event.clientY - box.top) * view.height / box.height;
    const oldX = Number(circle.getAttribute("cx")), oldY = Number(circle.getAttribute("cy"));
    if (!isDrawn && Math.hypot(x - oldX, y - oldY) < 6) return;
    isDrawn = true;
    circle.setAttribute("cx", x); circle.setAttribute("cy", y);
    const text = held.querySelector("text");
    text.setAttribute("x", x); text.setAttribute("y", y + Number(circle.getAttribute("r")) + 13);
    for (const line of lines) {
      if (line.dataset.a === held.dataset.node) { line.setAttribute("x1", x); line.setAttribute("y1", y); }
      if (line.dataset.b === held.dataset.node) { line.setAttribute("x2", x); line.setAttribute("y2", y); }
    }
  });
  addEventListener("pointerup", () => { held = null; });
}
