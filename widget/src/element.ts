// <waymark-chat>: the launcher, the panel around the chat, and leaving.

import { Channel } from "./channel";
import { Chat } from "./chat";
import { accents } from "./colours";
import { Conversation } from "./conversation";
import { h, icon, reachable, unseen, webAddress } from "./dom";
import { exitLink, leave, watchShift } from "./leaving";
import { Memory } from "./memory";
import { Menu } from "./menu";
import css from "./styles.css";
import { printTranscript, saveTranscript } from "./transcript";
import { count, learn, say, words } from "./words";

const SIGN = "M15 3h2v4h8l4 4-4 4h-8v2h2v5h-2v7h-2v-7H7l-4-4 4-4h8v-2H7z";
const EXIT_TO = "https://www.bbc.co.uk/weather";
const DARK = "(prefers-color-scheme: dark)";
/** Where the panel fills the screen, as in styles.css. */
const SMALL = "(max-width: 40em), (max-height: 30em)";
/** Milliseconds that an announcement stays in the live region. */
const ANNOUNCED = 1_000;

let sheet: CSSStyleSheet | null = null;

export class WaymarkChat extends HTMLElement {
  static readonly observedAttributes = [
    "area",
    "title",
    "greeting",
    "position",
    "colour",
    "color",
    "theme",
    "launcher",
  ].map((name) => `data-${name}`);
  /** The address that the script came from; an element's `data-server` names another. */
  static base = "";

  readonly #root = this.attachShadow({ mode: "open" });
  readonly #frame = h("section.w");
  readonly #polite = h("div.unseen", { role: "status" });
  readonly #urgent = h("div.unseen", { role: "alert" });
  readonly #probe = h("i.probe");
  #conversation!: Conversation;
  #launcher!: HTMLElement;
  #chat: Chat | null = null;
  #menu: Menu | null = null;
  #panel: HTMLElement | null = null;
  #heading: HTMLElement | null = null;
  /** what had the focus when the panel was opened */
  #origin: HTMLElement | null = null;
  #left = false;
  #used = false;

  connectedCallback(): void {
    if (this.#conversation) return;
    const server = (this.dataset.server || WaymarkChat.base).replace(/\/+$/, "");
    const { remember, area = "" } = this.dataset;
    this.#adopt();
    this.#root.append(this.#frame);
    this.#conversation = new Conversation(new Channel(server), new Memory(remember !== "off"), {
      added: (item) => this.#chat?.added(item),
      waiting: (unasked) => this.#chat?.waiting(unasked),
      answered: (items) => this.#chat?.answered(items),
      troubled: (trouble) => this.#chat?.troubled(trouble),
    });
    const { kept, begun } = this.#conversation;
    if (!begun) kept.area = kept.area || area;
    void learn(server, this.dataset).then(() => this.#start());
  }

