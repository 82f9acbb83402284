// The lines of the conversation as nodes: what was asked, answered, noted, and what went wrong.

import { contactCards, type Announce } from "./contacts";
import { areaOf, numbersFor } from "./directory";
import { h, unseen } from "./dom";
import { plainText, replyNodes, type Asking } from "./reply";
import { clock } from "./transcript";
import type { Trouble } from "./trouble";
import type { Item } from "./types";
import { say, words } from "./words";

/** Milliseconds in which a second tap cannot hit what has just appeared. */
const SETTLE = 400;

/** The opening is the page's own: nothing is asked of the server before the person asks. */
export function opening(greeting: string | undefined, title: string, asking: Asking): HTMLElement {
  return h(
    "article.said",
    { dir: "auto" },
    unseen(`${title}: `),
    plainText(`${greeting || words.opening}\n${words.opening_end}`),
    replyNodes({ text: "", buttons: words.starters }, asking),
  );
}

export function bubble(item: Item, title: string, asking: Asking): HTMLElement {
  const { who, said } = item;
  if (who === "note") return h("p.system", {}, item.words);
  const time = h("time.time", {}, clock(item.at));
  if (!said) {
    const node = h(
      "p.asked",
      { dir: "auto", "data-id": item.id },
      unseen(`${say("you")}: `),
      item.words,
      time,
    );
    if (item.unsent) markUnsent(node);
    return node;
  }
  const node = h(
    "article.said.fresh",
    { dir: "auto", "data-kind": said.reply?.kind },
    unseen(`${title}: `),
    replyNodes(said, asking),
    time,
  );
  setTimeout(() => node.classList.remove("fresh"), SETTLE);
  return node;
}

/** Say beneath a message of the person that it has no answer. */
export function markUnsent(node: HTMLElement): void {
  if (node.classList.contains("unsent")) return;
  node.classList.add("unsent");
  node.append(h("span.mark", {}, say("unsent")));
}

/** What went wrong, whom to ring meanwhile, and a way to try again where that can help. */
export function troubleCard(
  trouble: Trouble,
  area: string,
  title: string,
  announce: Announce,
  retry?: () => void,
): HTMLElement {
  const silent = areaOf(area)?.contacts.length === 0;
  return h(
    "article.said.trouble",
    { "data-kind": trouble.kind },
    unseen(`${title}: `),
    h("p.headline", {}, trouble.words),
    h("p", {}, say("in_danger")),
    silent && h("p.fine", {}, say("no_number", { area: areaOf(area)!.name })),
    contactCards(numbersFor(area), announce),
    retry &&
      h(
        "div.choices",
        {},
        h("button.choice.strong", { click: retry }, say("retry")),
        h("span.fine", {}, say("retrying")),
      ),
  );
}

/** Whether the newest answer helped; `vote` sends the word of it. */
export function judging(vote: (payload: string, shown: string) => void): HTMLElement {
  return h(
    "div.judge.fine",
    { role: "group", "aria-label": say("helpful") },
    h("span", { "aria-hidden": "true" }, say("helpful")),
    h(
      "button.quiet",
      { click: () => vote("/feedback_good", say("feedback_yes")) },
      say("helpful_yes"),
    ),
    h(
      "button.quiet",
      { click: () => vote("/feedback_bad", say("feedback_no")) },
      say("helpful_no"),
    ),
  );
}

/** The sign that an answer is on its way. */
export const typing = (title: string): HTMLElement =>
  h(
    "div.typing",
    {},
    h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("span", {}, unseen(say("answering", { title }))),
  );
