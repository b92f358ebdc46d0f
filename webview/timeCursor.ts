const moves: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

/** Where the cursor stands in each sound, by the sound's name: a stretch's number. */
const cursors = new Map<string, number>();

/** The drawings of a sound's stretches, in each of its charts in the order of time. */
function stretchesOf(sound: Element): (readonly Element[])[] {
  return [...sound.querySelectorAll("svg")].map((chart) => [...chart.querySelectorAll("[data-stretch]")]);
}

function tell(sound: Element, number: number): void {
  const name = sound.getAttribute("data-sound") ?? "";
  cursors.set(name, number);
  const charts = stretchesOf(sound);
  for (const stretches of charts) for (const [i, stretch] of stretches.entries()) stretch.classList.toggle("ep-current", i === number);
  const words = charts[0]?.[number]?.querySelector("title")?.textContent ?? "";
  const readout = [...document.querySelectorAll("[data-readout]")].find((one) => one.getAttribute("data-readout") === `sound/${name}`);
  if (readout !== undefined && readout.textContent !== words) readout.textContent = words;
}

/** Tells the stretch of a sound under the pointer, or under a cursor that the arrow keys move through time; it is marked in all of the sound's charts. */
export function followTime(root: HTMLElement): void {
  root.addEventListener("mousemove", (event) => {
    const stretch = event.target instanceof Element ? event.target.closest("[data-stretch]") : null;
    const sound = stretch?.closest("[data-sound]");
    if (stretch === null || sound === null || sound === undefined) return;
    tell(sound, [...(stretch.closest("svg")?.querySelectorAll("[data-stretch]") ?? [])].indexOf(stretch));
  });
  root.addEventListener("keydown", (event) => {
    const sound = event.target;
    const move = moves[event.key];
    if (move === undefined || !(sound instanceof Element) || !sound.hasAttribute("data-sound")) return;
    event.preventDefault();
    const last = (stretchesOf(sound)[0]?.length ?? 1) - 1;
    // The first key shows where the cursor is.
    const from = cursors.get(sound.getAttribute("data-sound") ?? "");
    tell(sound, from === undefined && Number.isFinite(move) ? 0 : Math.max(0, Math.min(last, (from ?? 0) + move)));
  });
}
