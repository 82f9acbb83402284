// A message of the guide as nodes.

import { aroundLines, checklist } from "./checklist";
import { contactCards, type Announce } from "./contacts";
import { h, unseen } from "./dom";
import type { Button, Download, Reply, Said, Statement } from "./types";
import { count, say } from "./words";

/** What a reply can ask for. `send` and `choose` say whether it went. */
export interface Asking {
  announce: Announce;
  send(payload: string, shown: string): boolean;
  download(one: Download, button: HTMLElement): void;
  /** the payload that was chosen from an earlier reply, when that is known */
  chosen?: string;
}

let made = 0;

export function replyNodes(said: Said, asking: Asking): (HTMLElement | null)[] {
  const { reply } = said;
  const buttons = (said.buttons || []).slice();
  if (!reply) return [...plainText(said.text || ""), choices(buttons, asking)];
  const cited = citing(reply.sources || []);
  const titles = (reply.checklist?.ticks || reply.choices || []).map(({ title }) => title);
  const { before, lines, after } = aroundLines(reply.points || [], titles);
  const summary = reply.kind === "screening_summary" && before.length === buttons.length;
  return [
    reply.label ? h("p.label", {}, reply.label) : null,
    h("h3.headline", {}, reply.headline),
    summary
      ? answersSoFar(before, buttons.splice(0), asking)
      : statements(before, cited, reply.kind === "route" ? "ol" : "ul"),
    reply.checklist
      ? checklist(
          reply.checklist,
          (line) => cited(lines[line]?.cites),
          asking.send,
          asking.announce,
        )
      : null,
    ...after.map((one) => h("p.fine", {}, one.text)),
    reply.differs?.length
      ? h("section.differs", {}, h("h4", {}, say("differs")), statements(reply.differs, cited))
      : null,
    reply.contacts?.length ? contactCards(reply.contacts, asking.announce) : null,
    ...(reply.notes || []).map((note) =>
      h("p.since", {}, h("strong", {}, say("since")), " ", note),
    ),
    reply.closing ? h("p.closing", {}, reply.closing) : null,
    files(reply, asking),
    sources(reply.sources || []),
    choices(buttons, asking),
  ];
}

/** Marks for the sources of a statement. Pressed, a mark shows its source just below. */
function citing(lines: string[]): (cites?: number[]) => HTMLElement | null {
  return (cites = []) => {
    const known = cites.filter((cite) => lines[cite] !== undefined);
    if (!known.length) return null;
    const shown = known.map((cite) =>
      h(
        "span.source.fine",
        { id: `w-source-${(made += 1)}`, hidden: true },
        ...sourceLine(lines[cite]!),
      ),
    );
    const marks = known.map((cite, index) => {
      const mark = h(
        "button",
        {
          class: "cite",
          "aria-expanded": "false",
          "aria-controls": shown[index]!.id,
          "aria-label": say("source_number", { number: cite + 1 }),
          click: () => {
            const open = (shown[index]!.hidden = !shown[index]!.hidden);
            mark.setAttribute("aria-expanded", String(!open));
          },
        },
        cite + 1,
      );
      return mark;
    });
    return h("span.cites", {}, " ", marks, shown);
  };
}

function statements(
  list: Statement[],
  cited: (cites?: number[]) => HTMLElement | null,
  tag: "ul" | "ol" = "ul",
): HTMLElement | null {
  if (!list.length) return null;
  return h(
    tag,
    { class: "points", role: "list" },
    list.map((one) => h("li", {}, one.text, cited(one.cites))),
  );
}

/** A source with its age, which must not be overlooked. */
function sourceLine(line: string): (string | HTMLElement)[] {
  const age = /^(.*\. )(\d+ years? old: .+)$/.exec(line);
  return age ? [age[1]!, h("strong", {}, age[2])] : [line];
}

function sources(lines: string[]): HTMLElement | null {
  if (!lines.length) return null;
  return h(
    "details.sources",
    {},
    h("summary", {}, count("sources", lines.length)),
    h(
      "ol",
      {},
      lines.map((line) => h("li", {}, ...sourceLine(line))),
    ),
  );
}

/** Each answer of a screening with its Change. */
function answersSoFar(points: Statement[], buttons: Button[], asking: Asking): HTMLElement {
  return h(
    "ul.answers",
    { role: "list" },
    points.map((one, index) =>
      h("li", {}, h("span", {}, one.text), choice(buttons[index]!, asking, say("change"))),
    ),
  );
}

function choices(buttons: Button[], asking: Asking): HTMLElement | null {
  if (!buttons.length) return null;
  return h(
    "div.choices",
    { role: "group", "aria-label": say("choices") },
    buttons.map((button) => choice(button, asking)),
  );
}

function choice(button: Button, asking: Asking, words?: string): HTMLElement {
  const node: HTMLElement = h(
    "button",
    {
      class: "choice",
      click: () => {
        if (node.getAttribute("aria-disabled") === "true") return;
        if (asking.send(button.payload, button.title)) markChosen(node);
      },
    },
    words || button.title,
    // a screen reader needs to know which answer is changed
    words && unseen(`: ${button.title}`),
  );
  if (asking.chosen === button.payload) markChosen(node);
  return node;
}

function markChosen(node: HTMLElement): void {
  node.classList.add("chosen");
  node.append(unseen(`, ${say("chosen")}`));
}

function files(reply: Reply, asking: Asking): HTMLElement | null {
  if (!reply.downloads?.length) return null;
  return h(
    "div.files",
    {},
    reply.downloads.map((one) => {
      const button = h("button.file", { click: () => asking.download(one, button) }, one.title);
      return button;
    }),
  );
}

/** Plain text as paragraphs, and as lists where lines begin with a bullet. */
export function plainText(text: string): HTMLElement[] {
  const nodes: HTMLElement[] = [];
  let list: HTMLElement | null = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("•")) {
      if (!list) nodes.push((list = h("ul.points", { role: "list" })));
      list.append(h("li", {}, line.replace(/^•\s*/, "")));
    } else if (line.trim()) {
      list = null;
      nodes.push(h("p", {}, line));
    }
  }
  return nodes;
}
