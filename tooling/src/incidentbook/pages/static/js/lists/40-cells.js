// Rows and cells, as templates/_list.html writes them: a test holds both equal.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

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
