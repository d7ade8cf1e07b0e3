// Long lists: filtered, sorted and paged here, from a file that holds the whole list (pages/list_data.py) and is
// asked for only where the reader, or the address, wants more than the rows that stand in the page.
// What a record says reaches the page as text, never as HTML; links lead to paths of this site alone.
// The parts in this folder are one closure, in the order of their names; this one is what the others share.

const NOTHING = "-";
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const count = (number) => number.toLocaleString("en");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const element = (name, className, ...inside) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside);
  return made;
};
