// The conversation on the page: the log, the field below it, and the area above.

import { AreaChoice } from "./area";
import { bubble, judging, markUnsent, opening, troubleCard, typing } from "./bubbles";
import { Composer } from "./composer";
import type { Announce } from "./contacts";
import { Conversation } from "./conversation";
import { numbersLine } from "./directory";
import { h, save } from "./dom";
import type { Asking } from "./reply";
import { spoken } from "./spoken";
import { Trouble } from "./trouble";
import type { Download, Item } from "./types";
import { say, words } from "./words";

/** Milliseconds until the page says that it is still waiting. */
const SLOW = 5_000;
/** Bytes of a question that the server takes, with room for the rest of the message. */
const LARGEST = 15_000;
/** Pixels of an own message up to which its answer is shown together with it. */
const TALL = 110;
/** Replies that a screen reader says at once. */
const URGENT = /danger|harm|child_writing|safe_message/;
/** Replies that are not asked to be judged. */
const UNJUDGED = /danger|harm|writing|safe_message|screening|privacy|area/;

/** What the chat needs of the element around it. */
export interface Shell {
  announce: Announce;
  title(): string;
  greeting(): string | undefined;
  /** so many new messages are there: they are counted where the panel is closed */
  arrived(number: number): void;
}

export class Chat {
  readonly node: HTMLElement;
  readonly log: HTMLElement;
  readonly composer: Composer;
  readonly #conversation: Conversation;
  readonly #area: AreaChoice;
  readonly #shell: Shell;
  #typing: HTMLElement | null = null;
  #card: HTMLElement | null = null;
  #slow = 0;

  constructor(conversation: Conversation, shell: Shell) {
    this.#conversation = conversation;
    this.#shell = shell;
    this.log = h("div.log", {
      role: "log",
      "aria-live": "off",
      "aria-label": say("log"),
      tabindex: 0,
      keydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.composer.focus();
      },
    });
    this.composer = new Composer((text) => this.#ask(text), shell.announce);
    this.#area = new AreaChoice(conversation, shell.announce, (payload, shown) =>
      this.#send({ payload, shown }),
    );
    this.node = h(
      "div.chat",
      {},
      h("div.bar", {}, this.#area.node, h("p.privacy", { id: "w-privacy" }, say("privacy"))),
      this.log,
      this.composer.node,
    );
  }

