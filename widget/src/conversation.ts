// The conversation: what was said, what waits for an answer, and how it comes through drops.

import { Channel } from "./channel";
import { empty, Memory, type Kept } from "./memory";
import { Trouble } from "./trouble";
import type { Item, Message, Said } from "./types";
import { say } from "./words";

/** Pauses before a dropped message is sent again unasked, in milliseconds. */
const QUICKLY = [250, 1_000];
/** The same once the person has been told. */
const PATIENTLY = [3_000, 6_000, 12_000, 25_000, 60_000];
/** Milliseconds hidden or asleep after which a connection is not trusted any more. */
const ASLEEP = 8_000;

/** What the view is told. */
export interface View {
  added(item: Item): void;
  waiting(patient: boolean): void;
  answered(items: Item[]): void;
  troubled(trouble: Trouble): void;
}

export class Conversation {
  readonly #view: View;
  kept: Kept;
  busy = false;
  trouble: Trouble | null = null;
  /** changes when the conversation is forgotten: what comes later is not of this one */
  #turn = 0;
  #again = 0;
  #patience = 0;
  #heardAt = 0;
  #hiddenAt = 0;

  constructor(
    readonly channel: Channel,
    readonly memory: Memory,
    view: View,
  ) {
    this.#view = view;
    this.kept = memory.read() || empty();
    const wake = (): void => this.#wake();
    addEventListener("online", wake);
    addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#wake();
      else this.#hiddenAt = Date.now();
    });
  }

  /** The last that the person said. */
  get asked(): Item | undefined {
    return this.kept.items.filter(({ who }) => who === "you").pop();
  }

  /** Whether anything was said, or waits. */
  get begun(): boolean {
    return this.kept.items.length > 0;
  }

  keep(): void {
    if (this.begun || this.kept.token) this.memory.write(this.kept);
  }

  note(words: string): void {
    this.#add({ who: "note", id: "", at: Date.now(), words });
  }

  /** Send a message of the person; `text` or `payload`. One that failed before is left behind. */
  send(message: Omit<Message, "id">): Promise<void> {
    const { kept } = this;
    this.#leave(kept.pending?.id);
    const id = newId();
    kept.pending = { ...message, id, heard: 0 };
    const { shown, payload } = message;
    this.#add({ who: "you", id, at: Date.now(), words: shown, payload });
    return this.#answer(false);
  }

  /** Send what waits for an answer once more; with the same id it is never counted twice. */
  retry(): Promise<void> {
    return this.kept.pending ? this.#answer(false) : Promise.resolve();
  }

  /** Go on after a page change: get what was answered meanwhile, and what still waits. */
  async resume(): Promise<void> {
    if (this.kept.pending) return this.#answer(false);
    await this.#replay();
  }

  /** Erase the conversation here and at the guide. */
  forget(): void {
    this.#turn += 1;
    this.busy = false;
    this.trouble = null;
    clearTimeout(this.#again);
    const { token, area, open } = this.kept;
    this.kept = { ...empty(), area, open };
    this.memory.clear();
    if (token) this.channel.forget(token);
    else this.channel.stop();
  }

  #add(item: Item): void {
    this.kept.items.push(item);
    this.keep();
    this.#view.added(item);
  }

  async #answer(unasked: boolean): Promise<void> {
    const { kept } = this;
    const pending = kept.pending;
    if (!pending || this.busy) return;
    const turn = this.#turn;
    const gone = (): boolean => turn !== this.#turn;
    clearTimeout(this.#again);
    this.busy = true;
    if (!unasked) {
      this.trouble = null;
      this.#patience = 0;
    }
    this.#view.waiting(unasked);
    const fresh: Item[] = [];
    let renewed = false;
    try {
      for (let tries = 0; ;) {
        let heard = 0;
        try {
          if (!kept.token) {
            kept.token = await this.channel.session();
            kept.seq = 0;
            if (gone()) return this.channel.forget(kept.token);
            this.keep();
          }
          const where = { area: kept.area || null, after: kept.seq };
          await this.channel.message(kept.token, pending, where, (said, seq) => {
            this.#heardAt = Date.now();
            heard += 1;
            // what was heard before the line dropped is shown already
            if (gone() || heard <= pending.heard) return;
            pending.heard = heard;
            fresh.push(this.#hear(pending.id, said, seq));
          });
          break;
        } catch (error) {
          if (gone()) return;
          const trouble = error instanceof Trouble ? error : new Trouble("failed");
          if (trouble.kind === "session_ended" && !renewed) {
            renewed = true;
            kept.token = null;
            this.note(say("renewed"));
          } else if (trouble.kind === "unreachable" && tries < QUICKLY.length) {
            await pause(QUICKLY[tries++]!);
            if (gone()) return;
          } else throw trouble;
        }
      }
      if (gone()) return;
      kept.pending = null;
      this.trouble = null;
      this.busy = false;
      this.keep();
      this.#view.answered(fresh);
    } catch (error) {
      if (gone()) return;
      const trouble = error as Trouble;
      this.trouble = trouble;
      this.busy = false;
      if (trouble.passing) {
        const wait = PATIENTLY[Math.min(this.#patience++, PATIENTLY.length - 1)]!;
        this.#again = window.setTimeout(
          () => void this.#answer(true),
          Math.max(wait, trouble.wait * 1_000),
        );
      } else {
        kept.pending = null;
        this.#leave(pending.id);
      }
      this.keep();
      this.#view.troubled(trouble);
    }
  }

  /** A message is not sent any more. */
  #leave(id?: string): void {
    for (const item of this.kept.items)
      if (item.who === "you" && item.id === id) item.unsent = true;
  }

  #hear(id: string, said: Said, seq?: number): Item {
    const item: Item = { who: "guide", id, at: Date.now(), words: said.text, said };
    if (seq) this.kept.seq = Math.max(seq, this.kept.seq);
    this.#add(item);
    return item;
  }

  /** Fetch what was answered and never arrived. A failure here changes nothing. */
  async #replay(): Promise<void> {
    const { kept } = this;
    const turn = this.#turn;
    if (!kept.token || !kept.seq) return;
    try {
      const missed = await this.channel.missed(kept.token, kept.seq);
      if (turn !== this.#turn || this.busy) return;
      const late = missed.filter((one) => one.seq > kept.seq);
      const items = late.map((one) => this.#hear(one.id, one.reply, one.seq));
      if (items.length) this.#view.answered(items);
    } catch {
      // the next message says what is wrong
    }
  }

  /** The page is seen or connected again: do not wait for a timer, nor for a dead connection. */
  #wake(): void {
    const slept = this.#hiddenAt && Date.now() - this.#hiddenAt > ASLEEP;
    if (this.busy) {
      if (slept && Date.now() - this.#heardAt > ASLEEP) this.channel.stop();
    } else if (this.trouble?.passing) void this.#answer(true);
    else if (slept && this.begun) void this.#replay();
    this.#hiddenAt = 0;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, (one) => one.toString(16).padStart(2, "0")).join("");
}
