// The file of a list: columns written to be small, read so that each can be asked of a row.

const FORMAT = 1;

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
