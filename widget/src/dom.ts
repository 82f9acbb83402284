// Nodes, built with createElement and text alone: no markup is ever parsed.

export type Child = Node | string | number | null | undefined | false | Child[];
type Value = string | number | boolean | null | undefined | ((event: any) => void);

type Tags = HTMLElementTagNameMap;

/**
 * A new element: its tag with its classes, as in "p.name". Functions are listeners, `true` is an
 * empty attribute; null and false leave out. A button sends no form unless it says so.
 */
export function h<K extends keyof Tags>(
  tag: K | `${K}.${string}`,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): Tags[K] {
  const [name, ...classes] = tag.split(".") as [K, ...string[]];
  const node = document.createElement(name);
  node.classList.add(...classes);
  if (node instanceof HTMLButtonElement) node.type = "button";
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

/** Append children, flattened, leaving out what is null or false. */
export function add(node: Node, children: Child): void {
  if (Array.isArray(children)) for (const child of children) add(node, child);
  else if (children instanceof Node) node.appendChild(children);
  else if (children || children === 0) node.appendChild(document.createTextNode(String(children)));
}

/** A picture of one path on a square of `size`, hidden from screen readers. */
export function icon(path: string, size = 24): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const drawn = document.createElementNS(space, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** Words for screen readers only. */
export const unseen = (words: string): HTMLElement => h("span.unseen", {}, words);

/** An http(s) address as it may be linked, or null. */
export function webAddress(address: string): string | null {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Save a file on the person's device. */
export function save(name: string, content: Blob): void {
  const href = URL.createObjectURL(content);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Whether the keyboard can reach a control as it is now. */
export const reachable = (node: HTMLElement): boolean =>
  node.tabIndex >= 0 && !node.hasAttribute("disabled") && node.getClientRects().length > 0;
