// What the server says, as the web channel documents it. See docs/widget.md.

export interface Button {
  title: string;
  payload: string;
}

export interface Statement {
  text: string;
  cites?: number[];
}

export interface Contact {
  id?: string;
  name: string;
  purpose?: string | null;
  number?: string | null;
  email?: string | null;
  web?: string | null;
  hours?: string | null;
  note?: string | null;
}

export interface Tick {
  id: string;
  title: string;
  state?: string | null;
}

export interface Checklist {
  question: string;
  ticks: Tick[];
  states: [value: string, label: string][];
}

export interface Download {
  kind: string;
  title: string;
}

export interface Reply {
  kind: string;
  headline: string;
  points?: Statement[];
  differs?: Statement[];
  contacts?: Contact[];
  notes?: string[];
  sources?: string[];
  choices?: Button[];
  area?: string | null;
  label?: string | null;
  closing?: string | null;
  checklist?: Checklist | null;
  downloads?: Download[];
}

/** One message of the guide: plain text, its buttons, and the whole reply. */
export interface Said {
  text: string;
  buttons?: Button[];
  reply?: Reply | null;
}

/** A message of the person: typed `text`, or a button's `payload`; `shown` are their words. */
export interface Message {
  id: string;
  text?: string;
  payload?: string;
  shown: string;
}

/**
 * A line of the conversation, as it is kept between pages: the person's `words` (and `payload`
 * where they pressed something), what the guide `said`, or a note in `words`.
 */
export interface Item {
  who: "you" | "guide" | "note";
  id: string;
  at: number;
  words: string;
  payload?: string;
  said?: Said;
  /** it got no answer, and is not waiting for one any more */
  unsent?: boolean;
}

/** An area with the ids of its contacts, for errors that happen before any answer. */
export interface Area {
  id: string;
  name: string;
  contacts: string[];
}
