// Which rows are wanted, in which order, and how many there would be by each choice of a filter.

// More rows than any list has, and more than any rank: their product is exact, and moments are seconds before 2106.
const MOST = 2 ** 21;
const LAST = 2 ** 32 - 1;

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
