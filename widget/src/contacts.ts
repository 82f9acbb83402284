// Contact cards: numbers to ring, addresses to write to, each to be copied.

import { h, unseen, webAddress } from "./dom";
import type { Contact } from "./types";
import { say } from "./words";

/** Tells screen readers something. */
export type Announce = (words: string, now?: boolean) => void;

const EMAIL = /^[^\s@?&<>"]+@[^\s@?&<>"]+$/;

export function contactCards(contacts: Contact[], announce: Announce): HTMLElement {
  return h(
    "ul.contacts",
    { role: "list" },
    contacts.map((one) => card(one, announce)),
  );
}

function card(contact: Contact, announce: Announce): HTMLElement {
  const { name, purpose, number, email, web, hours, note } = contact;
  const dialled = (number || "").replace(/[^0-9+]/g, "");
  return h(
    "li",
    { class: number === "999" ? "contact urgent" : "contact" },
    h("p.name", {}, name),
    purpose && h("p.fine", {}, purpose),
    number && reach(dialled ? `tel:${dialled}` : null, number, name, announce),
    email && reach(EMAIL.test(email) ? `mailto:${email}` : null, email, name, announce),
    web && reach(webAddress(web), web.replace(/^https?:\/\//i, ""), name, announce),
    hours && h("p.fine", {}, hours),
    note && h("p.fine.note", {}, note),
  );
}

function reach(href: string | null, shown: string, name: string, announce: Announce): HTMLElement {
  const outside = href && /^http/.test(href);
  return h(
    "p.reach",
    {},
    href
      ? h(
          "a",
          {
            href,
            rel: "noreferrer",
            target: outside ? "_blank" : null,
            class: outside || shown.includes("@") ? "long" : null,
          },
          shown,
        )
      : shown,
    // where copying cannot work, for example on a page without https, it is not offered
    navigator.clipboard && copyButton(shown, name, announce),
  );
}

function copyButton(value: string, name: string, announce: Announce): HTMLElement {
  const label = h("span", {}, say("copy"));
  const click = async (): Promise<void> => {
    let words = say("copied");
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      words = say("not_copied");
    }
    label.textContent = words;
    announce(words);
    setTimeout(() => (label.textContent = say("copy")), 2_000);
  };
  return h("button.copy", { click }, label, unseen(` ${value}, ${name}`));
}
