// What a screen reader says for a message of the guide, and the same as text to keep.

import type { Said } from "./types";
import { count, say } from "./words";

/** One message as it is announced: everything but the sources' words, which are below. */
export function spoken({ text, buttons = [], reply }: Said, title: string): string {
  const parts: string[] = [say("says", { title })];
  if (reply) {
    parts.push(reply.label ? `${reply.label}: ${reply.headline}` : reply.headline);
    for (const one of reply.points || []) parts.push(one.text);
    if (reply.differs?.length) parts.push(say("differs"), ...reply.differs.map((one) => one.text));
    for (const { name, number, email, web, hours, note } of reply.contacts || []) {
      parts.push(
        [`${name}: ${number || email || web || ""}`, hours, note].filter(Boolean).join(". "),
      );
    }
    for (const note of reply.notes || []) parts.push(`${say("since")}: ${note}`);
    if (reply.closing) parts.push(reply.closing);
    const sources = reply.sources?.length;
    if (sources) parts.push(count("sources_spoken", sources));
  } else parts.push(text);
  if (buttons.length) {
    parts.push(say("choices_spoken", { choices: buttons.map((one) => one.title).join("; ") }));
  }
  return parts
    .map((part) => part.trim())
    .map((part) => (/[.?!:;]$/.test(part) ? part : `${part}.`))
    .join(" ");
}
