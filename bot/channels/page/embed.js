// The snippet builder: what is chosen shows at once, as the line and as a page with it.
"use strict";
(() => {
  const WAIT = 250; // milliseconds after the last change
  const builder = document.getElementById("builder");
  const line = document.getElementById("line");
  const preview = document.getElementById("preview");
  const copy = document.getElementById("copy");
  const copied = document.getElementById("copied");
  let timer = 0;
  let asked = 0;

  async function show() {
    const query = new URLSearchParams(new FormData(builder)).toString();
    const mine = ++asked;
    try {
      const answer = await fetch(`/embed/line?${query}`, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const words = await answer.text();
      if (mine !== asked) return;
      line.textContent = words;
      copied.textContent = "";
      preview.contentWindow.location.replace(`/embed/preview?${query}`);
      history.replaceState(null, "", `/embed?${query}`);
    } catch {
      if (mine === asked) copied.textContent = "The line could not be renewed. Please try again.";
    }
  }

  builder.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  builder.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });

  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line.textContent);
      copied.textContent = "Copied. Paste it into your page.";
    } catch {
      getSelection().selectAllChildren(line);
      copied.textContent = "It could not be copied for you. It is selected: copy it with your keyboard.";
    }
  });
})();
