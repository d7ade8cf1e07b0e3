// What a reader asks for, as the address says it; the links to the other pages of a list, and the filters' counts.

const PAGE = 100;

// The address: what is wanted, how it is sorted, which page. `q` would open Material's search.
const fromAddress = (heads, facets) => {
  const query = new URLSearchParams(location.search);
  const wanted = facets.map((select) => [select.name, query.get(select.name) ?? ""]).filter(([, value]) => value);
  const sort = query.get("sort") ?? "";
  return {
    words: (query.get("words") ?? "").slice(0, 200),
    wanted,
    sort: heads.some((th) => th.dataset.ibKey === sort.replace(/^-/, "")) ? sort : "",
    page: Math.max(1, Number.parseInt(query.get("page"), 10) || 1),
  };
};
const address = (of) => {
  const query = new URLSearchParams(of.wanted);
  if (of.words.trim()) query.set("words", of.words.trim());
  if (of.sort) query.set("sort", of.sort);
  if (of.page > 1) query.set("page", of.page);
  const words = query.toString();
  return words ? `?${words}` : location.pathname;
};
const isPlain = (of) => !of.words.trim() && !of.wanted.length && !of.sort && of.page === 1;

// The pages of a list: the first, the last, and those beside the one that is shown.
const pager = (pages, view, found) => {
  const last = Math.ceil(found / PAGE);
  pages.replaceChildren();
  if (last < 2) return;
  const to = (number, words, name, rel) => {
    const made = element("a", "", words);
    made.href = address({ ...view, page: number });
    made.dataset.ibPage = number;
    if (name) made.setAttribute("aria-label", name);
    if (rel) made.rel = rel;
    if (number === view.page && !rel) made.setAttribute("aria-current", "page");
    return element("li", "", made);
  };
  const near = [1, view.page - 1, view.page, view.page + 1, last].filter((one) => one >= 1 && one <= last);
  const items = [];
  let before = 0;
  for (const number of new Set(near)) {
    if (number - before > 1) items.push(number - before === 2 ? to(number - 1, count(number - 1), `Page ${count(number - 1)}`) : element("li", "ib-pages__gap", "…"));
    items.push(to(number, count(number), `Page ${count(number)}`));
    before = number;
  }
  if (view.page > 1) items.unshift(to(view.page - 1, "Previous", "Previous page", "prev"));
  if (view.page < last) items.push(to(view.page + 1, "Next", "Next page", "next"));
  pages.append(element("ul", "", ...items));
};

// How many rows each choice of the filters would leave.
const offer = (list, facets, selected) => {
  for (const select of facets) {
    const column = list.columns.find((one) => one.key === select.name && one.members);
    if (!column) continue;
    const counts = tally(list, column, selected);
    const labels = new Map(column.choices.map((choice) => [choice[0], choice[1]]));
    if (column.missing) labels.set(NOTHING, column.missing);
    const options = new Map([...select.options].map((option) => [option.value, option]));
    for (const [key, words] of labels) {
      const option = options.get(key) ?? new Option("", key);
      option.text = `${words} (${count(counts.get(key))})`;
      if (!options.has(key)) select.add(option);
    }
  }
};
