/** Marks in a chart that are compared one by one. */
const mostChildren = 300;

/**
 * Brings what is on the page from one markup to the next by changing only what differs between the two: what the reader did to an element (focus, a slider in the
 * hand, a text being typed, an unfolded section) and what a widget added to itself stay. `before` and `after` are the two markups, `live` is the page's side of `before`.
 */
export function morph(before: Node, after: Node, live: Node): void {
  const from = [...before.childNodes];
  const to = [...after.childNodes];
  const there = [...live.childNodes];
  to.forEach((next, i) => {
    const old = from[i];
    const own = there[i];
    if (own === undefined) live.appendChild(next.cloneNode(true));
    else if (old === undefined || !alike(old, next) || !alike(old, own) || hasOtherChoices(old, next)) live.replaceChild(next.cloneNode(true), own);
    else if (old.isEqualNode(next)) return;
    else if (isLarge(next)) exchange(next, own);
    else change(old, next, own);
  });
  for (const extra of there.slice(to.length)) live.removeChild(extra);
}

/** A list of choices does not follow what becomes of its options: with others it is another list. */
function hasOtherChoices(old: Node, next: Node): boolean {
  const choices = (list: Element): string => Array.from(list.children, (option) => option.getAttribute("value")).join("\n");
  return old instanceof Element && next instanceof Element && next.matches("vscode-dropdown") && choices(old) !== choices(next);
}

/** A chart of many marks holds nothing of the reader's but the focus, which is found again by its key: to put the new one in its place is quicker than to compare. */
function isLarge(node: Node): node is SVGSVGElement {
  return node instanceof SVGSVGElement && node.childElementCount > mostChildren;
}

/** The new chart itself goes onto the page; in the markup an empty one stands for it, which is like no other. */
function exchange(next: SVGSVGElement, own: Node): void {
  next.replaceWith(next.cloneNode());
  own.parentNode?.replaceChild(next, own);
}

/** The same element in both, as far as the reader is concerned. */
function alike(a: Node, b: Node): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  if (!(a instanceof Element) || !(b instanceof Element)) return true;
  return ["data-section", "data-intent", "data-look", "data-edit"].every((name) => a.getAttribute(name) === b.getAttribute(name));
}

function change(old: Node, next: Node, own: Node): void {
  if (!(old instanceof Element) || !(next instanceof Element) || !(own instanceof Element)) {
    own.nodeValue = next.nodeValue;
    return;
  }
  for (const { name } of old.attributes) if (!next.hasAttribute(name)) own.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) own.setAttribute(name, value);
  morph(old, next, own);
}
