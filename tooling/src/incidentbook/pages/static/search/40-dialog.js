// The dialog: what is typed and chosen becomes one query, and the query becomes a list.

const AT_ONCE = 10;
const PAUSE_MS = 80;

/** Lead Material's dialog. `context` has its elements, Material's configuration, and where the site begins. */
export async function start(context) {
  const dialog = new Dialog(context);
  await dialog.open();
  return dialog;
}

class Dialog {
  #context;
  #index;
  #chooser;
  #query = null;
  #timer;
  #found = null;
  #shown = 0;

  constructor(context) {
    this.#context = context;
    const { dialog } = context;
    this.meta = dialog.querySelector(".md-search-result__meta");
    this.list = dialog.querySelector(".md-search-result__list");
    this.scroller = dialog.querySelector(".md-search__scrollwrap");
    this.meta.setAttribute("role", "status");
    this.list.setAttribute("role", "list");
    this.scroller.addEventListener("scroll", () => this.#goOn(), { passive: true });
  }

  async open() {
    const { input, indexUrl } = this.#context;
    this.#say(this.#context.translation("search.result.placeholder"));
    this.#index = await SearchIndex.load(indexUrl);
    this.#chooser = new Chooser(this.#index.facets, (name, value) => {
      input.value = withFilter(input.value, name, value);
      // typing goes on after a filter, not within it
      if (input.value) input.value += " ";
      this.ask(0);
    });
    this.scroller.prepend(this.#chooser.bar);
    input.addEventListener("input", () => this.ask());
    input.form.addEventListener("reset", () => queueMicrotask(() => this.ask(0)));
    await this.#answer();
  }

  /** Search for what the box holds now, once typing pauses. */
  ask(pause = PAUSE_MS) {
    clearTimeout(this.#timer);
    this.#busy(this.#context.input.value !== this.#query);
    this.#timer = setTimeout(() => this.#answer(), pause);
  }

  async #answer() {
    const query = this.#context.input.value;
    if (query === this.#query) return;
    this.#query = query;
    this.#context.share(query);
    try {
      const found = await this.#index.search(query);
      if (query === this.#query) await this.#show(found, query);
    } catch (error) {
      this.#query = null;
      this.fail(error);
    }
  }

  async #show(found, query) {
    this.#chooser.show(found);
    const entries = found.isEmpty ? [] : found.entries;
    const first = await this.#links(entries.slice(0, AT_ONCE), found.words);
    if (query !== this.#query) return;
    this.#found = { ...found, entries };
    this.#shown = first.length;
    this.list.replaceChildren(...first);
    this.scroller.scrollTop = 0;
    this.#count(found);
    this.#busy(false);
  }

  #count({ isEmpty, entries, corrected, missing, isPartial }) {
    const { translation } = this.#context;
    if (isEmpty) {
      this.#say(translation("search.result.placeholder"));
      return;
    }
    const number = entries.length;
    const words = ["none", "one"][number] ?? "other";
    const shown = number.toLocaleString(document.documentElement.lang || undefined);
    const notes = [translation(`search.result.${words}`).replace("#", shown)];
    if (corrected.length) notes.push(`Read as: ${corrected.join(" ")}`);
    if (missing.length) notes.push(`${translation("search.result.term.missing")}: ${missing.join(" ")}`);
    else if (isPartial && number) notes.push("Nothing has all these words; these have some");
    this.#say(notes.join(" \u00b7 "));
    if (!number) this.#nothing();
  }

  #nothing() {
    const { input } = this.#context;
    const hint = element("p", "", "Try fewer or other words, or the ID of a record.");
    const item = element("li", "ib-found__empty", hint);
    if (this.#found.filters.size) {
      const button = element("button", "md-button", "Search without filters");
      button.type = "button";
      button.addEventListener("click", () => {
        for (const name of this.#found.filters.keys()) input.value = withFilter(input.value, name, "");
        input.focus();
        this.ask(0);
      });
      item.append(button);
    }
    this.list.replaceChildren(item);
  }

  /** Say that it did not work, and offer to try again. */
  fail(error, again = () => this.ask(0)) {
    this.#busy(false);
    console.info("search:", error.message);
    this.#say("The search cannot be reached");
    const button = element("button", "md-button", "Try again");
    button.type = "button";
    button.addEventListener("click", again);
    const hint = element("p", "", "The connection may be down. The lists of records can be filtered too.");
    this.list.replaceChildren(element("li", "ib-found__empty", hint, button));
  }

  #busy(is) {
    this.list.setAttribute("aria-busy", is);
  }

  #say(text) {
    this.meta.textContent = text;
  }

  async #links(entries, words) {
    const found = await Promise.all(entries.map((entry) => this.#index.text(entry)));
    return found.map((one, at) =>
      element("li", "md-search-result__item", resultLink(one, words, factsOf(this.#index, entries[at]), this.#context)),
    );
  }

  /** Add the next results when the reader comes near the end of those that are shown. */
  async #goOn() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const found = this.#found;
    if (!found || scrollTop + clientHeight < scrollHeight - 300 || this.#shown >= found.entries.length) return;
    const next = found.entries.slice(this.#shown, this.#shown + AT_ONCE);
    this.#shown += next.length;
    const links = await this.#links(next, found.words).catch(() => []);
    if (found === this.#found) this.list.append(...links);
  }
}

/** A list to choose from for each facet; what is chosen stands in the query as a word. */
class Chooser {
  #selects = new Map();

  constructor(facets, choose) {
    this.bar = element("div", "ib-search-filters");
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", "Filters");
    for (const facet of facets) {
      const select = element("select", "ib-search-filter");
      select.name = facet.name;
      select.setAttribute("aria-label", facet.title);
      select.append(new Option(facet.title, ""), ...facet.values.map(([value]) => new Option("", value)));
      select.addEventListener("change", () => choose(facet.name, select.value));
      this.#selects.set(facet, select);
      this.bar.append(select);
    }
  }

  /** Show how many results each value would leave, and what the query says is chosen. */
  show({ counts, filters }) {
    for (const [facet, select] of this.#selects) {
      const asked = filters.get(facet.name) ?? [];
      const chosen = asked.length === 1 ? meant(facet, asked[0]) : [];
      facet.values.forEach(([, label], number) => {
        const many = counts.get(facet.name)[number];
        const option = select.options[number + 1];
        // the number would crowd what is chosen, and stands above the results
        option.textContent = chosen.includes(number) ? label : `${label} (${many})`;
        option.hidden = !many && !chosen.includes(number);
      });
      select.selectedIndex = chosen.length === 1 ? chosen[0] + 1 : 0;
      // what was typed and is no single value of the list, such as the beginning of one
      select.options[0].textContent = asked.length && chosen.length !== 1 ? `${facet.title}: ${asked.join(", ")}` : facet.title;
      select.classList.toggle("ib-search-filter--set", asked.length > 0);
    }
  }
}
