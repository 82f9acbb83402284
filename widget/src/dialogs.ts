// Questions and notices that take the whole page's attention.

import { h } from "./dom";

/**
 * Show a dialog with a button that closes it and, where there is something to agree to, one that
 * does so. The way out stays in sight. It is gone from the page once it is closed.
 */
export function ask(
  inside: Node,
  exit: HTMLElement,
  title: string,
  text: string[],
  no: string,
  yes?: string,
  act?: () => void,
): void {
  const dialog: HTMLDialogElement = h(
    "dialog",
    {
      "aria-labelledby": "w-dialog",
      close: () => {
        dialog.remove();
        if (dialog.returnValue) act!();
      },
      // Escape closes the dialog, and not the panel behind it
      keydown: (event: Event) => event.stopPropagation(),
    },
    exit,
    h("h2", { id: "w-dialog" }, title),
    text.map((one) => h("p", {}, one)),
    h(
      "div.choices",
      {},
      yes && h("button.choice.strong", { click: () => dialog.close("yes") }, yes),
      h("button.choice", { click: () => dialog.close() }, no),
    ),
  );
  inside.appendChild(dialog);
  dialog.showModal();
}
