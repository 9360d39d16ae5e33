"use strict";
// Shows the stored result that an explorer's controls choose; computes nothing.
// Without this script the first result is drawn, and all are in the table.
(() => {
  function start(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const fields = [...box.querySelectorAll("[data-control]")];
    const marks = [...box.querySelectorAll("svg [data-panel]")];
    const rows = [...box.querySelectorAll("tr[data-at]")];
    const icons = [...box.querySelectorAll(".icon")];
    const input = (field) => field.querySelector("input");

    function place(field) {
      if (field.dataset.control === "switch") return Number(input(field).checked);
      if (field.dataset.control === "slider") return Number(input(field).value);
      return Number(field.querySelector("input:checked").value);
    }

    function set(field, at) {
      if (field.dataset.control === "switch") input(field).checked = at === 1;
      else if (field.dataset.control === "slider") input(field).value = at;
      else field.querySelector(`input[value="${at}"]`).checked = true;
    }

    const join = (places) => places.map((at, n) => data.controls[n][at][0]).join("/");
    const address = () => join(fields.map(place));

    function show() {
      const places = fields.map(place);
      const at = join(places);
      const panel = data.panel.map((n) => data.controls[n][places[n]][0]).join("/");
      const [sentence, number, won = 0, lost = 0] = data.states[at];
      box.querySelector(".result").textContent = sentence;
      box.querySelector(".result-number").textContent = number;
      for (const mark of marks) {
        mark.classList.toggle("here", mark.dataset.at === at);
        mark.classList.toggle("away", !`${panel}/`.startsWith(`${mark.dataset.panel}/`));
      }
      for (const row of rows) row.classList.toggle("here", row.dataset.at === at);
      icons.forEach((icon, n) => {
        icon.classList.toggle("won", n < won);
        icon.classList.toggle("lost", n >= won && n >= icons.length - lost);
      });
      fields.forEach((field, n) => {
        const words = data.controls[n][places[n]][1];
        if (field.dataset.control === "slider") {
          field.querySelector("output").textContent = words;
          input(field).setAttribute("aria-valuetext", words);
        } else if (field.dataset.control === "switch") {
          const other = places.with(n, 1 - places[n]);
          const then = data.states[join(other)][1];
          field.querySelector(".next").textContent = `${places[n] ? "off" : "on"}: ${then}`;
        }
      });
    }

    function go(wanted) {
      const words = wanted.split("/");
      const places = data.controls.map((options, n) =>
        options.findIndex((option) => option[0] === words[n]),
      );
      if (places.includes(-1)) return;
      fields.forEach((field, n) => set(field, places[n]));
      show();
    }

    const remember = () => history.replaceState(null, "", `#${box.id}/${address()}`);
    box.addEventListener("input", () => {
      show();
      remember();
    });
    box.addEventListener("address", (event) => go(event.detail));
    box.querySelector(".explorer-result").addEventListener("click", (event) => {
      const mark = event.target.closest("g[data-at]");
      if (!mark) return;
      go(mark.dataset.at);
      remember();
    });
    show();
  }

  for (const box of document.querySelectorAll(".explorer")) start(box);
})();
