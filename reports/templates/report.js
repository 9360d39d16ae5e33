"use strict";
// Filters and sorts the table of verdicts and opens the claim that a link names.
// Without this script every claim is still there and opens by hand.
(() => {
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const body = find("#claims tbody");
  const rows = [...body.rows];
  const buttons = all("#claims thead button");
  const counts = all(".counts button");
  const text = find("#filter-text");
  const chapter = find("#filter-chapter");
  const source = find("#filter-document");
  const shown = find("#shown");
  let group = "";

  function matches(row) {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const content = row.textContent.toLowerCase() + " " + row.dataset.words;
    return (
      (!group || row.dataset.group === group) &&
      (!chapter.value || row.dataset.chapter === chapter.value) &&
      (!source.value || row.dataset.documents.split("|").includes(source.value)) &&
      words.every((word) => content.includes(word))
    );
  }

  function filter() {
    let number = 0;
    for (const row of rows) {
      row.hidden = !matches(row);
      document.getElementById(row.dataset.claim).hidden = row.hidden;
      number += row.hidden ? 0 : 1;
    }
    for (const section of all("section.chapter")) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    for (const button of counts) {
      button.setAttribute("aria-pressed", String(button.value === group));
    }
    shown.textContent =
      number === rows.length ? `All ${number} shown` : `${number} of ${rows.length} shown`;
  }

  function sortBy(button) {
    const header = button.closest("th");
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of buttons) other.closest("th").removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = button.value;
    const order = (a, b) =>
      a.dataset[key].localeCompare(b.dataset[key], "en", { numeric: true }) ||
      Number(a.dataset.order) - Number(b.dataset.order);
    body.append(...rows.toSorted((a, b) => (down ? order(b, a) : order(a, b))));
  }

  function setAll(open) {
    for (const card of all("article:not([hidden]) > details")) card.open = open;
  }

  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || target.tagName !== "ARTICLE") return;
    if (target.hidden) reset();
    target.querySelector("details").open = true;
    target.scrollIntoView();
  }

  function reset() {
    text.value = chapter.value = source.value = group = "";
    filter();
  }

  for (const button of counts) {
    button.addEventListener("click", () => {
      group = group === button.value ? "" : button.value;
      filter();
    });
  }
  for (const button of buttons) button.addEventListener("click", () => sortBy(button));
  for (const field of [text, chapter, source]) field.addEventListener("input", filter);
  find("#reset").addEventListener("click", reset);
  find("#open-all").addEventListener("click", () => setAll(true));
  find("#close-all").addEventListener("click", () => setAll(false));
  addEventListener("hashchange", openTarget);
  // A link to the claim that the address names already changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) openTarget();
  });
  addEventListener("beforeprint", () => setAll(true));
  filter();
  openTarget();
})();
