// Long lists: filtered, sorted and paged here, from a file that holds the whole list (pages/list_data.py) and is
// asked for only where the reader, or the address, wants more than the rows that stand in the page.
// What a record says reaches the page as text, never as HTML; links lead to paths of this site alone.
"use strict";
(() => {
  const PAGE = 100;
  const FORMAT = 1;
  const NOTHING = "-";
  // More rows than any list has, and more than any rank: their product is exact, and moments are seconds before 2106.
  const MOST = 2 ** 21;
  const LAST = 2 ** 32 - 1;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DOWN = new Set(["instant", "duration", "number"]);
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const count = (number) => number.toLocaleString("en");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const element = (name, className, ...inside) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  };

  // -- the file ---------------------------------------------------------------------------------------------------

  const undo = ({ steps, unit }) => {
    let last = 0;
    return steps.map((step) => (step === null ? null : (last += step) * unit));
  };
  const texts = (column) => column.texts ?? column.at.map((at) => (at === null ? null : column.once[at]));

  // Each column says of each row: `value` (to be shown), `rank` (to be sorted by; null sorts last), `words` (to be
  // searched). A choice also says which of its `choices` a row has.
  const readers = {
    record: (column) => {
      const names = texts(column.names);
      const titles = texts(column.titles);
      const ids = names.map((name) => name.slice(name.lastIndexOf("/") + 1));
      return {
        names, titles, ids,
        compare: column.named ? (a, b) => collator.compare(ids[a], ids[b]) : (a, b) => collator.compare(titles[a], titles[b]),
        words: (row) => (column.named ? `${ids[row]} ${titles[row]}` : titles[row]),
      };
    },
    text: (column) => {
      const values = texts(column);
      return { value: (row) => values[row], words: (row) => values[row] ?? "" };
    },
    choice: (column) => ({
      members: column.choices.map((_, at) => [at]),
      at: column.at.map((at) => at ?? -1),
      value: (row) => column.choices[column.at[row]],
      rank: (row) => column.at[row],
      words: (row) => column.choices[column.at[row]]?.[1] ?? "",
    }),
    choices: (column) => {
      const said = column.sets.map((members) => members.map((at) => column.choices[at][1]).join(", "));
      return {
        members: column.sets,
        at: column.at,
        said: (row) => said[column.at[row]],
        value: (row) => column.sets[column.at[row]].map((at) => column.choices[at]),
        rank: (row) => (column.sets[column.at[row]].length ? column.at[row] : null),
        words: (row) => said[column.at[row]],
      };
    },
  };
  const numbers = (column) => {
    const values = undo({ unit: 1, ...column });
    return { value: (row) => values[row], rank: (row) => values[row], words: () => "" };
  };

  const read = (file) => {
    if (file.format !== FORMAT) throw new Error(`this page reads lists of format ${FORMAT}`);
    const columns = file.columns.map((column) => ({ ...column, ...(readers[column.kind] ?? numbers)(column) }));
    return { rows: file.rows, columns, orders: new Map(), words: null };
  };

  // -- what to show -----------------------------------------------------------------------------------------------

  // The words of each row that one may look for; made when somebody first does.
  const haystack = (list) => {
    const seen = list.columns.filter((column) => column.place !== "unseen" && column.words);
    list.words ??= Array.from({ length: list.rows }, (_, row) => plain(seen.map((c) => c.words(row)).join(" ")));
    return list.words;
  };

  const ranks = (list, column) => {
    if (!column.compare) return Array.from({ length: list.rows }, (_, row) => column.rank(row));
    const sorted = Array.from({ length: list.rows }, (_, row) => row).sort(column.compare);
    const found = new Array(list.rows);
    sorted.forEach((row, rank) => (found[row] = rank));
    return found;
  };

  // The rows in the order of a column; null stands for the order of the file. What has no value comes last, and
  // what is equal stays as it was.
  const order = (list, sort) => {
    if (list.orders.has(sort)) return list.orders.get(sort);
    const column = list.columns.find((one) => one.place === "cell" && one.key === sort.replace(/^-/, ""));
    let found = null;
    if (column) {
      const way = sort.startsWith("-") ? -1 : 1;
      const rank = ranks(list, column);
      // rank and row in one number: numbers sort several times as fast as by a function
      const keys = Float64Array.from(rank, (one, row) => (one === null || one === undefined ? LAST : way * one) * MOST + row);
      found = Uint32Array.from(keys.sort(), (key) => key - Math.floor(key / MOST) * MOST);
    }
    list.orders.set(sort, found);
    return found;
  };

  // For each set of a column whether it holds the wanted choice; its last place is for rows that have no value.
  const fitting = (column, key) => {
    const wanted = column.choices.findIndex((choice) => choice[0] === key);
    const fits = column.members.map((members) => (key === NOTHING ? !members.length : members.includes(wanted)));
    fits[-1] = key === NOTHING;
    return fits;
  };

  // How many of the wanted things each row lacks: 0 is found; 1 would be found if that one were not asked for,
  // which is what a filter's own counts are about.
  const select = (list, view) => {
    const lacks = new Uint8Array(list.rows);
    const asked = new Map();
    for (const [key, value] of view.wanted) {
      const column = list.columns.find((one) => one.key === key && one.members);
      if (!column) continue;
      const fits = fitting(column, value);
      asked.set(column, fits);
      for (let row = 0; row < list.rows; row++) if (!fits[column.at[row]]) lacks[row]++;
    }
    const words = plain(view.words).split(/\s+/).filter(Boolean);
    if (words.length) {
      const hay = haystack(list);
      // two at once: whatever the filters say, what has not these words is not counted
      for (let row = 0; row < list.rows; row++) if (!words.every((word) => hay[row].includes(word))) lacks[row] += 2;
    }
    const found = [];
    const sorted = order(list, view.sort);
    for (let at = 0; at < list.rows; at++) {
      const row = sorted ? sorted[at] : at;
      if (!lacks[row]) found.push(row);
    }
    return { found, lacks, asked };
  };

  const tally = (list, column, { lacks, asked }) => {
    const fits = asked.get(column);
    const bySet = new Uint32Array(column.members.length + 1);
    const none = column.members.length;
    for (let row = 0; row < list.rows; row++) {
      if (lacks[row] === 0 || (lacks[row] === 1 && fits && !fits[column.at[row]])) {
        bySet[column.at[row] < 0 ? none : column.at[row]]++;
      }
    }
    const counts = new Map(column.choices.map((choice) => [choice[0], 0]));
    let missing = bySet[none];
    column.members.forEach((members, at) => {
      if (!members.length) missing += bySet[at];
      for (const choice of members) counts.set(column.choices[choice][0], counts.get(column.choices[choice][0]) + bySet[at]);
    });
    if (column.missing) counts.set(NOTHING, missing);
    return counts;
  };

  // -- cells: as templates/_list.html writes them -----------------------------------------------------------------

  const none = () => element("span", "ib-none", "–");

  const chip = (choice) => element("span", `ib-chip ib-chip--${choice[2].replace(/[^\w-]/g, "")}`, choice[1]);

  const coded = (text) =>
    text.split(/`([^`]+)`/).map((piece, at) => (at % 2 ? element("code", "", piece) : piece));

  const path = (...parts) => parts.join("").split("/").map(encodeURIComponent).join("/");

  const link = (up, target, suffix, className, ...inside) => {
    const made = element("a", className, ...inside);
    made.setAttribute("href", up + path(target) + suffix);
    return made;
  };

  const day = (number) => {
    const at = new Date(number * 86400000);
    const made = element("time", "", `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`);
    made.dateTime = at.toISOString().slice(0, 10);
    return made;
  };

  const clock = (zone) => {
    const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
    const format = new Intl.DateTimeFormat("en-GB", options);
    return (seconds) => {
      const at = new Date(seconds * 1000);
      const utc = at.toISOString();
      const said = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
      const words = `${Number(said.day)} ${MONTHS[said.month - 1]} ${said.year}, ${said.hour}:${said.minute}`;
      const made = element("time", "", words);
      made.dateTime = utc.slice(0, seconds % 60 ? 19 : 16) + "Z";
      made.title = `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`;
      return made;
    };
  };

  const two = (large, unit, small, smallUnit) =>
    `${count(large)}\u00a0${unit}` + (small ? ` ${small}\u00a0${smallUnit}` : "");
  const duration = (seconds) => {
    if (seconds < 60) return `${seconds} s`;
    const [minutes, hours, days] = [60, 3600, 86400].map((unit) => Math.floor(seconds / unit));
    if (days) return two(days, "d", hours % 24, "h");
    return hours ? two(hours, "h", minutes % 60, "min") : `${minutes} min`;
  };

  const cells = {
    choice: (value, up) => {
      if (value[3]) return link(up, value[3], "", "ib-id", value[1]);
      return value[2] ? chip(value) : value[1];
    },
    choices: (value) => value.map((choice) => choice[1]).join(", "),
    day,
    duration,
    number: count,
  };
  const classes = {
    choices: "ib-cell-services", instant: "ib-cell-time", day: "ib-cell-time", duration: "ib-number", number: "ib-number",
  };

  const title = (list, column, row, up) => {
    const words = column.code ? coded(column.titles[row]) : [column.titles[row]];
    if (column.named) words.unshift(element("span", "ib-id", column.ids[row]), " ");
    const cell = element("td", "ib-cell-title", link(up, column.folder + column.names[row], column.suffix, "", ...words));
    for (const tags of list.columns.filter((one) => one.place === "tag")) {
      for (const tag of tags.value(row)) {
        const strong = tag[2] === "strong" ? " ib-tag--strong" : "";
        cell.append(" ", tag[2] && !strong ? chip(tag) : element("span", `ib-tag${strong}`, tag[1]));
      }
    }
    for (const notes of list.columns.filter((one) => one.place === "note")) {
      const note = notes.value(row);
      if (note) cell.append(element("span", "ib-note", ...(notes.code ? coded(note) : [note])));
    }
    return cell;
  };

  const line = (list, row, page) => {
    const made = element("tr");
    for (const column of list.columns) {
      if (column.place !== "cell") continue;
      if (column.kind === "record") {
        made.append(title(list, column, row, page.up));
        continue;
      }
      const value = column.value(row);
      const isMissing = value === null || value === undefined || (Array.isArray(value) && !value.length);
      const write = column.kind === "instant" ? page.time : cells[column.kind];
      const cell = element("td", "", isMissing ? none() : write(value, page.up));
      cell.dataset.label = page.titles.get(column.key) ?? "";
      if (column.kind in classes) cell.className = classes[column.kind];
      made.append(cell);
    }
    return made;
  };

  // -- the page ---------------------------------------------------------------------------------------------------

  const start = (section) => {
    const { ibList, ibRows, ibUp, ibListZone, ibOne, ibMany, ibOrder } = section.dataset;
    const form = section.querySelector("[data-ib-form]");
    const region = section.querySelector(".ib-scroll");
    const body = region.querySelector("tbody");
    const heads = [...region.querySelectorAll("th[data-ib-key]")];
    const opener = form.querySelector("[data-ib-open]");
    const status = section.querySelector("[data-ib-count]");
    const nothing = section.querySelector("[data-ib-nothing]");
    const failed = section.querySelector("[data-ib-failed]");
    const pages = section.querySelector("[data-ib-pages]");
    const facets = [...form.elements].filter((one) => one.tagName === "SELECT" && one.name !== "sort");
    const every = Number(ibRows);
    const page = { up: ibUp, time: clock(ibListZone), titles: new Map(heads.map((th) => [th.dataset.ibKey, th.textContent])) };
    let view = null;
    let asked = null;
    let list = null;
    let isTyping = false;

    // The address: what is wanted, how it is sorted, which page. `q` would open Material's search.
    const fromAddress = () => {
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

    const fromForm = () => ({
      words: form.elements.words.value,
      wanted: facets.filter((select) => select.value).map((select) => [select.name, select.value]),
      sort: form.elements.sort.value,
      page: 1,
    });
    const unfold = (open) => {
      form.classList.toggle("ib-filters--open", open);
      opener.setAttribute("aria-expanded", open);
    };
    const intoForm = () => {
      if (document.activeElement !== form.elements.words) form.elements.words.value = view.words;
      form.elements.sort.value = view.sort;
      const wanted = new Map(view.wanted);
      for (const select of facets) {
        const value = wanted.get(select.name) ?? "";
        // an address may ask for what no row has: say so, instead of showing something else
        if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
        select.value = value;
        if (value && !select.checkVisibility?.()) unfold(true);
      }
    };

    const load = () => {
      asked ??= (async () => {
        const late = setTimeout(() => (status.textContent = "Loading the whole list …"), 200);
        section.setAttribute("aria-busy", "true");
        try {
          const answer = await fetch(ibList);
          if (!answer.ok) throw new Error(`${ibList}: ${answer.status}`);
          list = read(await answer.json());
          failed.hidden = true;
        } catch (error) {
          asked = null;
          throw error;
        } finally {
          clearTimeout(late);
          section.removeAttribute("aria-busy");
        }
      })();
      return asked;
    };

    const say = (found, from, last) => {
      const noun = found === 1 && every === 1 ? ibOne : ibMany;
      const all = found === every ? `${count(every)} ${noun}` : `${count(found)} of ${count(every)} ${noun}`;
      status.textContent = found > PAGE ? `${all}, ${count(from + 1)} to ${count(last)} shown` : all;
    };

    const offer = (selected) => {
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

    const pager = (found) => {
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

    const marks = () => {
      const sort = view.sort || ibOrder;
      for (const th of heads) {
        if (sort.replace(/^-/, "") === th.dataset.ibKey) th.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
        else th.removeAttribute("aria-sort");
      }
      for (const button of section.querySelectorAll(".ib-filters [data-ib-reset]")) button.hidden = isPlain({ ...view, page: 1 });
    };

    const show = () => {
      const selected = select(list, view);
      const last = Math.max(1, Math.ceil(selected.found.length / PAGE));
      view.page = Math.min(view.page, last);
      const from = (view.page - 1) * PAGE;
      const shown = selected.found.slice(from, from + PAGE);
      body.replaceChildren(...shown.map((row) => line(list, row, page)));
      region.hidden = !shown.length;
      nothing.hidden = shown.length > 0;
      say(selected.found.length, from, from + shown.length);
      offer(selected);
      pager(selected.found.length);
      marks();
    };

    // what the reader asks for, or the address: shown as soon as the list is there
    const turn = async (wanted) => {
      view = wanted;
      try {
        if (!list) await load();
      } catch (error) {
        failed.hidden = false;
        status.textContent = `${count(every)} ${ibMany}`;
        return;
      }
      // one may have asked for something else meanwhile
      if (view === wanted) show();
    };
    const go = (wanted, keep) => {
      history[keep ? "replaceState" : "pushState"](null, "", address(wanted));
      return turn(wanted);
    };
    const clear = () => {
      isTyping = false;
      form.elements.words.value = "";
      go({ words: "", wanted: [], sort: "", page: 1 });
      intoForm();
      form.elements.words.focus();
    };

    for (const th of heads) {
      const button = element("button", "", ...th.childNodes);
      button.type = "button";
      th.append(button);
      button.addEventListener("click", () => {
        isTyping = false;
        const { ibKey } = th.dataset;
        const first = "ibDown" in th.dataset ? `-${ibKey}` : ibKey;
        const second = "ibDown" in th.dataset ? ibKey : `-${ibKey}`;
        const sort = (view.sort || ibOrder) === first ? second : first;
        go({ ...view, sort: sort === ibOrder ? "" : sort, page: 1 });
        intoForm();
      });
    }
    form.addEventListener("input", (event) => {
      const isWord = event.target === form.elements.words;
      // a word is one step back, however many letters it has
      go(fromForm(), isWord && isTyping);
      isTyping = isWord;
    });
    opener.addEventListener("click", () => unfold(opener.getAttribute("aria-expanded") !== "true"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
    for (const button of section.querySelectorAll("[data-ib-reset]")) button.addEventListener("click", clear);
    failed.querySelector("button").addEventListener("click", () => turn(view));
    pages.addEventListener("click", (event) => {
      const to = event.target.closest("a");
      if (!to || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      isTyping = false;
      go({ ...view, page: Number(to.dataset.ibPage) }).then(() => {
        region.focus({ preventScroll: true });
        section.scrollIntoView({ block: "start" });
      });
    });
    addEventListener("popstate", () => {
      if (!section.isConnected) return;
      isTyping = false;
      const wanted = fromAddress();
      if (!list && isPlain(wanted)) return;
      turn(wanted);
      form.elements.words.value = view.words;
      intoForm();
    });
    // links above the list (`?state=open`) ask the same list
    document.addEventListener("click", (event) => {
      const to = event.target.closest?.('a[href^="?"]');
      if (!to || event.defaultPrevented || !section.isConnected || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      isTyping = false;
      history.pushState(null, "", to.getAttribute("href"));
      turn(fromAddress());
      form.elements.words.value = view.words;
      intoForm();
      section.scrollIntoView({ block: "start" });
    });

    view = fromAddress();
    intoForm();
    form.elements.words.value = view.words;
    if (isPlain(view)) {
      pager(every);
      marks();
    } else {
      turn(view);
    }
  };

  // Material may replace the page without loading another; each list is begun once
  const begun = new WeakSet();
  const startAll = () => {
    for (const section of document.querySelectorAll("[data-ib-list]")) {
      if (!begun.has(section)) start(section);
      begun.add(section);
    }
  };
  if (window.document$) window.document$.subscribe(startAll);
  else startAll();
})();
