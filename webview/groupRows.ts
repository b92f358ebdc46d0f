/** Opens and closes the groups of features in charts: by a click, Enter or Space; the right arrow opens, the left one closes. `set` keeps under a key whether a group is open. */
export function followGroups(root: HTMLElement, set: (key: string, value: "open" | "") => void): void {
  const groupAt = (event: Event): Element | null => (event.target instanceof Element ? event.target.closest("[data-unfold]") : null);
  const turn = (group: Element, open: boolean): void => {
    set(group.getAttribute("data-unfold") ?? "", open ? "open" : "");
  };
  const isOpen = (group: Element): boolean => group.getAttribute("aria-expanded") === "true";
  root.addEventListener("click", (event) => {
    const group = groupAt(event);
    if (group !== null) turn(group, !isOpen(group));
  });
  root.addEventListener("keydown", (event) => {
    const group = groupAt(event);
    if (group === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const wanted = { Enter: !isOpen(group), " ": !isOpen(group), ArrowRight: true, ArrowLeft: false }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    if (wanted !== isOpen(group)) turn(group, wanted);
  });
}
