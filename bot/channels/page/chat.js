// The chat on the page. No dependencies; every node is built with createElement and textContent.
"use strict";
(() => {
  const EXIT_TO = "https://www.bbc.co.uk/weather";
  const STORED = "waymark-session"; // the token, and nothing else, for as long as the tab is open
  const SLOW = 5000; // milliseconds until the page says that it is still waiting
  const PATIENCE = 35000; // milliseconds until it stops waiting; the server gives up before
  const SHIFT_WITHIN = 5000; // milliseconds between presses of Shift
  const LONGEST_TEXT = 1000; // characters that are read
  const LARGEST_BODY = 15000; // bytes of text that the server takes, with room for the rest
  const SETTLE = 400; // milliseconds in which a second tap cannot hit what has just appeared
  const ANNOUNCED_FOR = 1000; // milliseconds that an announcement stays in the live region
  const IN_DANGER = "If a child is in immediate danger, do not wait for me: ring 999.";
  const URGENT = new Set(["immediate_danger", "self_harm", "child_writing", "safe_message"]);

  const byId = (id) => document.getElementById(id);
  const log = byId("log");
  const composer = byId("composer");
  const text = byId("text");
  const area = byId("area");
  const again = byId("again");
  const exit = byId("exit");
  const lights = byId("exit-lights");
  const count = byId("count");

  /** A new element. `options` are attributes; `class` and `on…` too; false and null leave out. */
  function element(tag, options = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return node;
  }

  const hidden = (words) => element("span", { class: "hidden" }, words);

  // ---- Announcements: a live region of its own, so that each reply is read once ----

  function announce(words, now = false) {
    const node = element("p", {}, words);
    byId(now ? "announce-now" : "announce").append(node);
    setTimeout(() => node.remove(), ANNOUNCED_FOR);
  }

  // ---- The session ----

  const session = {
    memory: null,
    get token() {
      try {
        return sessionStorage.getItem(STORED) || this.memory;
      } catch {
        return this.memory;
      }
    },
    set token(value) {
      this.memory = value;
      try {
        if (value) sessionStorage.setItem(STORED, value);
        else sessionStorage.removeItem(STORED);
      } catch {
        // storage is blocked: the tab's memory has it
      }
    },
  };

  /** What went wrong, in words for the person. `again` says whether sending it again can help. */
  class Trouble extends Error {
    constructor(kind, words, again = true) {
      super(kind);
      this.kind = kind;
      this.words = words;
      this.again = again;
    }
  }

  const TROUBLES = {
    offline: `You seem to be offline, so I cannot answer. What you typed is still here. ${IN_DANGER}`,
    unreachable: `I cannot be reached at the moment. What you typed is still here; please try again. ${IN_DANGER}`,
    slow: `No answer has come. Please try again: your message is not counted twice. ${IN_DANGER}`,
    failed: `Something went wrong on my side, and I could not answer. Please try again. ${IN_DANGER}`,
    too_long: `That is far longer than I can read, so I have not sent it. It is still in the field: please ask in a sentence or two. ${IN_DANGER}`,
    no_session: `I could not start a conversation. Please try again, or reload the page. ${IN_DANGER}`,
  };

  const trouble = (kind, again = true) => new Trouble(kind, TROUBLES[kind], again);
  let leaving = false;
  let underway = null; // the controller of the request that is being answered

  async function post(path, body) {
    const controller = new AbortController();
    underway = controller;
    const timer = setTimeout(() => controller.abort(), PATIENCE);
    let response;
    let data;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: controller.signal,
        cache: "no-store",
        credentials: "omit",
      });
      data = await response.json();
    } catch {
      if (controller.signal.aborted) throw trouble("slow");
      if (response) throw trouble("failed");
      throw trouble(navigator.onLine === false ? "offline" : "unreachable");
    } finally {
      clearTimeout(timer);
    }
    return { status: response.status, data };
  }

  async function newSession() {
    const { status, data } = await post("/w/session", {});
    if (status !== 200 || !data.token) {
      throw new Trouble("no_session", data.text || TROUBLES.no_session);
    }
    session.token = data.token;
  }

  /** The replies to a message. A session that has ended is replaced once, without being asked. */
  async function repliesTo(message) {
    if (!session.token) await newSession();
    let renewed = false;
    for (;;) {
      const { status, data } = await post("/w/message", {
        token: session.token,
        id: message.id,
        text: message.text,
        payload: message.payload,
        area: area.value || null,
      });
      if (status === 200 && Array.isArray(data.replies)) return { replies: data.replies, renewed };
      if (status === 401 && !renewed) {
        session.token = null;
        await newSession();
        renewed = true;
        continue;
      }
      const canHelp = status !== 400 && status !== 413;
      throw new Trouble(data.error || "failed", data.text || TROUBLES.failed, canHelp);
    }
  }

  function endSession(beacon) {
    const { token } = session;
    session.token = null;
    if (!token) return;
    const body = JSON.stringify({ token });
    try {
      if (beacon && navigator.sendBeacon("/w/forget", body)) return;
      fetch("/w/forget", { method: "POST", body, keepalive: true, credentials: "omit" }).catch(
        () => {},
      );
    } catch {
      // leaving does not wait for it; the token expires by itself
    }
  }

  // ---- What is said, on the page ----

  let turn = 0;

  function citations(cites, ids) {
    if (!cites || !cites.length) return null;
    const links = cites
      .filter((cite) => ids[cite])
      .map((cite) =>
        element(
          "a",
          {
            class: "cite",
            href: `#${ids[cite]}`,
            "aria-label": `Source ${cite + 1}`,
            onclick: (event) => {
              event.preventDefault();
              showSource(ids[cite]);
            },
          },
          String(cite + 1),
        ),
      );
    return element("span", { class: "cites" }, links);
  }

  function showSource(id) {
    const item = byId(id);
    if (!item) return;
    item.closest("details").open = true;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function statements(list, ids) {
    if (!list || !list.length) return null;
    return element(
      "ul",
      { class: "points" },
      list.map((one) => {
        const marks = citations(one.cites, ids);
        return element("li", {}, one.text, marks ? " " : null, marks);
      }),
    );
  }

  /** The address of a link to a contact, or null when it is not one that may be linked. */
  function webAddress(address) {
    try {
      const url = new URL(/^https?:\/\//i.test(address) ? address : `https://${address}`);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null;
    }
  }

  function copyButton(value, name) {
    if (!navigator.clipboard || !navigator.clipboard.writeText) return null;
    const label = element("span", {}, "Copy");
    return element(
      "button",
      {
        type: "button",
        class: "copy",
        onclick: async () => {
          try {
            await navigator.clipboard.writeText(value);
            label.textContent = "Copied";
            announce("Copied");
          } catch {
            label.textContent = "Not copied";
            announce("It could not be copied. Please select it instead.");
          }
          setTimeout(() => {
            label.textContent = "Copy";
          }, 2000);
        },
      },
      label,
      hidden(` ${value}, ${name}`),
    );
  }

  function reach(href, shown, name) {
    return element(
      "p",
      { class: "reach-row" },
      href ? element("a", { class: "reach", href, rel: "noreferrer" }, shown) : shown,
      copyButton(shown, name),
    );
  }

  function contactCard(contact) {
    const rows = [];
    if (contact.number) {
      const dialled = contact.number.replace(/[^0-9+]/g, "");
      rows.push(reach(`tel:${dialled}`, contact.number, contact.name));
    }
    if (contact.email) rows.push(reach(`mailto:${contact.email}`, contact.email, contact.name));
    if (contact.web) {
      const shown = contact.web.replace(/^https?:\/\//i, "");
      rows.push(reach(webAddress(contact.web), shown, contact.name));
    }
    return element(
      "li",
      { class: contact.number === "999" ? "contact urgent" : "contact" },
      element("p", { class: "name" }, contact.name),
      contact.purpose ? element("p", { class: "purpose" }, contact.purpose) : null,
      rows,
      contact.hours ? element("p", { class: "hours" }, contact.hours) : null,
      contact.note ? element("p", { class: "note" }, contact.note) : null,
    );
  }

  function sourceLine(line, id) {
    const age = /^(.*\. )(\d+ years? old: .+)$/.exec(line);
    return element(
      "li",
      { id, tabindex: "-1" },
      age ? age[1] : line,
      age ? element("strong", { class: "age" }, age[2]) : null,
    );
  }

  /** Plain text as paragraphs, and as lists where lines begin with a bullet. */
  function plainText(words) {
    const nodes = [];
    let list = null;
    for (const line of words.split("\n")) {
      if (line.startsWith("•")) {
        if (!list) nodes.push((list = element("ul", { class: "points" })));
        list.append(element("li", {}, line.replace(/^•\s*/, "")));
      } else if (line.trim()) {
        list = null;
        nodes.push(element("p", {}, line));
      }
    }
    return nodes;
  }

  /**
   * The points around the lines that a person chooses from, and those lines themselves: they are
   * shown as what is pressed or ticked, not a second time as a list.
   */
  function aroundChoices(reply) {
    const points = reply.points || [];
    const titles = reply.checklist
      ? reply.checklist.ticks.map((tick) => tick.title)
      : (reply.choices || []).map((choice) => choice.title);
    const first = points.findIndex((point) => point.text === `1. ${titles[0]}`);
    const listed =
      first >= 0 &&
      titles.every((title, index) => points[first + index]?.text === `${index + 1}. ${title}`);
    if (!listed) return { before: points, lines: [], after: [] };
    const end = first + titles.length;
    return {
      before: points.slice(0, first),
      lines: points.slice(first, end),
      after: points.slice(end),
    };
  }

  /** A question whose lines are ticked: a state for each line, sent as one answer. */
  function checklist(list, lines, ids) {
    const name = `t${turn}`;
    const rows = list.ticks.map((tick, index) =>
      element(
        "fieldset",
        { class: "tick" },
        element(
          "legend",
          {},
          tick.title,
          lines[index] ? [" ", citations(lines[index].cites, ids)] : null,
        ),
        element(
          "div",
          { class: "states" },
          list.states.map(([value, label]) =>
            element(
              "label",
              {},
              element("input", {
                type: "radio",
                name: `${name}-${tick.id}`,
                value,
                checked: tick.state === value,
              }),
              element("span", {}, label),
            ),
          ),
        ),
      ),
    );
    const form = element(
      "form",
      {
        class: "checklist",
        onsubmit: (event) => {
          event.preventDefault();
          sendTicks(form, name, list);
        },
      },
      rows,
      element("button", { class: "choice send-ticks", type: "submit" }, "Send these answers"),
    );
    return form;
  }

  function sendTicks(form, name, list) {
    const button = form.querySelector(".send-ticks");
    if (button.getAttribute("aria-disabled") === "true") return;
    const data = new FormData(form);
    const answer = {};
    for (const tick of list.ticks) {
      const state = data.get(`${name}-${tick.id}`);
      if (state) answer[tick.id] = state;
    }
    if (!Object.keys(answer).length) {
      announce("Please choose for at least one line, or press one of the choices below.");
      return;
    }
    if (!canSend()) return;
    const said = list.states
      .map(([value, label]) => {
        const titles = list.ticks.filter((tick) => answer[tick.id] === value);
        return titles.length ? `${label}: ${titles.map((tick) => tick.title).join("; ")}` : null;
      })
      .filter(Boolean);
    button.append(hidden(", sent"));
    const entities = { question: list.question, answer: JSON.stringify(answer) };
    send({ payload: `/screening_answer${JSON.stringify(entities)}`, shown: said.join("\n") });
  }

  function wholeReply(reply, ids) {
    const sources = reply.sources || [];
    const { before, lines, after } = aroundChoices(reply);
    return [
      reply.label ? element("p", { class: "label" }, reply.label) : null,
      element("h3", { class: "headline" }, reply.headline),
      statements(before, ids),
      reply.checklist ? checklist(reply.checklist, lines, ids) : null,
      after.map((one) => element("p", { class: "hint" }, one.text)),
      reply.differs && reply.differs.length
        ? element(
            "section",
            { class: "differs" },
            element("h4", {}, "The sources differ"),
            statements(reply.differs, ids),
          )
        : null,
      reply.contacts && reply.contacts.length
        ? element("ul", { class: "contacts" }, reply.contacts.map(contactCard))
        : null,
      (reply.notes || []).map((note) =>
        element("p", { class: "since" }, element("strong", {}, "Since then"), ` ${note}`),
      ),
      reply.closing ? element("p", { class: "closing" }, reply.closing) : null,
      sources.length
        ? element(
            "details",
            { class: "sources" },
            element("summary", {}, sources.length === 1 ? "Source" : `Sources (${sources.length})`),
            element(
              "ol",
              {},
              sources.map((line, index) => sourceLine(line, ids[index])),
            ),
          )
        : null,
    ];
  }

  function choiceButtons(buttons) {
    if (!buttons || !buttons.length) return null;
    return element(
      "div",
      { class: "choices", role: "group", "aria-label": "Choices" },
      buttons.map((button) =>
        element(
          "button",
          {
            type: "button",
            class: "choice",
            onclick: (event) => choose(event.currentTarget, button),
          },
          button.title,
        ),
      ),
    );
  }

  function choose(node, button) {
    if (node.getAttribute("aria-disabled") === "true") return;
    if (!canSend()) return;
    node.classList.add("chosen");
    node.append(hidden(", chosen"));
    send({ payload: button.payload, shown: button.title });
  }

  /** Choices of earlier turns stay to be read, and can no longer be pressed. */
  function retireChoices() {
    for (const node of log.querySelectorAll(".choice:not([aria-disabled])")) {
      node.setAttribute("aria-disabled", "true");
      node.setAttribute("tabindex", "-1");
    }
    for (const node of log.querySelectorAll(".checklist input")) node.disabled = true;
    for (const node of log.querySelectorAll(".retry")) node.remove();
  }

  function showSaid(said, renewedMessage) {
    turn += 1;
    const reply = said.reply;
    const ids = ((reply && reply.sources) || []).map((_, index) => `s${turn}-${index + 1}`);
    const node = element(
      "article",
      { class: "said", "data-kind": (reply && reply.kind) || "plain" },
      hidden("Waymark: "),
      reply ? wholeReply(reply, ids) : plainText(said.text || ""),
      choiceButtons(said.buttons),
      reply && reply.kind === "safe_message" && renewedMessage ? retryButton(renewedMessage) : null,
    );
    node.classList.add("fresh");
    setTimeout(() => node.classList.remove("fresh"), SETTLE);
    log.append(node);
    return node;
  }

  function showAsked(words) {
    const node = element("p", { class: "asked" }, hidden("You: "), words);
    log.append(node);
    return node;
  }

  function showSystem(words) {
    const node = element("p", { class: "system" }, words);
    log.append(node);
    return node;
  }

  function retryButton(message) {
    return element(
      "button",
      {
        type: "button",
        class: "choice retry",
        onclick: () => {
          if (!canSend()) return;
          // the button goes, so its focus needs a place; the field would open a phone's keyboard
          log.focus({ preventScroll: true });
          send(message);
        },
      },
      "Try again",
    );
  }

  function showTrouble(problem, message) {
    const node = element(
      "article",
      { class: "said trouble", "data-kind": problem.kind },
      hidden("Waymark: "),
      element("p", {}, problem.words),
      problem.again ? element("div", { class: "choices" }, retryButton(message)) : null,
    );
    log.append(node);
    announce(problem.words, true);
    return node;
  }

  /** What a screen reader says for one message of the bot. */
  function spoken(said) {
    const parts = ["Waymark says:"];
    const reply = said.reply;
    if (reply) {
      parts.push(reply.label ? `${reply.label}: ${reply.headline}` : reply.headline);
      parts.push(...(reply.points || []).map((one) => one.text));
      if (reply.differs && reply.differs.length) {
        parts.push("The sources differ.", ...reply.differs.map((one) => one.text));
      }
      for (const contact of reply.contacts || []) {
        const address = contact.number || contact.email || contact.web || "";
        parts.push([`${contact.name}: ${address}`, contact.hours, contact.note].filter(Boolean).join(". "));
      }
      parts.push(...(reply.notes || []).map((note) => `Since then: ${note}`));
      if (reply.closing) parts.push(reply.closing);
      const sources = (reply.sources || []).length;
      if (sources) parts.push(sources === 1 ? "One source below." : `${sources} sources below.`);
    } else {
      parts.push(said.text || "");
    }
    const buttons = said.buttons || [];
    if (buttons.length) parts.push(`Choices: ${buttons.map((one) => one.title).join("; ")}.`);
    return parts
      .map((part) => (/[.?!:;]$/.test(part.trim()) ? part.trim() : `${part.trim()}.`))
      .join(" ");
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  /** Bring a node to the top of what is seen, in the log or, where that does not scroll, the page. */
  function reveal(node) {
    const behavior = calm.matches ? "auto" : "smooth";
    const inside = getComputedStyle(log).overflowY !== "visible";
    if (inside) {
      const top = node.getBoundingClientRect().top - log.getBoundingClientRect().top;
      log.scrollTo({ top: log.scrollTop + top - 14, behavior });
    } else {
      const head = document.querySelector("header.site").offsetHeight;
      window.scrollTo({ top: node.getBoundingClientRect().top + scrollY - head - 14, behavior });
    }
  }

  // ---- Sending ----

  let pending = false;
  let failed = null; // the message that got no answer: sending the same again is a retry
  let asked = false; // whether this conversation has had a message from the person

  const newId = () => {
    const random = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(random, (one) => one.toString(16).padStart(2, "0")).join("");
  };

  function canSend() {
    if (leaving) return false;
    if (pending) announce("I am still answering your last message.");
    return !pending;
  }

  function typing() {
    const words = element("span", { class: "typing-words" }, hidden("Waymark is answering"));
    const node = element(
      "div",
      { class: "typing" },
      element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i")),
      words,
    );
    const timer = setTimeout(() => {
      words.textContent = `Still looking. ${IN_DANGER}`;
      announce(words.textContent);
    }, SLOW);
    log.append(node);
    return () => {
      clearTimeout(timer);
      node.remove();
    };
  }

  function busy(is) {
    pending = is;
    composer.classList.toggle("busy", is);
    composer.querySelector(".send").setAttribute("aria-disabled", String(is));
  }

  /**
   * Send a message: `text` or `payload`, `shown` as the person's words, `quiet` when the page
   * itself asks. The same message again keeps its `id`, so it is never counted twice.
   */
  async function send(message) {
    const sent = { ...message, id: message.id || newId() };
    busy(true);
    retireChoices();
    failed = null;
    if (sent.trouble) sent.trouble.remove();
    if (!sent.quiet) asked = true;
    if (!sent.bubble && sent.shown) sent.bubble = showAsked(sent.shown);
    const stop = typing();
    reveal(sent.bubble || log.lastElementChild);
    const asksWords = sent.text !== undefined;
    try {
      const { replies, renewed } = await repliesTo(sent);
      if (leaving) return;
      stop();
      if (renewed) {
        const words = "Your earlier conversation had ended, so this is a new one.";
        showSystem(words);
        announce(words);
      }
      if (asksWords && text.value.trim() === sent.text) clearField();
      // a safe message was an answer; trying again is a new message
      const fresh = { ...sent, id: undefined };
      const shown = replies.map((said) => showSaid(said, fresh));
      followArea(replies, sent.payload);
      const urgent = replies.some((said) => said.reply && URGENT.has(said.reply.kind));
      announce(replies.map(spoken).join(" "), urgent);
      // a long message of one's own would push its answer out of sight
      const short = sent.bubble && sent.bubble.offsetHeight < 110;
      reveal((short && sent.bubble) || shown[0] || log.lastElementChild);
    } catch (error) {
      if (leaving) return;
      stop();
      const problem = error instanceof Trouble ? error : trouble("failed");
      failed = sent;
      if (asksWords && !text.value.trim()) {
        text.value = sent.text;
        fit();
      }
      sent.trouble = showTrouble(problem, sent);
      reveal(sent.trouble);
    } finally {
      stop();
      busy(false);
    }
  }

  function clearField() {
    text.value = "";
    fit();
  }

  function fit() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
    const length = text.value.length;
    const over = length - LONGEST_TEXT;
    count.hidden = length < LONGEST_TEXT - 100;
    count.textContent =
      over > 0
        ? `${over} ${over === 1 ? "character" : "characters"} too many: I read up to 1,000.`
        : `${-over} characters left.`;
    count.classList.toggle("over", over > 0);
  }

  function submit() {
    const words = text.value.trim();
    if (!words) {
      announce("Please type a question first.");
      return;
    }
    if (!canSend()) return;
    if (new TextEncoder().encode(words).length > LARGEST_BODY) {
      reveal(showTrouble(trouble("too_long", false), {}));
      return;
    }
    const repeated = failed && failed.text === words ? failed : null;
    if (repeated) {
      clearField();
      send(repeated);
      return;
    }
    clearField();
    send({ text: words, shown: words });
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  text.addEventListener("input", fit);
  log.addEventListener("keydown", (event) => {
    if (event.key === "Escape") text.focus();
  });

  // ---- The area ----

  let currentArea = area.value; // the area that the conversation answers for, as far as known
  let byKeys = false;

  const areaName = (value) =>
    [...area.options].find((option) => option.value === value)?.textContent || "";

  /** The select follows the conversation when the person names an area in it. */
  function followArea(replies, payload) {
    const named = new Set(replies.map((said) => said.reply && said.reply.area).filter(Boolean));
    const answered = /"question": ?"area", ?"answer": ?"([a-z_]+)"/.exec(payload || "");
    if (answered && !named.size) named.add(answered[1]);
    if (named.size === 1) {
      const [only] = named;
      if (areaName(only)) area.value = only;
    }
    currentArea = area.value;
    // an area can be changed in a conversation, but not unset: that takes a new one
    area.options[0].disabled = asked && currentArea !== "";
  }

  /** Let a chosen area count. Once something was asked, the last question is answered for it. */
  function commitArea() {
    byKeys = false;
    if (area.value === currentArea) return;
    if (asked && pending) {
      area.value = currentArea;
      announce("I am still answering your last message. Please choose the area after that.");
      return;
    }
    currentArea = area.value;
    if (!asked) {
      announce(currentArea ? `Area: ${areaName(currentArea)}.` : "Area: not set.");
      return;
    }
    send({
      payload: `/in_area${JSON.stringify({ area: currentArea })}`,
      shown: areaName(currentArea),
    });
  }

  area.addEventListener("keydown", (event) => {
    // arrows change a closed select at each press: wait until the person has chosen
    if (event.key === "Enter") setTimeout(commitArea);
    else if (event.key !== "Tab" && event.key !== "Shift") byKeys = true;
  });
  area.addEventListener("pointerdown", () => {
    byKeys = false;
  });
  area.addEventListener("change", () => {
    if (!byKeys) commitArea();
  });
  area.addEventListener("blur", commitArea);

  // ---- Starting, and starting again ----

  function greet() {
    send({ payload: "/greet", quiet: true });
  }

  function startAgain() {
    endSession(false);
    log.replaceChildren();
    clearField();
    failed = null;
    asked = false;
    currentArea = area.value;
    area.options[0].disabled = false;
    announce("The conversation is forgotten.");
    greet();
  }

  const dialog = byId("again-dialog");
  again.addEventListener("click", () => {
    if (!canSend()) return;
    if (!asked) {
      startAgain();
      return;
    }
    dialog.returnValue = "no";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") startAgain();
  });

  // ---- Leaving quickly ----

  function leave() {
    leaving = true;
    document.documentElement.classList.add("gone");
    document.title = "Weather";
    if (underway) underway.abort();
    endSession(true);
    text.value = "";
    document.body.replaceChildren();
    location.replace(EXIT_TO);
  }

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = 0;
  let shiftHeld = false; // Shift was down at the last key: it made a capital, and does not count
  let shiftTimer = 0;

  function showPresses(number) {
    presses = number;
    lights.hidden = number === 0;
    [...lights.children].forEach((light, index) => light.classList.toggle("on", index < number));
  }

  function stopCounting(expired) {
    clearTimeout(shiftTimer);
    if (presses && expired) announce("Exit this page expired.", true);
    showPresses(0);
  }

  document.addEventListener(
    "keyup",
    (event) => {
      if (leaving) return;
      if (event.key === "Shift" && !shiftHeld) {
        showPresses(presses + 1);
        clearTimeout(shiftTimer);
        if (presses >= 3) {
          announce("Exiting page.", true);
          leave();
          return;
        }
        const left = 3 - presses;
        announce(`Shift, press ${left} more ${left === 1 ? "time" : "times"} to exit.`, true);
        shiftTimer = setTimeout(() => stopCounting(true), SHIFT_WITHIN);
      } else if (presses && event.key !== "Shift") {
        stopCounting(false);
      }
      shiftHeld = event.shiftKey;
    },
    true,
  );

  window.addEventListener("pageshow", (event) => {
    // back from the browser's memory after leaving: nothing of the conversation may show
    if (event.persisted && leaving) location.reload();
  });

  // ---- Printing: the sources are part of what is printed ----

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  document.documentElement.classList.add("ready");
  fit();
  if (session.token) {
    asked = true;
    showSystem(
      "You are still in the conversation that you began in this tab. What was said before is not kept on the page. Ask on, or start again.",
    );
  } else {
    greet();
  }
})();
