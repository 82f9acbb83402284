// What the widget itself says. English is in the script; other languages are one file each.

import english from "../strings/en.json";

export type Words = typeof english;
type Plain = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words];
type Counted = { [K in Plain]: K extends `${infer S}_many` ? S : never }[Plain];

export let words: Words = english;

/**
 * Learn the language that an element asks for: a file of the guide for its `lang`, or one of its
 * own address in `strings`. What the file leaves out, or all when it cannot be had, is English.
 */
export async function learn(server: string, { lang = "", strings }: DOMStringMap): Promise<void> {
  const known = /^[a-z]{2,3}(-\w+)*$/.test(lang) && !lang.startsWith("en");
  const address = strings || (known && `${server}/widget/${lang}.json`);
  if (!address) return;
  try {
    const answer = await fetch(address, { credentials: "omit" });
    const given: Partial<Words> = await answer.json();
    words = { ...english, ...given, errors: { ...english.errors, ...given.errors } };
  } catch {
    // the guide is more use in English than not at all
  }
}

/** A sentence with its `{places}` filled. */
export function say(key: Plain, places: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** A sentence for a number of things. */
export function count(key: Counted, number: number): string {
  return say(`${key}_${number === 1 ? "one" : "many"}` as Plain, { count: number });
}
