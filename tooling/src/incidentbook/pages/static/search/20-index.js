// The index: fetched piece by piece, as it is asked. mkdocs_plugin/search writes it.

const LEVELS = 16;
/** More shards than this are not fetched for what is only the beginning of a word. */
const MOST_SHARDS = 4;
/** What a match is worth: the word itself, one that it begins, one that begins as it does without its ending. */
const SAME = 1;
const BEGUN = 0.75;
const LONGER = 0.5;
const STEM = 0.4;
const ENDING = /(?:ies|ing|edly|ed|ers?|es|ly|s|en|er|e)$/;
const SHORTEST_STEM = 4;
/** Worth less than another: a hand-written page, for who asks is in trouble; and what no longer holds. */
const LESS = [["kind", "page", 0.5], ["state", "retired", 0.5]];

async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response;
}

async function inflated(url) {
  const { body } = await fetched(url);
  return new Response(body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

class SearchIndex {
  #manifest;
  #folder;
  #shards = new Map();
  #texts = new Map();
  #columns;
  #blocks = [];

  /** Fetch what every search needs: what there is to choose, and how each entry is filed. */
  static async load(url) {
    const index = new SearchIndex();
    index.#folder = new URL(".", url);
    index.#manifest = await (await fetched(url, { cache: "no-cache" })).json();
    const columns = JSON.parse(new TextDecoder().decode(await inflated(index.#at(`${index.#manifest.columns}.idx`))));
    let day = 0;
    columns.day = columns.day.map((step) => (day += step));
    index.#columns = columns;
    let first = 0;
    for (const [file, size] of index.#manifest.blocks) {
      index.#blocks.push({ file, first });
      first += size;
    }
    index.size = first;
    return index;
  }

  get facets() {
    return this.#manifest.facets;
  }

  #at(path) {
    return new URL(path, this.#folder);
  }

  /** What an entry is filed under: [value, words] of one facet. */
  filed(entry, name) {
    const facet = this.facets.find((one) => one.name === name);
    return facet ? this.#numbers(name, entry).map((number) => facet.values[number]) : [];
  }

  /** The day of an entry, or null. */
  day(entry) {
    const day = this.#columns.day[entry];
    return day ? new Date(Date.UTC(2000, 0, 1 + day)) : null;
  }

  #numbers(name, entry) {
    const cell = this.#columns[name][entry];
    return Array.isArray(cell) ? cell : cell < 0 ? [] : [cell];
  }

  /** The address, title, page and text of an entry. */
  async text(entry) {
    const block = this.#blocks.findLast((one) => one.first <= entry);
    const place = entry - block.first;
    const size = this.#manifest.texts;
    const path = `texts/${block.file}-${Math.floor(place / size)}.idx`;
    const rows = await this.#once(this.#texts, path, (data) => JSON.parse(new TextDecoder().decode(data)));
    const [address, title, page, text] = rows[place % size];
    return { address, title, page, text };
  }

  #once(kept, path, read) {
    if (!kept.has(path)) {
      const found = inflated(this.#at(path)).then(read);
      kept.set(path, found);
      // what failed is asked for again: the reader may have been in a tunnel
      found.catch(() => kept.delete(path));
    }
    return kept.get(path);
  }

  #shard(name) {
    return this.#once(this.#shards, `words/${this.#manifest.words[name]}.idx`, (data) => {
      const length = new DataView(data).getUint32(0, true);
      const rows = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
      const postings = new Uint16Array(data, 4 + length);
      let start = 0;
      return rows.map(([word, ...runs]) => {
        const found = { word, runs, start, postings };
        for (let at = 1; at < runs.length; at += 2) start += runs[at];
        return found;
      });
    });
  }

  /** The names of the shards in which a word, or what it begins, may be. */
  #names(word, goesOn) {
    const has = (name) => Object.hasOwn(this.#manifest.words, name);
    const every = Object.keys(this.#manifest.words);
    if (word.includes("-")) {
      const found = every.filter((name) => !name.endsWith("$") && (name.startsWith(word) || word.startsWith(name)));
      return found.slice(0, 4 * MOST_SHARDS);
    }
    const unit = word.slice(0, 3);
    let home = `${unit}$`;
    for (let length = unit.length; length && !has(home); length -= 1) home = unit.slice(0, length);
    const names = new Set(has(home) ? [home] : []);
    if (goesOn && word.length < 3) {
      const begun = every.filter((name) => name.startsWith(word) && !name.includes("-"));
      if (begun.length <= MOST_SHARDS) for (const name of begun) names.add(name);
    }
    return [...names];
  }

  /** What the index has for a word of a query: its rows, each with what a match in it is worth. */
  async #rows(word, goesOn) {
    const stem = word.replace(ENDING, "");
    const stems = stem.length >= SHORTEST_STEM && stem !== word ? stem : null;
    const id = written(word);
    const names = new Set([...this.#names(word, goesOn), ...(id === word ? [] : this.#names(id, false))]);
    const rows = (await Promise.all([...names].map((name) => this.#shard(name)))).flat();
    const found = [];
    for (const row of rows) {
      if (row.word === word || row.word === id) found.push([row, SAME]);
      else if (row.word.startsWith(word) && (goesOn || word.length > 2)) found.push([row, goesOn ? BEGUN : LONGER]);
      else if (stems && row.word.startsWith(stems)) found.push([row, STEM]);
    }
    if (found.length) return { asked: word, read: found.some(([row]) => row.word === id) ? id : word, rows: found };
    if (word.includes("-")) return { parts: word.split("-").filter(Boolean) };
    if (word.length >= 4 && !/[0-9]/.test(word)) {
      const near = rows.filter((row) => nearly(row.word, word));
      if (near.length) return { asked: word, read: near[0].word, rows: near.map((row) => [row, BEGUN]) };
    }
    return { asked: word, read: word, rows: [] };
  }

  async #resolved(words, goesOn) {
    const found = await Promise.all(
      words.map((word, at) => this.#rows(word, goesOn && at === words.length - 1)),
    );
    const parts = found.flatMap((one, at) => one.parts ?? [words[at]]);
    return parts.length === words.length ? found : this.#resolved([...new Set(parts)], goesOn);
  }

  /**
   * Search. Gives the entries, best first; how many of them each value of a facet has, its own facet's
   * filter left aside; the words as they were read, and those that nothing has. Where no entry has
   * all words (`isPartial`), those that have most of them are given.
   */
  async search(query) {
    const asked = readQuery(query, this.facets);
    const words = await this.#resolved(asked.words, asked.goesOn);
    const scores = new Float32Array(this.size);
    const matched = new Uint8Array(this.size);
    for (const word of words) this.#score(word, scores, matched);
    this.#weigh(scores);
    const { entries, counts, most } = this.#filtered(asked.filters, matched, words.length);
    const { day } = this.#columns;
    entries.sort((a, b) => scores[b] - scores[a] || day[b] - day[a] || b - a);
    return {
      entries,
      counts,
      filters: asked.filters,
      isEmpty: !asked.words.length && !asked.filters.size,
      words: words.filter((word) => word.rows.length).map((word) => word.read),
      corrected: words.filter((word) => word.read !== word.asked).map((word) => word.read),
      missing: words.filter((word) => !word.rows.length).map((word) => word.asked),
      isPartial: most < words.length,
    };
  }

  /** Add to each entry's score what a word is worth in it (BM25; the index has all but the word's rarity). */
  #score({ rows }, scores, matched) {
    const best = new Map();
    for (const [row, worth] of rows) {
      let at = row.start;
      for (let run = 0; run < row.runs.length; run += 2) {
        const { first } = this.#blocks[row.runs[run]];
        for (const end = at + row.runs[run + 1]; at < end; at += 1) {
          const posting = row.postings[at];
          const entry = first + (posting >> 4);
          const value = worth * ((posting & 15) + 1);
          if (!(best.get(entry) >= value)) best.set(entry, value);
        }
      }
    }
    const rarity = Math.log(1 + (this.size - best.size + 0.5) / (best.size + 0.5));
    for (const [entry, value] of best) {
      scores[entry] += (rarity * value) / LEVELS;
      matched[entry] += 1;
    }
  }

  #weigh(scores) {
    for (const [name, value, share] of LESS) {
      const facet = this.facets.find((one) => one.name === name);
      const number = facet ? facet.values.findIndex(([one]) => one === value) : -1;
      if (number < 0) continue;
      for (let entry = 0; entry < this.size; entry += 1) {
        if (scores[entry] && this.#numbers(name, entry).includes(number)) scores[entry] *= share;
      }
    }
  }

  /** The entries that pass all filters and have all words; if none has all, those that have most. */
  #filtered(filters, matched, wanted) {
    const tests = [...filters].map(([name, values]) => {
      const facet = this.facets.find((one) => one.name === name);
      return { name, numbers: new Set(values.flatMap((value) => meant(facet, value))) };
    });
    const passes = (entry, { name, numbers }) => this.#numbers(name, entry).some((number) => numbers.has(number));
    const found = [];
    let most = 0;
    for (let entry = 0; entry < this.size; entry += 1) {
      if (wanted && !matched[entry]) continue;
      const failed = tests.filter((test) => !passes(entry, test));
      if (failed.length > 1) continue;
      found.push([entry, failed]);
      if (!failed.length) most = Math.max(most, matched[entry]);
    }
    const counts = new Map(this.facets.map(({ name, values }) => [name, new Uint32Array(values.length)]));
    const entries = [];
    for (const [entry, failed] of found) {
      if (matched[entry] < (most || wanted)) continue;
      if (!failed.length) entries.push(entry);
      for (const { name } of failed.length ? failed : this.facets) {
        for (const number of this.#numbers(name, entry)) counts.get(name)[number] += 1;
      }
    }
    return { entries, counts, most };
  }
}