  /** Show what was said so far: nothing of it is announced again. */
  show(): void {
    const { memory, kept } = this.#conversation;
    this.#card = null;
    this.log.replaceChildren(opening(this.#shell.greeting(), this.#shell.title(), this.#asking()));
    if (memory.wanted && !memory.works) {
      this.log.append(
        h("p.system", {}, `${words.errors.storage} ${say("in_danger")} ${numbersLine(kept.area)}`),
      );
    }
    kept.items.forEach((item, index) => {
      if (item.who === "you" && !isVote(item.payload)) this.#retire();
      this.#draw(item, kept.items.slice(index).find(({ who }) => who === "you")?.payload);
    });
    if (kept.pending?.text) this.composer.text = kept.pending.text;
    this.#area.show();
    this.toEnd();
  }

  toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // What the person does

  /** Send something, unless an answer is under way. */
  #send(message: { text?: string; payload?: string; shown: string }): boolean {
    if (this.#conversation.busy) {
      this.#shell.announce(say("busy"));
      return false;
    }
    this.#forgetCard();
    if (!isVote(message.payload)) this.#retire();
    void this.#conversation.send(message);
    return true;
  }

  #ask(text: string): void {
    const { busy, kept } = this.#conversation;
    if (busy) this.#shell.announce(say("busy"));
    else if (new TextEncoder().encode(text).length > LARGEST)
      this.troubled(new Trouble("too_large"));
    // the same words after a failure are the same message
    else if (kept.pending?.text === text) this.#retry();
    else if (this.#send({ text, shown: text })) this.composer.text = "";
  }

  #retry(): void {
    if (this.#conversation.busy) return;
    this.#keepFocus(this.#card);
    this.#forgetCard();
    void this.#conversation.retry();
  }

  async #download({ kind, title }: Download, button: HTMLElement): Promise<void> {
    const { kept, channel } = this.#conversation;
    if (!kept.token || button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    button.textContent = say("preparing");
    let result: string;
    try {
      const { name, content } = await channel.document(kept.token, kind, kept.area);
      save(name, content);
      result = say("saved", { name });
    } catch (error) {
      const told = (error as Trouble).told || words.errors.document;
      result = `${told} ${say("in_danger")} ${numbersLine(kept.area)}`;
    }
    button.textContent = title;
    button.ariaBusy = null;
    const row = button.parentElement!;
    row.querySelector(".result")?.remove();
    row.append(h("p.result.fine", {}, result));
    this.#shell.announce(result);
  }

  // What the conversation tells

  added(item: Item): void {
    this.#typing?.remove();
    const node = this.#draw(item);
    if (item.who === "note") this.#shell.announce(item.words);
    if (item.who === "you") this.#reveal(node);
    this.#showUnsent();
    if (this.#typing) this.log.append(this.#typing);
  }

  waiting(unasked: boolean): void {
    if (unasked && this.#card) return;
    const node = (this.#typing = this.#typing || typing(this.#shell.title()));
    this.log.append(node);
    this.composer.busy(true);
    clearTimeout(this.#slow);
    this.#slow = window.setTimeout(() => {
      const still = `${say("still_looking")} ${say("in_danger")}`;
      node.lastElementChild!.textContent = still;
      this.#shell.announce(still);
    }, SLOW);
  }

  answered(items: Item[]): void {
    this.#settle();
    this.#forgetCard();
    const { asked } = this.#conversation;
    const said = items.flatMap((item) => item.said || []);
    // what was put back into the field has its answer now
    if (asked?.words === this.composer.text.trim()) this.composer.text = "";
    this.#area.follow(said, asked?.payload);
    if (!said.length) return;
    const urgent = said.some(({ reply }) => reply && URGENT.test(reply.kind));
    this.#shell.announce(said.map((one) => spoken(one, this.#shell.title())).join(" "), urgent);
    this.#shell.arrived(said.length);
    this.#judge(said[said.length - 1]!.reply?.kind);
    const lines = [...this.log.children] as HTMLElement[];
    const own = lines.find((node) => node.dataset.id === asked?.id);
    // a long message of one's own would push its answer out of sight
    this.#reveal(own && own.offsetHeight < TALL ? own : lines[lines.length - said.length]!);
  }

  troubled(trouble: Trouble): void {
    const { kept, asked } = this.#conversation;
    const before = this.#card;
    this.#settle();
    this.#showUnsent();
    const text = kept.pending ? kept.pending.text : asked?.unsent && !asked.payload && asked.words;
    if (text && !this.composer.text.trim()) this.composer.text = text;
    if (before?.dataset.kind === trouble.kind) return; // said before: once is enough
    this.#forgetCard();
    const retry = trouble.passing && kept.pending ? () => this.#retry() : undefined;
    this.#card = troubleCard(trouble, kept.area, this.#shell.title(), this.#shell.announce, retry);
    this.log.append(this.#card);
    this.#shell.announce(`${trouble.words} ${say("in_danger")} ${numbersLine(kept.area)}`, true);
    this.#shell.arrived(1);
    this.#reveal(this.#card);
  }

  // Drawing

  #draw(item: Item, chosen?: string): HTMLElement {
    const node = bubble(item, this.#shell.title(), this.#asking(chosen));
    this.log.append(node);
    return node;
  }

  #asking(chosen?: string): Asking {
    return {
      chosen,
      announce: this.#shell.announce,
      send: (payload, shown) => this.#send({ payload, shown }),
      download: (one, button) => void this.#download(one, button),
    };
  }

  /** Ask whether the newest answer helped. */
  #judge(kind?: string): void {
    this.log.querySelector(".judge")?.remove();
    if (!kind || UNJUDGED.test(kind)) return;
    const row = judging((payload, shown) => {
      if (!this.#send({ payload, shown })) return;
      this.#keepFocus(row);
      row.remove();
    });
    this.log.lastElementChild!.append(row);
  }

  /** Choices of earlier turns stay to be read, and can no longer be pressed. */
  #retire(): void {
    for (const node of this.log.querySelectorAll<HTMLElement>(".choice, .checklist input")) {
      if (node instanceof HTMLInputElement) node.disabled = true;
      node.ariaDisabled = "true";
      node.tabIndex = -1;
    }
    this.log.querySelector(".judge")?.remove();
  }

  #showUnsent(): void {
    for (const { unsent, id } of this.#conversation.kept.items) {
      const node = unsent && this.log.querySelector<HTMLElement>(`.asked[data-id="${id}"]`);
      if (node) markUnsent(node);
    }
  }

  /** An answer or a failure is here: nothing is waited for any more. */
  #settle(): void {
    clearTimeout(this.#slow);
    this.#typing?.remove();
    this.#typing = null;
    this.composer.busy(false);
  }

  #forgetCard(): void {
    this.#card?.remove();
    this.#card = null;
  }

  /** What is about to go may have the focus; the field would open a phone's keyboard. */
  #keepFocus(going: HTMLElement | null): void {
    const root = this.node.getRootNode() as ShadowRoot;
    if (going?.contains(root.activeElement)) this.log.focus({ preventScroll: true });
  }

  /** Bring a node to the top of what is seen, in the log or where that does not scroll, around it. */
  #reveal(node: HTMLElement): void {
    const boxes = [this.log, this.node.closest<HTMLElement>(".panel")!];
    const box = boxes.find((one) => /auto|scroll/.test(getComputedStyle(one).overflowY));
    if (!box) return;
    const top = node.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: box.scrollTop + top - 12, behavior: calm ? "auto" : "smooth" });
  }
}

const isVote = (payload?: string): boolean => /^\/feedback/.test(payload || "");
