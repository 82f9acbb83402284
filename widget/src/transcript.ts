// The conversation to keep: as a text file, and on paper.

import { h, save } from "./dom";
import type { Item } from "./types";
import { say, words } from "./words";

export const clock = (at: number): string =>
  new Date(at).toLocaleTimeString(words.lang, { hour: "2-digit", minute: "2-digit" });

export function saveTranscript(items: Item[], title: string): void {
  const lines = items.map((item) => {
    if (item.who === "note") return `(${item.words})`;
    return `${item.who === "you" ? say("you") : title}, ${clock(item.at)}\n${item.words}`;
  });
  const head = `${say("file_title", { title })}, ${new Date().toLocaleString(words.lang)}`;
  const text = [head, ...lines, say("file_end", { title })].join("\n\n").replace(/\n/g, "\r\n");
  // the mark at the start tells older editors that this is UTF-8
  save(say("file"), new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
}

/**
 * Print the conversation alone, on a page of any look: a copy of the log takes the page's place
 * for as long as it is printed.
 */
export function printTranscript(
  log: HTMLElement,
  sheet: CSSStyleSheet | null,
  title: string,
): void {
  const paper = h("waymark-paper" as "div", {});
  const root = paper.attachShadow({ mode: "open" });
  const copy = log.cloneNode(true) as HTMLElement;
  for (const details of copy.querySelectorAll("details")) details.open = true;
  if (sheet) root.adoptedStyleSheets = [sheet];
  root.append(
    h(
      "div.w.paper",
      { dir: log.closest("[dir]")?.getAttribute("dir") },
      h("h1", {}, `${say("file_title", { title })}, ${new Date().toLocaleString(words.lang)}`),
      copy,
      h("p", {}, say("file_end", { title })),
    ),
  );
  const only = new CSSStyleSheet();
  only.replaceSync(
    "waymark-paper{display:none}@media print{body>*{display:none!important}body>waymark-paper{display:block!important}}",
  );
  const before = document.adoptedStyleSheets;
  document.adoptedStyleSheets = [...before, only];
  document.body.append(paper);
  const tidy = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== only);
    paper.remove();
  };
  addEventListener("afterprint", tidy, { once: true });
  print();
}
