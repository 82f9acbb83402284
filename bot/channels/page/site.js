// The demonstration pages: their buttons speak to the widget. Without it, the plain links work.
"use strict";
(() => {
  const widget = () => document.querySelector("waymark-chat");
  const ask = document.querySelector(".ask-guide");

  document.querySelector(".exit").addEventListener("click", (event) => {
    const found = widget();
    if (!found || !found.leave) return;
    event.preventDefault();
    found.leave();
  });

  if (ask) {
    ask.hidden = false;
    ask.addEventListener("click", () => {
      const found = widget();
      if (found && found.open) found.open();
      else location.assign("/chat");
    });
  }
})();
