// What is done seldom: saving, printing, starting again, forgetting, and how private this is.

import { ask } from "./dialogs";
import { h, icon } from "./dom";
import { say } from "./words";

/** What the menu can do. `inside` is where its dialogs are put. */
export interface Doing {
  inside: Node;
  /** a new “Exit this page” */
  exit(): HTMLElement;
  /** whether the tab remembers the conversation */
  remembers(): boolean;
  begun(): boolean;
  save(): void;
  print(): void;
  /** shows or hides the times, and says which */
  times(): boolean;
  again(): void;
  forget(): void;
}

export class Menu {
  readonly button: HTMLElement;
  readonly node: HTMLElement;

  constructor(doing: Doing) {
    const item = (label: string, act: () => void): HTMLElement => {
      const click = (): void => {
        this.close(true);
        act();
      };
      return h("li", {}, h("button", { click }, label));
    };
    const times = h(
      "button",
      {
        "aria-pressed": "false",
        click: () => times.setAttribute("aria-pressed", String(doing.times())),
      },
      say("menu_times"),
    );
    this.button = h(
      "button.tool",
      {
        "aria-label": say("menu"),
        "aria-expanded": "false",
        "aria-controls": "w-menu",
        click: () => this.#show(this.node.hidden === true),
      },
      icon(
        "M12 5a2 2 0 100 4 2 2 0 000-4zM12 10a2 2 0 100 4 2 2 0 000-4zM12 15a2 2 0 100 4 2 2 0 000-4z",
      ),
    );
    this.node = h(
      "ul.menu",
      { id: "w-menu", role: "list", hidden: true },
      item(say("menu_save"), doing.save),
      item(say("menu_print"), doing.print),
      h("li", {}, times),
      item(say("menu_again"), () => {
        if (!doing.begun()) doing.again();
        else
          ask(
            doing.inside,
            doing.exit(),
            say("again_title"),
            [say("again_text")],
            say("again_no"),
            say("again_yes"),
            doing.again,
          );
      }),
      item(say("menu_forget"), () =>
        ask(
          doing.inside,
          doing.exit(),
          say("forget_title"),
          [say("forget_text")],
          say("again_no"),
          say("forget_yes"),
          doing.forget,
        ),
      ),
      item(say("menu_about"), () => {
        const kept = say(doing.remembers() ? "about_kept" : "about_memory");
        ask(
          doing.inside,
          doing.exit(),
          say("menu_about"),
          [kept, say("about_exit"), say("about_history"), say("about_not")],
          say("done"),
        );
      }),
    );
  }

  /** Close it; `back` gives the focus to its button. Says whether it was open. */
  close(back: boolean): boolean {
    if (this.node.hidden) return false;
    this.#show(false);
    if (back) this.button.focus();
    return true;
  }

  #show(open: boolean): void {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }
}
