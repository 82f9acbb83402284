// The areas and their numbers. The server fills them in when it sends the script, so that an error
// can name them even when nothing else can be reached.

import type { Area, Contact } from "./types";

interface Directory {
  areas: Area[];
  contacts: Record<string, Contact>;
  /** shown with every error, and besides where no area's number is known */
  always: string[];
  elsewhere: string[];
}

/** The server puts the directory where this text is. */
const filled: unknown = "@@waymark@@";

const unfilled: Directory = {
  areas: [],
  contacts: { emergency: { name: "Emergency services", number: "999" } },
  always: ["emergency"],
  elsewhere: [],
};

export const directory = typeof filled === "string" ? unfilled : (filled as Directory);

export const areaOf = (id: string): Area | undefined =>
  directory.areas.find((one) => one.id === id);

/** The same in one line, for notes and screen readers. */
export const numbersLine = (id: string): string =>
  numbersFor(id)
    .map(({ name, number }) => `${name}: ${number}.`)
    .join(" ");

/** Whom to ring when the guide cannot answer: 999, and the area's numbers or the national ones. */
export function numbersFor(id: string): Contact[] {
  const own = areaOf(id)?.contacts || [];
  const names = new Set([...directory.always, ...(own.length ? own : directory.elsewhere)]);
  return [...names].map((name) => directory.contacts[name]).filter((one): one is Contact => !!one);
}
