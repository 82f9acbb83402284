// What is carried over between the pages of one site, for as long as the tab is open.

import type { Item, Message } from "./types";

const KEY = "waymark";
/** Lines of a conversation that are kept. */
const MOST = 200;

export interface Kept {
  token: string | null;
  /** the number of the guide's last message, where the server counts */
  seq: number;
  items: Item[];
  /** the message that waits for its answer, and how many replies to it are shown */
  pending: (Message & { heard: number }) | null;
  area: string;
  open: boolean;
  unread: number;
}

export const empty = (): Kept => ({
  token: null,
  seq: 0,
  items: [],
  pending: null,
  area: "",
  open: false,
  unread: 0,
});

export class Memory {
  /** Whether the browser lets this site keep anything. */
  works: boolean;

  constructor(readonly wanted: boolean) {
    this.works = wanted;
  }

  /** What an earlier page of this tab kept, or null. */
  read(): Kept | null {
    try {
      const text = sessionStorage.getItem(KEY);
      const kept = text && this.wanted ? JSON.parse(text) : null;
      return kept && Array.isArray(kept.items) ? { ...empty(), ...kept } : null;
    } catch {
      this.works = false;
      return null;
    }
  }

  write(kept: Kept): void {
    if (!this.wanted) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...kept, items: kept.items.slice(-MOST) }));
      this.works = true;
    } catch {
      // blocked or full: the page's own memory has it
      this.works = false;
    }
  }

  clear(): void {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // blocked: nothing was kept
    }
  }
}
