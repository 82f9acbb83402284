// Leaving quickly: the page is hidden at once, and another takes its place in the history.

import type { Announce } from "./contacts";
import { h } from "./dom";
import { count, say } from "./words";

/** Milliseconds between presses of Shift. */
const WITHIN = 5_000;
const PRESSES = 3;

/** Hide the page and go. `clear` forgets what is kept; it must not wait for anything. */
export function leave(address: string, clear: () => void): void {
  document.documentElement.style.setProperty("display", "none", "important");
  document.title = "";
  clear();
  // a page that asks whether to stay is not heard: it is over for its scripts, too
  window.onbeforeunload = null;
  Event.prototype.preventDefault = () => undefined;
  Object.defineProperty(BeforeUnloadEvent.prototype, "returnValue", { value: "" });
  location.replace(address);
}

/** “Exit this page”, with a light for each press of Shift. `kind` is one more class. */
export function exitLink(kind: string, address: string, leave: () => void): HTMLElement {
  const click = (event: Event): void => {
    event.preventDefault();
    leave();
  };
  return h(
    "a",
    { class: `exit ${kind}`, href: address, rel: "noreferrer nofollow", click },
    h("span", {}, say("exit")),
    h("span.lights", { "aria-hidden": "true", hidden: true }, h("i"), h("i"), h("i")),
  );
}

/** Calls `leave` when Shift is pressed three times, and shows in `root` how many are counted. */
export function watchShift(
  root: ShadowRoot,
  active: () => boolean,
  leave: () => void,
  announce: Announce,
): void {
  let presses = 0;
  let timer = 0;
  // Shift was down at the last key: it made a capital, and does not count
  let held = false;
  const show = (number: number): void => {
    presses = number;
    for (const lights of root.querySelectorAll<HTMLElement>(".lights")) {
      lights.hidden = !number;
      [...lights.children].forEach((one, index) => one.classList.toggle("on", index < number));
    }
  };
  const stop = (expired: boolean): void => {
    clearTimeout(timer);
    if (presses && expired) announce(say("exit_expired"), true);
    show(0);
  };
  const keyup = ({ key, shiftKey }: KeyboardEvent): void => {
    if (!active()) return;
    if (key === "Shift" && !held) {
      show(presses + 1);
      clearTimeout(timer);
      if (presses === PRESSES) {
        announce(say("exiting"), true);
        leave();
        return;
      }
      announce(count("exit_presses", PRESSES - presses), true);
      timer = window.setTimeout(() => stop(true), WITHIN);
    } else if (key !== "Shift") stop(false);
    held = shiftKey;
  };
  document.addEventListener("keyup", keyup, true);
}
