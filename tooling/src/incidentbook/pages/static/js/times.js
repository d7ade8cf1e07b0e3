// Times in the reader's own zone, or in UTC: a switch beside every note that names the site's zone.
// Without this script all times are in the site's zone, and the tooltip of each says it in UTC.
// Where the site's zone is UTC there is one choice: the reader's own, unless that is UTC too.
"use strict";
(() => {
  const KEY = "incidentbook.zone";
  const SITE = "site", OWN = "own", UTC = "utc";
  const TIME = /(\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{4})?)?(,? ?)(?:(\d\d:\d\d)(?: (\S+))?)?$/;
  const asked = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const isUtc = (zone) => /^(Etc\/)?(UTC|UCT|GMT|Universal|Zulu|Greenwich|GMT[+-]?0)$/.test(zone);
  const own = isUtc(asked) ? "UTC" : asked;
  const written = new WeakMap(); // a <time> as the site wrote it: its words and its tooltip
  const formats = new Map();
  let chosen = SITE;
  let siteZone = "UTC";
  let watch = null;

  // localStorage throws where a reader forbids it; the choice then lasts for the page.
  const remember = (value) => { try { localStorage.setItem(KEY, value); } catch {} };
  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

  const parts = (instant, zone) => {
    if (!formats.has(zone)) {
      formats.set(zone, new Intl.DateTimeFormat("en-GB", {
        timeZone: zone, year: "numeric", month: "short", day: "numeric",
        hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
      }));
    }
    const found = Object.fromEntries(formats.get(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
    const day = `${found.day} ${found.month.slice(0, 3)}`;
    return { day, date: `${day} ${found.year}`, clock: `${found.hour}:${found.minute}`, zone: found.timeZoneName };
  };
  const zoneOf = (choice) => ({ [SITE]: siteZone, [OWN]: own, [UTC]: "UTC" })[choice];

  const rewrite = (time) => {
    const stamp = time.getAttribute("datetime") ?? "";
    if (!stamp.includes("T")) return; // a calendar day is the same day for everybody
    if (!written.has(time)) {
      if (chosen === SITE) return;
      written.set(time, { words: time.textContent, title: time.title });
    }
    const { words, title } = written.get(time);
    const instant = new Date(stamp);
    if (chosen === SITE || Number.isNaN(+instant)) {
      time.textContent = words;
      time.title = title;
      return;
    }
    const there = parts(instant, zoneOf(chosen)), here = parts(instant, siteZone);
    time.textContent = words.replace(TIME, (all, date, comma, clock, zone) => {
      if (!date && !clock) return all;
      const day = date ? (/\d{4}$/.test(date) ? there.date : there.day) : "";
      // a clock without a day stands under a day of the site's zone: say so where it is another
      const other = clock && !date && there.date !== here.date ? `${there.day}, ` : "";
      return day + (date ? comma : comma.trimStart()) + other + (clock ? there.clock : "") + (zone ? ` ${there.zone}` : "");
    });
    const inUtc = chosen === UTC || isUtc(siteZone) ? "" : ` \u00b7 ${title}`;
    time.title = `${here.date}, ${here.clock} ${here.zone}${inUtc}`;
  };
  const rewriteAll = (root) => root.querySelectorAll("time[datetime]").forEach(rewrite);

  const name = (choice) => {
    if (choice === SITE) return siteZone;
    return choice === UTC ? "UTC" : `${own}, your time zone`;
  };
  const choices = () => {
    const found = [[SITE, siteZone]];
    if (own !== siteZone && own !== "UTC") found.push([OWN, "My time"]);
    if (!isUtc(siteZone)) found.push([UTC, "UTC"]);
    return found;
  };

  const apply = (note) => {
    rewriteAll(document);
    for (const place of document.querySelectorAll("[data-ib-zone]")) {
      const says = place.querySelector("p");
      const site = `; that of the site is ${siteZone}`;
      const about = { [SITE]: isUtc(siteZone) ? "" : "; the tooltip of each says it in UTC", [OWN]: site, [UTC]: site };
      says.textContent = `Times are in ${name(chosen)}${about[chosen]}.`;
      for (const input of place.querySelectorAll("input")) input.checked = input.value === chosen;
      if (note) place.querySelector("[role=status]").textContent = `Times are now in ${name(chosen)}.`;
    }
    // what another script adds later, such as the rows of a list, follows
    watch?.disconnect();
    watch = null;
    if (chosen !== SITE) {
      watch = new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
          for (const node of addedNodes) {
            if (node.nodeType !== Node.ELEMENT_NODE) continue;
            if (node.matches("time[datetime]")) rewrite(node);
            else rewriteAll(node);
          }
        }
      });
      watch.observe(document.body, { childList: true, subtree: true });
    }
  };

  const furnish = (place, number) => {
    if (place.querySelector("fieldset") || choices().length < 2) return;
    const field = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = "Show times in";
    field.append(legend);
    for (const [value, words] of choices()) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: `ib-zone-${number}`, value });
      input.addEventListener("change", () => {
        chosen = value;
        remember(value);
        apply(true);
      });
      label.append(input, words);
      field.append(label);
    }
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.className = "ib-heard";
    place.append(field, status);
  };

  const start = () => {
    const places = [...document.querySelectorAll("[data-ib-zone]")];
    if (places.length) siteZone = places[0].dataset.ibZone;
    const kept = recall();
    chosen = choices().some(([value]) => value === kept) ? kept : SITE;
    places.forEach(furnish);
    apply(false);
  };
  if (window.document$) window.document$.subscribe(start);
  else start();
})();
