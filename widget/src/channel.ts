// The web channel: small POSTs, no cookies, the token in the body.

import { refused, Trouble } from "./trouble";
import type { Message, Said } from "./types";

/** Milliseconds without an answer until it is given up; the server gives up before. */
const PATIENCE = 35_000;
/** Milliseconds without a sign of life in a stream, which has one every few seconds. */
const SILENCE = 15_000;

export interface Missed {
  seq: number;
  id: string;
  reply: Said;
}

export class Channel {
  readonly #base: string;
  readonly #underway = new Set<AbortController>();

  /** `base` is the address that the script came from, without a slash at the end. */
  constructor(base: string) {
    this.#base = base;
  }

  /** A new conversation's token. */
  async session(): Promise<string> {
    const { token } = await this.#json("session", {});
    if (typeof token !== "string") throw new Trouble("failed");
    return token;
  }

  /**
   * Send a message. `hear` is called with each reply at the moment it is here, with its number in
   * the conversation where the server counts. Returns when the answer is complete; throws Trouble.
   */
  async message(
    token: string,
    { id, text, payload }: Message,
    { area, after }: { area: string | null; after: number },
    hear: (said: Said, seq?: number) => void,
  ): Promise<void> {
    await this.#post(
      "message",
      { token, id, text, payload, area, after },
      async (response, alive) => {
        if (!/ndjson/.test(response.headers.get("content-type") || "")) {
          const { replies } = await response.json();
          if (!Array.isArray(replies)) throw new Trouble("failed");
          replies.forEach((said: Said) => hear(said));
          return;
        }
        let complete = false;
        for await (const line of lines(response, () => alive(SILENCE))) {
          if (line.type === "reply") hear(line.reply, line.seq);
          else if (line.type === "error") throw refused(200, line.error, line.retry_after);
          else if (line.type === "done") complete = true;
        }
        // a stream that breaks off was dropped on the way
        if (!complete) throw new Trouble("unreachable");
      },
    );
  }

  /** What the guide said after message number `after`, as far as the server remembers. */
  async missed(token: string, after: number): Promise<Missed[]> {
    const { messages } = await this.#json("replay", { token, after });
    return Array.isArray(messages) ? messages : [];
  }

  /** A file of the conversation, with the name to save it under. */
  async document(
    token: string,
    kind: string,
    area: string,
  ): Promise<{ name: string; content: Blob }> {
    return this.#post("document", { token, kind, area }, async (response) => {
      const named = /filename="?([\w.-]+)/.exec(response.headers.get("content-disposition") || "");
      const ending = { word: "docx", calendar: "ics", text: "txt" }[kind] || "pdf";
      return { name: named?.[1] || `waymark.${ending}`, content: await response.blob() };
    });
  }

  /** Erase the conversation at the guide. Does not wait: it outlives the page. */
  forget(token: string): void {
    this.stop();
    fetch(`${this.#base}/w/forget`, {
      method: "POST",
      body: JSON.stringify({ token }),
      keepalive: true,
      credentials: "omit",
    }).catch(() => undefined);
  }

  /** Give up what is under way, for example a connection that slept. */
  stop(): void {
    for (const one of this.#underway) one.abort();
  }

  #json(path: string, body: object): Promise<any> {
    return this.#post(path, body, (response) => response.json());
  }

  async #post<T>(
    path: string,
    body: object,
    read: (response: Response, alive: (patience: number) => void) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    let late = false;
    let timer = 0;
    const alive = (patience: number): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        late = true;
        controller.abort();
      }, patience);
    };
    alive(PATIENCE);
    this.#underway.add(controller);
    try {
      const response = await fetch(`${this.#base}/w/${path}`, {
        method: "POST",
        // plain text: a simple request, which needs no preflight
        headers: { "Content-Type": "text/plain", Accept: "application/x-ndjson, application/json" },
        body: JSON.stringify(body),
        signal: controller.signal,
        cache: "no-store",
        credentials: "omit",
      });
      if (!response.ok) {
        const { error, message } = await response.json().catch(() => ({}));
        throw refused(response.status, error, Number(response.headers.get("retry-after")), message);
      }
      return await read(response, alive);
    } catch (error) {
      if (error instanceof Trouble) throw error;
      if (late) throw new Trouble("slow");
      if (error instanceof SyntaxError) throw new Trouble("failed");
      throw new Trouble(navigator.onLine === false ? "offline" : "unreachable");
    } finally {
      clearTimeout(timer);
      this.#underway.delete(controller);
    }
  }
}

/** The JSON lines of a streamed answer. A last line that was cut off is left out. */
async function* lines(response: Response, alive: () => void): AsyncGenerator<any> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    alive();
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = parts.pop() || "";
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
  }
}
