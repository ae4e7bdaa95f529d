"use strict";
// Sorting and filtering of the tables that ask for it. Without this script all
// rows are there in their order.
(function () {
  const words = (cell) => cell.dataset.key || cell.textContent;

  // Numbers before words, empty cells last, equals in the order of the report.
  function compare(a, b) {
    const x = Number(a), y = Number(b);
    const empty = (text) => text === "" || text === "–";
    if (empty(a) || empty(b)) return { last: true, by: empty(a) - empty(b) };
    if (!Number.isNaN(x) && !Number.isNaN(y)) return { by: x - y };
    return { by: a.localeCompare(b, "en") };
  }

  function sort(table, column, descending) {
    const rows = Array.from(table.tBodies[0].rows);
    rows.sort((a, b) => {
      const found = compare(words(a.cells[column]), words(b.cells[column]));
      const by = found.last || !descending ? found.by : -found.by;
      return by || a.dataset.place - b.dataset.place;
    });
    table.tBodies[0].append(...rows);
    Array.from(table.tHead.rows[0].cells).forEach((head, i) => {
      head.setAttribute("aria-sort", i === column ? (descending ? "descending" : "ascending") : "none");
    });
  }

  function filter(table, text, output) {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = Array.from(table.tBodies[0].rows);
    let shown = 0;
    for (const row of rows) {
      const has = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => has.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    output.textContent = shown + " of " + rows.length + " shown";
  }

  for (const table of document.querySelectorAll("table.sorted")) {
    Array.from(table.tBodies[0].rows).forEach((row, i) => { row.dataset.place = i; });
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = "Sort by this column";
      button.addEventListener("click", () => sort(table, column, head.getAttribute("aria-sort") === "ascending"));
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
    });
  }

  for (const input of document.querySelectorAll(".filter input")) {
    const line = input.closest(".filter");
    const table = document.getElementById(input.dataset.table);
    const apply = () => filter(table, input.value, line.querySelector("output"));
    line.hidden = false;
    input.addEventListener("input", apply);
    input.addEventListener("keydown", (key) => {
      if (key.key === "Escape") { input.value = ""; apply(); }
    });
    apply();
  }
})();
