/**
 * Tells the dot under the pointer, or under a cursor that the arrow keys move in a chart that has the focus: left and right along a feature's dots, up and down from
 * feature to feature. Enter chooses the dot's row; a click is a button's, as in every chart.
 */
export function followDots(root: HTMLElement, choose: (row: number) => void): void {
  const tell = (box: Element, dot: Element): void => {
    for (const other of box.querySelectorAll(".ep-current")) other.classList.remove("ep-current");
    dot.classList.add("ep-current");
    const name = box.getAttribute("data-dots");
    const readout = [...root.querySelectorAll("[data-readout]")].find((one) => one.getAttribute("data-readout") === name);
    if (readout !== undefined) readout.textContent = dot.querySelector("title")?.textContent ?? "";
  };
  root.addEventListener("mouseover", (event) => {
    const dot = event.target instanceof Element ? event.target.closest("circle[data-key]") : null;
    const box = dot?.closest("[data-dots]");
    if (dot !== null && box !== null && box !== undefined) tell(box, dot);
  });
  root.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!(box instanceof Element) || !box.hasAttribute("data-dots")) return;
    const current = box.querySelector("circle.ep-current");
    if (event.key === "Enter" && current !== null) return choose(Number(current.getAttribute("data-key")));
    const next = neighbour(box, current, event.key);
    if (next === null) return;
    event.preventDefault();
    tell(box, next);
    next.scrollIntoView({ block: "nearest" });
  });
}

const x = (dot: Element): number => Number(dot.getAttribute("cx"));
const dotsOf = (swarm: Element): Element[] => [...swarm.querySelectorAll("circle[data-key]")].sort((a, b) => x(a) - x(b));

/** The dot that a key goes to; null for other keys and where there is none. */
function neighbour(box: Element, current: Element | null, key: string): Element | null {
  const [across = 0, down = 0] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key] ?? [];
  if (across === 0 && down === 0) return null;
  const swarms = [...box.querySelectorAll("[data-swarm]")].filter((swarm) => swarm.querySelector("circle[data-key]") !== null);
  const here = swarms.findIndex((swarm) => swarm.contains(current));
  const swarm = swarms[here < 0 ? 0 : Math.max(0, Math.min(swarms.length - 1, here + down))];
  if (swarm === undefined) return null;
  const dots = dotsOf(swarm);
  if (current === null) return dots[0] ?? null;
  // Down and up go to the same row's dot, where the other feature has one.
  if (down !== 0) return dots.find((dot) => dot.getAttribute("data-key") === current.getAttribute("data-key")) ?? dots[0] ?? null;
  return dots[Math.max(0, Math.min(dots.length - 1, dots.indexOf(current) + across))] ?? null;
}
