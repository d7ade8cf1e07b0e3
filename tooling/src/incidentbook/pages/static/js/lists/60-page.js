// One list on its page: what the reader asks for, or the address, becomes rows.

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
    offer(list, facets, selected);
    pager(pages, view, selected.found.length);
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
    const wanted = fromAddress(heads, facets);
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
    turn(fromAddress(heads, facets));
    form.elements.words.value = view.words;
    intoForm();
    section.scrollIntoView({ block: "start" });
  });

  view = fromAddress(heads, facets);
  intoForm();
  form.elements.words.value = view.words;
  if (isPlain(view)) {
    pager(pages, view, every);
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
