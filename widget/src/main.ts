// The script that a page embeds: defines <waymark-chat>, and puts one where the script asks for it.

import { WaymarkChat } from "./element";

const NAME = "waymark-chat";

/** The script's own element; a module or a loader has none, but its address tells it. */
const script =
  (document.currentScript as HTMLScriptElement | null) ||
  document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]');

function place(): void {
  const element = document.createElement(NAME);
  const { dataset } = script!;
  Object.assign(element.dataset, dataset);
  let target: Element | null = null;
  try {
    target = dataset.inline ? document.querySelector(dataset.inline) : null;
  } catch {
    // not a selector: the script's own place is the next best
  }
  if (target) target.append(element);
  else if (dataset.inline !== undefined && script!.closest("body")) script!.after(element);
  else document.body.append(element);
  // an element that was put by hand, further down, is the page's choice
  whenRead(() => document.querySelectorAll(NAME).length > 1 && element.remove());
}

function whenRead(act: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
  else act();
}

if (!customElements.get(NAME)) {
  WaymarkChat.base = (script?.src || location.href).replace(/\/(widget\.js)?([?#].*)?$/, "");
  customElements.define(NAME, WaymarkChat);
  if (script && !document.querySelector(NAME)) {
    // a long page need not be read to its end first, unless its end is where the place is
    if (document.body && script.dataset.inline === undefined) place();
    else whenRead(() => document.querySelector(NAME) || place());
  }
}
