// What can go wrong between the page and the guide, each with its own sentence.

import { words } from "./words";

export type Kind = keyof typeof words.errors;

/**
 * A message that got no answer. `wait` is in seconds, where the server named a time; `told` is the
 * server's own sentence, where it is for the person.
 */
export class Trouble extends Error {
  constructor(
    readonly kind: Kind,
    readonly wait = 0,
    readonly told = "",
  ) {
    super(kind);
  }

  /** The sentence for the person. */
  get words(): string {
    return words.errors[this.kind];
  }

  /** Whether sending the same again can help. */
  get passing(): boolean {
    return !["too_large", "not_understood", "origin"].includes(this.kind);
  }
}

/** The trouble that a refusal of the server stands for. */
export function refused(status: number, error: unknown, wait = 0, message?: unknown): Trouble {
  if (error === "session_ended" || status === 401) return new Trouble("session_ended");
  if (error === "no_document") return new Trouble("document", 0, String(message));
  if (error === "origin" || status === 403) return new Trouble("origin");
  if (status === 413) return new Trouble("too_large");
  if (status === 429 || error === "busy") return new Trouble("too_many", wait || 5);
  if (error === "too_slow" || status === 504 || status === 408) return new Trouble("slow", wait);
  if (status === 502 || status === 503) return new Trouble("restarting", wait);
  if (status === 400) return new Trouble("not_understood");
  return new Trouble("failed");
}
