"use strict";
// Answers questions, lights tiles, runs the quiz, and opens what an address names.
// Without this script every claim is still there and opens by hand.
(() => {
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (name, props = {}, ...children) => {
    const made = Object.assign(document.createElement(name), props);
    made.append(...children);
    return made;
  };
  const root = document.documentElement;
  const index = JSON.parse(find("#index").textContent);
  const anchors = index.anchors;

  // Searching: the same steps as ablations/asking.py, on the same points.
  const stop = new Set(index.stop);
  const points = new Map(Object.entries(index.points));
  const synonyms = new Map(Object.entries(index.synonyms));

  function cut(given) {
    let word = given.replace(/is(?=(?:ations?|e|ed|ing|ers?)$)/, "iz");
    for (const ending of index.endings) {
      const isPlural = ending !== "s" || !/(ss|us|is)$/.test(word);
      if (!word.endsWith(ending) || !isPlural) continue;
      if (word.length - ending.length < index.shortest) continue;
      word = word.slice(0, -ending.length);
      const last = word.at(-1);
      if (last === word.at(-2) && !"lsz".includes(last)) word = word.slice(0, -1);
      break;
    }
    const isLong = word.length > index.shortest;
    return word.endsWith("y") && isLong ? word.slice(0, -1) : word;
  }

  function stems(text) {
    const found = new Set();
    for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
      if (stop.has(word) || (word.length < 2 && !/\d/.test(word))) continue;
      const stem = cut(word);
      for (const each of synonyms.get(stem) ?? [stem]) found.add(each);
    }
    return found;
  }

  function pairs(word) {
    const marked = `^${word}$`;
    const starts = [...Array(marked.length - 1).keys()];
    return new Set(starts.map((place) => marked.slice(place, place + 2)));
  }

  function closest(stem) {
    let best = "";
    let most = index.alike;
    const mine = pairs(stem);
    for (const other of points.keys()) {
      const theirs = pairs(other);
      const shared = [...mine].filter((pair) => theirs.has(pair)).length;
      const alike = (2 * shared) / (mine.size + theirs.size);
      if (alike > most) [best, most] = [other, alike];
    }
    return best;
  }

  function rank(question) {
    const asked = question.trim().toLowerCase();
    const places = [...index.ids.keys()];
    const isNamed = (p) => index.ids[p] === asked || index.rows[p].includes(asked);
    const named = places.filter(isNamed);
    if (named.length) return named;
    const score = new Map();
    for (const stem of stems(question)) {
      for (const [place, more] of points.get(points.has(stem) ? stem : closest(stem)) ?? []) {
        score.set(place, (score.get(place) ?? 0) + more + index.covered);
      }
    }
    return [...score.keys()].sort((a, b) => score.get(b) - score.get(a) || a - b);
  }

  function hit(anchor) {
    const card = document.getElementById(anchor);
    const part = (name) => find(`details > summary ${name}`, card).cloneNode(true);
    const link = make("a", { href: `#${anchor}` }, find(".statement", card).textContent);
    const answer = [...part(".answer").childNodes];
    return [
      make("p", { className: "statement" }, link),
      make("p", { className: "said" }, part(".chip"), " ", ...answer),
    ];
  }

  const question = find("#question");
  const hits = find("#hits");
  const usual = [...hits.children];
  const MOST = 4;

  function answer() {
    const text = question.value.trim();
    const found = text ? rank(text).slice(0, MOST) : [];
    const items = found.map((place) => make("li", {}, ...hit(anchors[place])));
    const none = make("li", {}, "No statement has these words. Others ask about this:");
    hits.replaceChildren(...(found.length ? items : text ? [none, ...usual] : usual));
    find("#found").textContent = !text
      ? ""
      : found.length
        ? `${found.length} found, the best first: ${find(".statement", items[0]).textContent}`
        : none.textContent;
    return text;
  }

  question.addEventListener("input", answer);
  find("#ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = answer();
    history.replaceState(null, "", text ? `#ask/${encodeURIComponent(text)}` : "#ask");
    find("a", hits)?.focus();
  });
  for (const link of all(".try a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      question.value = link.dataset.question;
      answer();
      question.focus();
    });
  }

  // Tiles: one stop for the keyboard, arrows move, the statement stands below.
  const tiles = all("a.tile");
  const peek = find("#peek");
  let peeked = "";

  function show(tile) {
    peeked = tile.hash;
    peek.replaceChildren(...hit(decodeURIComponent(tile.hash.slice(1))));
    for (const other of tiles) other.tabIndex = other === tile ? 0 : -1;
  }

  for (const tile of tiles) {
    tile.tabIndex = tile === tiles[0] ? 0 : -1;
    tile.addEventListener("mouseenter", () => show(tile));
    tile.addEventListener("focus", () => show(tile));
    tile.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const seen = tiles.filter((each) => !each.classList.contains("dim"));
      const next = seen[seen.indexOf(tile) + (step ?? 0)];
      if (!step || !next) return;
      event.preventDefault();
      next.focus();
    });
  }
  // Where nothing can point, the first tap tells and the second one opens.
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest("a.tile");
    if (!tile || event.pointerType !== "touch") return;
    const isNew = peeked !== tile.hash;
    tile.addEventListener("click", (click) => isNew && click.preventDefault(), { once: true });
    show(tile);
  });

  // Verdicts as filters.
  const buttons = all(".counts button");
  const shown = find("#shown");

  function only(group) {
    const isShown = (element) => !group || element.dataset.group === group;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.value === group));
    }
    for (const tile of tiles) tile.classList.toggle("dim", !isShown(tile));
    for (const card of all(".card")) card.hidden = !isShown(card);
    for (const part of all(".group, .chapter")) {
      part.hidden = !find(".card:not([hidden])", part);
      if (group && !part.hidden) (part.matches("details") ? part : find("details", part)).open = true;
    }
    const number = all(".card:not([hidden])").length;
    find("#see").hidden = !group;
    shown.textContent = group ? `${number} ${number === 1 ? "statement is" : "statements are"} shown.` : "All statements are shown.";
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const group = button.getAttribute("aria-pressed") === "true" ? "" : button.value;
      history.replaceState(null, "", group ? `#only/${encodeURIComponent(group)}` : "#only");
      only(group);
    });
  }

  // The quiz: one statement at a time.
  const asked = all(".quiz > li");
  let right = 0;
  let at = 0;

  function turn() {
    find(".quiz").classList.add("going");
    for (const item of asked) item.hidden = item !== asked[at];
    find("#next").hidden = true;
    find("#score").textContent = `${at + 1} of ${asked.length}`;
  }

  function guess(button) {
    const item = asked[at];
    const isRight = button.value === item.dataset.verdict;
    right += isRight ? 1 : 0;
    for (const other of all(".guesses button", item)) other.disabled = true;
    button.classList.add("mine");
    find(".told", item).open = true;
    const isLast = at === asked.length - 1;
    const score = isLast ? ` You had ${right} of ${asked.length} right.` : "";
    find("#score").textContent = (isRight ? "As you guessed." : "Not as you guessed.") + score;
    find("#next").hidden = isLast;
    (isLast ? find(".told a", item) : find("#next")).focus();
  }

  for (const button of all(".guesses button")) {
    button.addEventListener("click", () => guess(button));
  }
  find("#next")?.addEventListener("click", () => {
    at += 1;
    turn();
    history.replaceState(null, "", `#quiz/${at + 1}`);
    find(".guesses button", asked[at]).focus();
  });
  if (asked.length) turn();

  // A card: copy its link, project it, print it.
  function alone(card, how) {
    card.classList.add("chosen");
    root.classList.add(how);
  }

  // What is projected has to fit: its picture shrinks first, then everything.
  function fit() {
    const card = find("html.projected .chosen");
    root.style.removeProperty("--picture");
    if (!card) return;
    card.style.removeProperty("zoom");
    const picture = find("figure svg", card);
    const over = () => root.scrollHeight - innerHeight;
    if (picture && over() > 0) {
      root.style.setProperty("--picture", `${picture.clientHeight - over()}px`);
    }
    if (over() > 0) card.style.zoom = Math.floor((98 * innerHeight) / root.scrollHeight) / 100;
  }

  // A card with as much text as this fills more than a sheet, unless all is smaller.
  const LONG = 1900;

  function together() {
    root.classList.remove("projected", "printed", "long");
    for (const card of all(".chosen")) card.style.removeProperty("zoom");
    for (const card of all(".chosen")) card.classList.remove("chosen");
  }

  const uses = {
    copy: (card, button) => {
      const address = `${location.href.split("#")[0]}#${card.id}`;
      const told = (text) => (button.textContent = text);
      if (!navigator.clipboard) return told(address);
      navigator.clipboard.writeText(address).then(() => told("Copied"), () => told(address));
    },
    projected: (card) => {
      if (root.classList.contains("projected")) {
        together();
        history.replaceState(null, "", `#${card.id}`);
        card.scrollIntoView();
      } else {
        alone(card, "projected");
        history.replaceState(null, "", `#${card.id}/projected`);
        scrollTo(0, 0);
      }
      for (const button of all('.tools [value="projected"]')) {
        const isOn = root.classList.contains("projected");
        button.textContent = isOn ? "Back to the page" : "Project this card";
      }
      fit();
    },
    print: (card) => {
      alone(card, "printed");
      root.classList.toggle("long", find(".body", card).innerText.length > LONG);
      print();
    },
  };
  for (const button of all(".tools button")) {
    button.addEventListener("click", () => uses[button.value](button.closest(".card"), button));
  }
  addEventListener("resize", fit);
  addEventListener("afterprint", () => root.classList.contains("printed") && together());
  addEventListener("keydown", (event) => {
    const card = find("html.projected .chosen");
    if (event.key === "Escape" && card) uses.projected(card);
  });

  // An address names an element and, behind a slash, what it shows.
  function open() {
    const [name, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
    const target = name && document.getElementById(name);
    if (!target) return;
    if (target.matches(".card") && target.hidden) only("");
    for (let part = target; part; part = part.parentElement) {
      if (part.matches("details")) part.open = true;
    }
    const own = target.matches(".card, #words, #made, #changes") && find("details", target);
    if (own) own.open = true;
    target.scrollIntoView();
    const state = rest.join("/");
    if (name === "ask" && state) {
      question.value = state;
      answer();
    } else if (name === "only") {
      only(state);
    } else if (name === "quiz" && asked[Number(state) - 1]) {
      at = Number(state) - 1;
      turn();
    } else if (target.matches(".card") && state === "projected") {
      if (!root.classList.contains("projected")) uses.projected(target);
    } else if (state) {
      target.dispatchEvent(new CustomEvent("address", { detail: state }));
    }
  }

  addEventListener("hashchange", open);
  // A link to what the address names already changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash && !event.defaultPrevented) open();
  });
  addEventListener("DOMContentLoaded", open);
})();
