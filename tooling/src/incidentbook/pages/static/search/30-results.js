// Results, in the clothes of Material's list. Every word of a record becomes text, never HTML.

const EXCERPT_WORDS = 34;
const WORD_IN_TEXT = /[\p{L}\p{N}\p{M}]+(?:-[0-9]{4}-[0-9]+)?/gu;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Whether a word of a text is one of the words of a query, or goes on from one. */
function isAsked(word, asked) {
  const found = wordsOf(word);
  return asked.some((one) => found.some((part) => part.startsWith(one)));
}

/** A text with the words of a query marked. */
function marked(text, asked) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const found of asked.length ? text.matchAll(WORD_IN_TEXT) : []) {
    if (!isAsked(found[0], asked)) continue;
    parts.append(text.slice(end, found.index), element("mark", "", found[0]));
    end = found.index + found[0].length;
  }
  parts.append(text.slice(end));
  return parts;
}

/** The stretch of a text that has most of the words of a query; its beginning, if it has none. */
function excerpt(text, asked) {
  const words = [...text.matchAll(/\S+/g)];
  if (words.length <= EXCERPT_WORDS) return text;
  const hits = words.map((word) => asked.findIndex((one) => wordsOf(word[0]).some((part) => part.startsWith(one))));
  let [best, start] = [0, 0];
  for (let at = 0; at < words.length; at += 1) {
    if (hits[at] < 0) continue;
    const found = new Set(hits.slice(at, at + EXCERPT_WORDS - 6).filter((hit) => hit >= 0)).size;
    if (found > best) [best, start] = [found, Math.max(0, at - 6)];
  }
  start = Math.min(start, words.length - EXCERPT_WORDS);
  const last = words[start + EXCERPT_WORDS - 1];
  const cut = text.slice(words[start].index, last.index + last[0].length);
  return `${start ? "\u2026 " : ""}${cut}${start + EXCERPT_WORDS < words.length ? " \u2026" : ""}`;
}

/** One result: a link with a title, what it is, and where the words stand in it. */
function resultLink(found, words, facts, { base, highlights }) {
  const address = new URL(found.address, base);
  if (highlights && words.length) address.searchParams.set("h", words.join(" "));
  const title = element("h2", "ib-found__title");
  if (found.page && found.page !== found.title) title.append(element("span", "ib-found__page", `${found.page} \u203a `));
  title.append(marked(found.title, words));
  const article = element("article", "md-search-result__article md-typeset", title, facts);
  const text = excerpt(found.text, words);
  if (text) article.append(element("p", "ib-found__text", marked(text, words)));
  const link = element("a", "md-search-result__link", article);
  link.href = address;
  return link;
}

/** What a result is, in a line: kind, state, priority, services, day. */
function factsOf(index, entry) {
  const line = element("p", "ib-found__facts");
  const add = (className, text) => line.append(element("span", className, text));
  for (const [, label] of index.filed(entry, "kind")) add("ib-found__kind", label);
  const states = index.filed(entry, "state");
  for (const [value, label] of states) if (value !== "open" || states.length === 1) add("", label);
  for (const [value] of index.filed(entry, "priority")) add("", value);
  const services = index.filed(entry, "service").map(([, label]) => label);
  if (services.length) add("", services.length > 3 ? `${services.slice(0, 2).join(", ")} and ${services.length - 2} more` : services.join(", "));
  const day = index.day(entry);
  if (day) {
    const time = element("time", "", day.toISOString().slice(0, 10));
    time.dateTime = time.textContent;
    line.append(time);
  }
  return line;
}

/** Mark words in a page that a result led to. */
export function highlight(root, text) {
  const asked = wordsOf(text);
  const nodes = [];
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) nodes.push(walk.currentNode);
  for (const node of nodes) {
    if (!node.parentElement.closest("script, style, svg, mark, select, textarea") && isAskedIn(node.data, asked)) {
      const shown = marked(node.data, asked);
      for (const mark of shown.querySelectorAll("mark")) mark.dataset.mdHighlight = "";
      node.replaceWith(shown);
    }
  }
}

function isAskedIn(text, asked) {
  return (text.match(WORD_IN_TEXT) ?? []).some((word) => isAsked(word, asked));
}
