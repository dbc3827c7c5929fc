// The network: forces hold it together, nodes can be drawn about, the whole be moved and enlarged; whoever is pointed at stands out.

const { drag, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, select, zoom, zoomIdentity } = globalThis.d3;

function dress(root) { for (const svg of root.querySelectorAll("[data-network]:not(.alive)")) explore(svg); }

function explore(svg) {
  svg.classList.add("alive");
  const { width, height } = svg.viewBox.baseVal, view = svg.querySelector(".view");
  const nodes = [...svg.querySelectorAll("[data-node]")].map((element) => {
    const circle = element.querySelector("circle"), x = circle.cx.baseVal.value, y = circle.cy.baseVal.value;
    return { element, circle, text: element.querySelector("text"), radius: circle.r.baseVal.value, x, y, home: [x, y] };
  });
  const lines = [...svg.querySelectorAll("line")].map((element) => {
    const source = nodes[element.dataset.a], target = nodes[element.dataset.b];
    return { element, source, target, far: Math.hypot(source.x - target.x, source.y - target.y) };
  });

  // The page comes with places for all: the forces only keep them, until somebody draws at one.
  const forces = forceSimulation(nodes).stop()
    .force("line", forceLink(lines).distance((line) => line.far).strength(0.12))
    .force("apart", forceCollide((node) => node.radius + 9))
    .force("charge", forceManyBody().strength(-40).distanceMax(160))
    .force("x", forceX((node) => node.home[0]).strength(0.15))
    .force("y", forceY((node) => node.home[1]).strength(0.15))
    .alphaDecay(0.04).on("tick", draw).on("end", name);

  let scale = 1;

  function draw() {
    if (!svg.isConnected) { forces.stop(); return; }  // another type was chosen meanwhile
    const letter = parseFloat(getComputedStyle(nodes[0].text).fontSize);
    for (const node of nodes) {
      node.circle.setAttribute("cx", node.x); node.circle.setAttribute("cy", node.y);
      node.text.setAttribute("x", node.x); node.text.setAttribute("y", node.y + node.radius + 1.1 * letter);
    }
    for (const { element, source, target } of lines)
      for (const [name, value] of [["x1", source.x], ["y1", source.y], ["x2", target.x], ["y2", target.y]]) element.setAttribute(name, value);
  }

  // A name that would lie on that of a larger node is seen when it is pointed at, or when there is room for it.
  function name() {
    if (!svg.isConnected) return;
    const shown = [];
    for (const node of [...nodes].sort((a, b) => b.radius - a.radius)) {
      const box = node.text.getBBox();
      const isCrowded = shown.some((other) => box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height);
      node.element.classList.toggle("quiet", isCrowded);
      if (!isCrowded) shown.push(box);
    }
  }

  function light(node) {
    const bound = new Set([node]);
    for (const { element, source, target } of lines) {
      const isBound = source === node || target === node;
      element.classList.toggle("lit", isBound);
      element.classList.toggle("dim", Boolean(node) && !isBound);
      if (isBound) bound.add(source).add(target);
    }
    svg.classList.toggle("is-lit", Boolean(node));
    for (const each of nodes) each.element.classList.toggle("dim", Boolean(node) && !bound.has(each));
  }

  let isHeld = false;
  for (const node of nodes) {
    node.element.addEventListener("pointerenter", () => { if (!isHeld) light(node); });
    node.element.addEventListener("pointerleave", () => { if (!isHeld) light(null); });
    node.element.addEventListener("focus", () => light(node));
    node.element.addEventListener("blur", () => light(null));
  }

  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  select(svg).selectAll("[data-node]").data(nodes).call(drag()
    .container(() => view).clickDistance(6)
    .on("start", (event, node) => { isHeld = true; light(node); if (!event.active && !isStill) forces.alphaTarget(0.2).restart(); node.fx = node.x; node.fy = node.y; })
    .on("drag", (event, node) => { node.fx = event.x; node.fy = event.y; if (isStill) { node.x = event.x; node.y = event.y; draw(); } })
    .on("end", (event, node) => { isHeld = false; light(null); if (!event.active) forces.alphaTarget(0); node.home = [node.x, node.y]; node.fx = node.fy = null; forces.force("x").x((each) => each.home[0]); forces.force("y").y((each) => each.home[1]); name(); }));

  // A wheel turned over the page scrolls the page; with Ctrl, two fingers or the buttons it enlarges the network.
  const lens = zoom().scaleExtent([1, 5]).extent([[0, 0], [width, height]]).translateExtent([[0, 0], [width, height]]).duration(0)
    .filter((event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.type.startsWith("touch") ? event.touches.length > 1 || scale > 1 : !event.button))
    .on("zoom", (event) => {
      scale = event.transform.k;
      view.setAttribute("transform", event.transform);
      svg.style.setProperty("--lettering", scale ** -0.7);  // names grow less than the rest, which makes room for them
      svg.classList.toggle("enlarged", scale > 1);
      draw();
      name();
    });
  const seen = select(svg).call(lens).on("dblclick.zoom", null);

  for (const button of svg.parentElement.querySelectorAll("[data-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.zoom === "1" ? seen.call(lens.transform, zoomIdentity) : seen.call(lens.scaleBy, Number(button.dataset.zoom))));
  }

  draw();
  name();
}

document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
dress(document);
