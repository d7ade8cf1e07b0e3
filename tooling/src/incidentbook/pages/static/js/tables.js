// Short tables that stand whole in the page: each heading of a [data-ib-sortable] table becomes a button that
// sorts it. Without this script they are in order. Long lists are the business of lists/.
"use strict";
(() => {
  for (const table of document.querySelectorAll("table[data-ib-sortable]")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    const value = (row, column) => {
      const cell = row.cells[column];
      return cell.dataset.sort ?? cell.textContent.trim();
    };
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "descending";
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)) * (up ? 1 : -1));
        body.append(...rows);
      });
    });
  }
})();
