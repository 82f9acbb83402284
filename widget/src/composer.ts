// The field that is typed in.

import type { Announce } from "./contacts";
import { h, icon } from "./dom";
import { count, say } from "./words";

/** Characters of a question that are read. */
const LONGEST = 1_000;
/** Pixels that the field grows to. */
const TALLEST = 150;

export class Composer {
  readonly node: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #counter: HTMLElement;
  readonly #button: HTMLElement;

  /** `send` gets what was typed, trimmed and not empty; it empties the field when it is taken. */
  constructor(
    private readonly send: (text: string) => void,
    private readonly announce: Announce,
  ) {
    this.#field = h("textarea", {
      id: "w-field",
      rows: 1,
      placeholder: say("placeholder"),
      autocomplete: "off",
      "aria-label": say("question"),
      "aria-describedby": "w-privacy w-count",
      enterkeyhint: "send",
      input: () => this.#fit(),
      keydown: (event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#submit();
      },
    });
    this.#counter = h("p.count.fine", { id: "w-count", hidden: true });
    this.#button = h(
      "button",
      { type: "submit", class: "send" },
      h("span", {}, say("send")),
      icon("M4 20l17-8L4 4v6l11 2-11 2z"),
    );
    this.node = h(
      "form.composer",
      {
        submit: (event: Event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      h("div.field", {}, this.#field, this.#button),
      this.#counter,
      h(
        "p.danger.fine",
        {},
        say("danger"),
        " ",
        h("a", { href: "tel:999" }, say("ring")),
        ". ",
        h("span", {}, say("danger_own")),
      ),
    );
  }

  get text(): string {
    return this.#field.value;
  }

  set text(value: string) {
    this.#field.value = value;
    this.#fit();
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  busy(is: boolean): void {
    this.node.classList.toggle("busy", is);
    this.#button.setAttribute("aria-disabled", String(is));
  }

  #submit(): void {
    const text = this.text.trim();
    if (text) this.send(text);
    else this.announce(say("empty"));
  }

  #fit(): void {
    const { style, value } = this.#field;
    style.height = "auto";
    style.height = `${Math.min(this.#field.scrollHeight + 3, TALLEST)}px`;
    const left = LONGEST - value.length;
    this.#counter.hidden = left > 100;
    this.#counter.textContent = left < 0 ? count("over", -left) : count("left", left);
    this.#counter.classList.toggle("over", left < 0);
  }
}
