// What counts as a word: the same rule as mkdocs_plugin/search/words.py, and what a query says in words.

const WORD = /[a-z]+-[0-9]{4}-[0-9]+|[\p{L}\p{N}]+/gu;
// of a query also the beginning of an ID, while somebody types it
const ASKED = /[a-z]+-[0-9]{4}(?![\p{L}\p{N}])(?:-[0-9]*)?|[\p{L}\p{N}]+/gu;
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+/u;
const LONGEST = 40;

// an ID as people say it: without the zeros, for who begins with them is still typing
const SAID = /^([a-z]+-[0-9]{4}-)([1-9][0-9]{0,2})$/;

/** Small letters without accents. */
function folded(text) {
  const small = text.toLowerCase();
  return /^[\0-\x7f]*$/.test(small) ? small : small.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** The words of a text, as the index has them. */
function wordsOf(text, pattern = WORD) {
  return (folded(text).match(pattern) ?? []).flatMap(partsOf).map((word) => word.slice(0, LONGEST));
}

function partsOf(word) {
  const run = word.match(UNSPACED);
  if (!run) return [word];
  const signs = [...run[0]];
  const pairs = signs.length < 2 ? signs : signs.slice(1).map((sign, at) => signs[at] + sign);
  const rest = word.slice(run.index + run[0].length);
  return [word.slice(0, run.index), ...pairs, ...(rest ? partsOf(rest) : [])].filter(Boolean);
}

/** An ID as the index has it: `inc-2026-26` is `inc-2026-0026`. Every other word is as it was. */
function written(word) {
  const [, begin, number] = word.match(SAID) ?? [];
  return begin ? begin + number.padStart(4, "0") : word;
}

/** What is equal however it is written: `In progress`, `in-progress` and `in_progress`. */
function plain(value) {
  return folded(value).replace(/[\s_-]+/g, "_");
}

/**
 * Read a query: words, and filters such as `state:open`. Several of one facet mean any of them.
 * The last word may go on, unless a blank follows it.
 */
function readQuery(query, facets) {
  const filters = new Map();
  const texts = [];
  for (const part of query.split(/\s+/).filter(Boolean)) {
    const [, name, value] = part.match(/^([a-z]+):(.*)$/iu) ?? [];
    const facet = name && facets.find((one) => one.name === name.toLowerCase());
    if (!facet) texts.push(part);
    else if (value) filters.set(facet.name, [...(filters.get(facet.name) ?? []), value]);
  }
  const text = texts.join(" ");
  const words = [...new Set(wordsOf(text, ASKED))];
  return { filters, words, text, goesOn: !/\s$/.test(query) };
}

/** The query with one facet set to a value, or to nothing. */
function withFilter(query, facet, value) {
  const kept = query.split(/\s+/).filter((part) => part && !part.toLowerCase().startsWith(`${facet}:`));
  return (value ? [...kept, `${facet}:${value}`] : kept).join(" ");
}

/** The values of a facet that a filter means: the one that it names, else those that begin so. */
function meant(facet, asked) {
  const wish = plain(asked);
  const numbers = facet.values.map((_, number) => number);
  const names = (number) => facet.values[number].slice(0, 2).map(plain);
  const same = numbers.filter((number) => names(number).includes(wish));
  return same.length ? same : numbers.filter((number) => names(number).some((name) => name.startsWith(wish)));
}

/** Whether two words differ by one letter: another, one more, one less, or two that changed places. */
function nearly(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const [a, b] = [one.slice(at), other.slice(at)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}