  attributeChangedCallback(name: string): void {
    if (!this.#launcher) return;
    const { kept, begun } = this.#conversation;
    if (name === "data-area" && !begun) kept.area = this.dataset.area || "";
    this.#dress();
    if (!begun) this.#chat?.show();
  }

  /** Open the panel. `unasked`: an earlier page of this tab had it open, so the focus stays. */
  open(unasked = false): void {
    if (!this.#launcher) {
      this.dataset.open = ""; // not started yet: then it is opened at the start
      return;
    }
    const { kept } = this.#conversation;
    const panel = (this.#panel = this.#panel || this.#build());
    this.#used = kept.open = true;
    kept.unread = 0;
    this.#conversation.keep();
    const at = document.activeElement;
    if (!unasked)
      this.#origin = at === this || at === document.body ? null : (at as HTMLElement | null);
    this.#frame.classList.add("open");
    panel.hidden = false;
    this.#dress();
    this.#chat!.toEnd();
    if (!unasked) this.#chat!.composer.focus();
  }

  /** Close the panel; the conversation stays. Focus goes back to where it was. */
  close(): void {
    const { kept } = this.#conversation;
    if (!this.#panel || this.#inline) return;
    const inside = this.#panel.contains(this.#root.activeElement);
    kept.open = false;
    this.#conversation.keep();
    this.#frame.classList.remove("open");
    this.#panel.hidden = true;
    this.#menu!.close(false);
    this.#dress();
    if (inside)
      (this.#origin?.isConnected ? this.#origin : this.#launcher).focus({ preventScroll: true });
  }

  /** Leave quickly: hide the page, forget the conversation, and go to a neutral page. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    leave(this.#exit, () => {
      this.#conversation.kept.open = false;
      this.#conversation.forget();
      this.#frame.replaceChildren();
      this.#chat = null;
    });
  }

  get #inline(): boolean {
    return this.dataset.inline !== undefined;
  }

  get #exit(): string {
    return webAddress(this.dataset.exit || "") || EXIT_TO;
  }

  #way(kind = ""): HTMLElement {
    return exitLink(kind, this.#exit, () => this.leave());
  }

  get #title(): string {
    return this.dataset.title || say("title");
  }

  #adopt(): void {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
      }
      this.#root.adoptedStyleSheets = [sheet];
    } catch {
      // an older browser, without stylesheets that are made by script
      this.#root.append(h("style", {}, css));
    }
  }

  #start(): void {
    const { kept, begun } = this.#conversation;
    this.#launcher = h("button.launcher", { click: () => this.open() });
    this.#frame.append(this.#probe, this.#way("away"), this.#launcher, this.#polite, this.#urgent);
    this.#used = begun;
    this.#dress();
    watchShift(
      this.#root,
      () => this.#used && !this.#left && this.isConnected,
      () => this.leave(),
      this.#announce,
    );
    for (const query of [DARK, SMALL])
      matchMedia(query).addEventListener("change", () => this.#dress());
    addEventListener("pageshow", ({ persisted }) => {
      const { begun, memory } = this.#conversation;
      // back from the browser's memory: what was forgotten on a later page may not show again
      if (persisted && begun && memory.wanted && !memory.read()) this.#reset();
    });
    const wanted = this.#inline || (this.dataset.open !== undefined && !begun);
    if (wanted || kept.open) this.open(true);
    if (begun) void this.#conversation.resume();
  }

  /** Give everything the words, the colour and the side that the attributes ask for. */
  #dress(): void {
    const { unread, open } = this.#conversation.kept;
    const { theme, position, colour, color, dir, launcher } = this.dataset;
    const dark = theme === "dark" || (theme !== "light" && matchMedia(DARK).matches);
    const frame = this.#frame;
    frame.lang = words.lang;
    frame.dir = dir || words.dir;
    const classes = { dark, left: position === "left", inline: this.#inline, used: this.#used };
    for (const [name, is] of Object.entries(classes)) frame.classList.toggle(name, is);
    // what is not a colour leaves the one of the page's style sheet, or our own
    this.#probe.style.backgroundColor = "";
    this.#probe.style.backgroundColor = colour || color || "";
    const shades = accents(getComputedStyle(this.#probe).backgroundColor, dark);
    for (const [name, value] of Object.entries(shades)) frame.style.setProperty(name, value);
    this.#launcher.replaceChildren(icon(SIGN, 32), launcher || say("launcher"));
    if (unread) {
      const seen = h("span", { "aria-hidden": "true" }, unread);
      this.#launcher.append(h("span.unread", {}, seen, unseen(` ${count("unread", unread)}`)));
    }
    this.#launcher.hidden = this.#inline || (open && !!this.#panel);
    frame.ariaLabel = this.#title;
    if (!this.#panel) return;
    this.#heading!.textContent = this.#title;
    if (!this.#inline) this.#panel.ariaLabel = this.#title;
    // where it fills the screen, the page behind is not for the keyboard either
    this.#panel.ariaModal = !this.#inline && matchMedia(SMALL).matches ? "true" : null;
  }

  #build(): HTMLElement {
    const conversation = this.#conversation;
    const chat = (this.#chat = new Chat(conversation, {
      announce: this.#announce,
      title: () => this.#title,
      greeting: () => this.dataset.greeting,
      arrived: (number) => this.#arrived(number),
    }));
    const menu = (this.#menu = new Menu({
      inside: this.#frame,
      exit: () => this.#way("inside"),
      remembers: () => conversation.memory.works,
      begun: () => conversation.begun,
      save: () => saveTranscript(conversation.kept.items, this.#title),
      print: () => printTranscript(chat.log, sheet, this.#title),
      times: () => this.#frame.classList.toggle("times"),
      again: () => {
        this.#reset();
        chat.composer.focus();
      },
      forget: () => {
        this.#reset();
        this.close();
        this.#used = this.#inline;
        this.#dress();
      },
    }));
    this.#heading = h("h2");
    const panel = h(
      "div.panel",
      { role: this.#inline ? null : "dialog", keydown: (event: KeyboardEvent) => this.#key(event) },
      h(
        "header",
        {},
        h("span.sign", {}, icon(SIGN, 32)),
        this.#heading,
        this.#way(),
        menu.button,
        !this.#inline &&
          h(
            "button.tool",
            { "aria-label": say("close"), click: () => this.close() },
            icon("M5 11h14v2.500H5z"),
          ),
      ),
      menu.node,
      chat.node,
    );
    this.#frame.insertBefore(panel, this.#polite);
    chat.show();
    this.#root.addEventListener("pointerdown", (event) => {
      const path = event.composedPath();
      if (!path.includes(menu.node) && !path.includes(menu.button)) menu.close(false);
    });
    return panel;
  }

  #reset(): void {
    this.#conversation.forget();
    this.#announce(say("forgotten"));
    if (!this.#chat) return;
    this.#chat.composer.text = "";
    this.#chat.composer.busy(false);
    this.#chat.show();
  }

  #key(event: KeyboardEvent): void {
    const panel = this.#panel!;
    if (event.key === "Escape") {
      if (!this.#menu!.close(true)) this.close();
    } else if (event.key === "Tab" && panel.ariaModal) {
      const all = [
        ...panel.querySelectorAll<HTMLElement>(
          "a, button, input, select, textarea, summary, [tabindex]",
        ),
      ].filter(reachable);
      const ends = [all[0], all[all.length - 1]];
      if (event.shiftKey) ends.reverse();
      if (this.#root.activeElement !== ends[1]) return;
      event.preventDefault();
      ends[0]?.focus();
    }
  }

  #arrived(number: number): void {
    const { kept } = this.#conversation;
    if (kept.open || this.#inline) return;
    kept.unread += number;
    this.#conversation.keep();
    this.#dress();
  }

  readonly #announce = (text: string, now = false): void => {
    const node = h("p", {}, text);
    (now ? this.#urgent : this.#polite).append(node);
    setTimeout(() => node.remove(), ANNOUNCED);
  };
}
