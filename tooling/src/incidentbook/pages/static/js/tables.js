// Short lists and tables that stand whole in the page: each filters and sorts where it is.
// Without this script they are complete and in order. Long lists are the business of lists.js.
"use strict";
(() => {
  const words = (element) => (element.dataset.ibWords ??= element.textContent.toLowerCase());

  // Filters: a form with data-ib-filters="ID" filters the rows, or the [data-ib-item], inside that element.
  for (const form of document.querySelectorAll("[data-ib-filters]")) {
    const list = document.getElementById(form.dataset.ibFilters);
    if (!list) continue;
    const items = [...list.querySelectorAll("tbody tr, [data-ib-item]")];
    const count = form.querySelector("[data-ib-count]");
    const nothing = document.querySelector("[data-ib-nothing]");
    const controls = [...form.elements].filter((control) => control.name);

    const matches = (item, name, value) => {
      if (name === "q") return value.toLowerCase().split(/\s+/).every((word) => words(item).includes(word));
      const data = item.dataset["ib" + name[0].toUpperCase() + name.slice(1)] ?? "";
      return name === "service" ? data.includes(` ${value} `) : data === value;
    };
    const apply = () => {
      const wanted = controls.filter((control) => control.value.trim()).map((c) => [c.name, c.value.trim()]);
      let shown = 0;
      for (const item of items) {
        item.hidden = !wanted.every(([name, value]) => matches(item, name, value));
        shown += !item.hidden;
      }
      if (count) count.textContent = wanted.length ? `${shown} of ${items.length} shown` : "";
      if (nothing) nothing.hidden = shown > 0;
      const query = new URLSearchParams(wanted).toString();
      history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
    };
    const asked = new URLSearchParams(location.search);
    for (const control of controls) if (asked.has(control.name)) control.value = asked.get(control.name);
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    if ([...asked.keys()].length) apply();
  }

  // Sorting: each heading of a [data-ib-sortable] table becomes a button.
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
