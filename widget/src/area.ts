// The area that is answered for: chosen before asking, or changed in passing.

import type { Announce } from "./contacts";
import type { Conversation } from "./conversation";
import { areaOf, directory } from "./directory";
import { h } from "./dom";
import type { Said } from "./types";
import { say } from "./words";

export class AreaChoice {
  readonly node: HTMLElement | null;
  readonly #select: HTMLSelectElement;
  #byKeys = false;

  /** `send` asks the guide for another area; it says whether that went. */
  constructor(
    private readonly conversation: Conversation,
    private readonly announce: Announce,
    private readonly send: (payload: string, shown: string) => boolean,
  ) {
    this.#select = h(
      "select",
      {
        autocomplete: "off",
        // arrows change a closed select at each press: wait until the person has chosen
        keydown: ({ key }: KeyboardEvent) => {
          if (key === "Enter") setTimeout(() => this.#commit());
          else if (key !== "Tab" && key !== "Shift") this.#byKeys = true;
        },
        pointerdown: () => (this.#byKeys = false),
        change: () => this.#byKeys || this.#commit(),
        blur: () => this.#commit(),
      },
      h("option", { value: "" }, say("area_none")),
      directory.areas.map(({ id, name }) => h("option", { value: id }, name)),
    );
    this.node = directory.areas.length
      ? h("label.area", {}, h("span", {}, say("area")), this.#select)
      : null;
  }

  /** Show the conversation's area. Once asked for, it can be changed but not unset. */
  show(): void {
    const { kept, begun } = this.conversation;
    if (!areaOf(kept.area)) kept.area = "";
    this.#select.value = kept.area;
    this.#select.options[0]!.disabled = begun && kept.area !== "";
  }

  /** The choice follows the conversation when the person names an area in it. */
  follow(said: Said[], payload = ""): void {
    const named = new Set(
      said.map(({ reply }) => reply?.area).filter((one): one is string => !!one),
    );
    const answered = /"question": ?"area", ?"answer": ?"([a-z_]+)"/.exec(payload);
    if (answered && !named.size) named.add(answered[1]!);
    const [only] = named;
    if (named.size === 1 && areaOf(only!)) this.conversation.kept.area = only!;
    this.conversation.keep();
    this.show();
  }

  #commit(): void {
    this.#byKeys = false;
    const { kept, begun, busy } = this.conversation;
    const area = this.#select.value;
    if (area === kept.area) return;
    if (busy) {
      this.show();
      this.announce(say("busy_area"));
      return;
    }
    kept.area = area;
    const name = areaOf(area)?.name || say("area_none");
    if (begun) this.send(`/in_area${JSON.stringify({ area })}`, name);
    else this.announce(say("area_now", { area: name }));
  }
}
