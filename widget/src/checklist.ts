// A question whose lines are ticked: a state for each line, sent as one answer.

import { h } from "./dom";
import type { Checklist, Statement } from "./types";
import { say } from "./words";

let made = 0;

/**
 * The list as a form. `cited` gives the source marks of a line. `send` takes the payload and the
 * person's words, and says whether it went.
 */
export function checklist(
  list: Checklist,
  cited: (index: number) => HTMLElement | null,
  send: (payload: string, shown: string) => boolean,
  warn: (words: string) => void,
): HTMLElement {
  const form = `ticks${(made += 1)}`;
  const inputs: HTMLInputElement[] = [];
  const all = list.ticks.length;
  const bar = h("progress", { max: all, value: 0, "aria-hidden": "true" });
  const progress = h("p.progress", {});
  const button = h("button", { type: "submit", class: "choice strong" }, say("send_ticks"));

  /** The lines that have a state, and the state of each. */
  const answers = (): Map<string, string> =>
    new Map(
      inputs
        .filter((one) => one.checked)
        .map((one) => [list.ticks[Number(one.dataset.line)]!.id, one.value]),
    );
  const show = (): void => {
    const done = answers().size;
    bar.value = done;
    progress.textContent = say("ticked", { count: done, all });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    const given = answers();
    if (!given.size) {
      progress.textContent = say("tick_first");
      warn(say("tick_first"));
      return;
    }
    const shown = list.states
      .map(([value, label]) => {
        const titles = list.ticks.filter(({ id }) => given.get(id) === value);
        return titles.length ? `${label}: ${titles.map(({ title }) => title).join("; ")}` : null;
      })
      .filter(Boolean);
    // an object without a prototype: a line may have any id
    const answer = Object.assign(Object.create(null), Object.fromEntries(given));
    const entities = { question: list.question, answer: JSON.stringify(answer) };
    if (send(`/screening_answer${JSON.stringify(entities)}`, shown.join("\n"))) {
      // kept with the reply, so that another page shows what was ticked
      for (const tick of list.ticks) tick.state = given.get(tick.id) || null;
    }
  };

  const rows = list.ticks.map((tick, line) =>
    h(
      "fieldset.tick",
      {},
      h("legend", {}, tick.title, cited(line)),
      h(
        "div.states",
        {},
        list.states.map(([value, label]) => {
          const checked = tick.state === value;
          const input = h("input", {
            type: "radio",
            name: `${form}-${line}`,
            value,
            "data-line": line,
            checked,
          });
          inputs.push(input);
          return h("label", {}, input, h("span", {}, label));
        }),
      ),
    ),
  );
  const node = h(
    "form.checklist",
    { change: show, submit },
    rows,
    h("div.ticked", {}, bar, progress),
    button,
  );
  show();
  return node;
}

/**
 * The points around the lines that a person chooses from, and those lines themselves: they are
 * shown as what is pressed or ticked, not a second time as a list.
 */
export function aroundLines(
  points: Statement[],
  titles: string[],
): { before: Statement[]; lines: Statement[]; after: Statement[] } {
  const first = titles.length ? points.findIndex(({ text }) => text === `1. ${titles[0]}`) : -1;
  const listed =
    first >= 0 &&
    titles.every((title, line) => points[first + line]?.text === `${line + 1}. ${title}`);
  if (!listed) return { before: points, lines: [], after: [] };
  const end = first + titles.length;
  return {
    before: points.slice(0, first),
    lines: points.slice(first, end),
    after: points.slice(end),
  };
}
