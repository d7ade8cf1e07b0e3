// Uptime bars: each day says what it was like, to a mouse, a finger and a keyboard, and leads to its
// incidents. Without this script the bars are a drawing, days with trouble are links where they are few,
// and the page of the service tells the days in words.
"use strict";
(() => {
  const STATES = { d: "degraded performance", p: "partial outage", m: "major outage" };
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const COUNT = 90;

  const duration = (minutes) => {
    if (minutes === "") return "all day";
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    if (!hours) return `${rest}\u00a0min`;
    return rest ? `${hours}\u00a0h ${rest}\u00a0min` : `${hours}\u00a0h`;
  };
  const words = (fact) => {
    if (!fact) return "no incident";
    if (fact === "w") return "maintenance";
    if (fact === "x") return "not in service";
    const [spent, count] = fact.split(",");
    const states = [...spent.matchAll(/([dpm])(\d*)/g)].map(([, state, held]) => `${STATES[state]} ${duration(held)}`);
    return `${states.join(", ")}; ${count} ${count === "1" ? "incident" : "incidents"}`;
  };

  // "2026-11-20 12p180,2;": the last day, then the days that have something to tell, by their place.
  const daysOf = (text) => {
    const [last, told] = text.split(" ");
    const facts = new Map([...(told ?? "").matchAll(/(\d+)([^;]*);/g)].map(([, at, fact]) => [+at, fact]));
    const [year, month, day] = last.split("-").map(Number);
    return Array.from({ length: COUNT }, (_, at) => {
      const date = new Date(Date.UTC(year, month - 1, day - (COUNT - 1 - at)));
      const name = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
      const path = `${date.toISOString().slice(0, 7)}/#d${date.getUTCDate()}`;
      return { name, path, words: words(facts.get(at)), told: facts.has(at) };
    });
  };

  const unfold = (bars) => {
    if (bars.querySelector(".ib-days__links")) return null;
    for (const link of bars.querySelectorAll("svg a")) link.replaceWith(...link.childNodes);
    for (const title of bars.querySelectorAll("svg title")) title.remove();
    const links = document.createElement("div");
    links.className = "ib-days__links";
    const bubble = document.createElement("a");
    bubble.className = "ib-days__words";
    bubble.tabIndex = -1;
    bubble.ariaHidden = "true";
    bubble.hidden = true;
    const days = daysOf(bars.dataset.ibDays);
    const all = days.map((day) => {
      const link = document.createElement("a");
      link.href = bars.dataset.ibMonths + day.path;
      link.tabIndex = -1;
      link.ariaLabel = `${day.name}: ${day.words}`;
      return link;
    });
    links.append(...all);
    bars.append(links, bubble);
    bars.tabIndex = -1;
    let stop = all.at(-1);
    stop.tabIndex = 0;
    let shown = null;

    const hide = () => {
      shown?.classList.remove("ib-shown");
      shown = null;
      bubble.hidden = true;
    };
    const show = (link) => {
      if (link === shown) return;
      shown?.classList.remove("ib-shown");
      shown = link;
      link.classList.add("ib-shown");
      const day = days[all.indexOf(link)];
      const name = document.createElement("strong");
      name.textContent = day.name;
      const open = document.createElement("em");
      open.textContent = "See this day";
      bubble.replaceChildren(name, day.words[0].toUpperCase() + day.words.slice(1), ...(day.told ? [open] : []));
      bubble.href = link.href;
      bubble.hidden = false;
      // the site's head covers what is above; then the words stand below
      const above = bars.getBoundingClientRect().top - (document.querySelector(".md-header")?.offsetHeight ?? 0);
      bubble.classList.toggle("ib-days__words--below", above < bubble.offsetHeight + 12);
      const middle = link.offsetLeft + link.offsetWidth / 2;
      const room = bars.clientWidth - bubble.offsetWidth;
      bubble.style.left = `${Math.max(0, Math.min(room, middle - bubble.offsetWidth / 2))}px`;
    };
    const rove = (link) => {
      stop.tabIndex = -1;
      stop = link;
      stop.tabIndex = 0;
      stop.focus();
    };
    const under = (event) => {
      const box = links.getBoundingClientRect();
      const at = Math.floor(((event.clientX - box.left) / box.width) * COUNT);
      return all[Math.max(0, Math.min(COUNT - 1, at))];
    };

    const point = (event) => event.pointerType === "mouse" && show(under(event));
    links.addEventListener("pointermove", point);
    // A finger first asks; what it touches then, the bubble or the same day, leads there. On the bars
    // and not on the links: the first touch is of the drawing, over which the links are only then laid.
    let asks = false;
    bars.addEventListener("pointerdown", (event) => {
      asks = false;
      if (event.pointerType === "mouse" || bubble.contains(event.target)) return;
      const link = under(event);
      asks = link !== shown;
      show(link);
    });
    bars.addEventListener("click", (event) => {
      if (!asks) return;
      asks = false;
      event.preventDefault();
      event.stopPropagation();
    }, { capture: true });
    bars.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && !links.contains(document.activeElement)) hide();
    });
    links.addEventListener("focusin", (event) => {
      if (event.target.matches(":focus-visible")) show(event.target);
    });
    links.addEventListener("focusout", (event) => event.relatedTarget === bubble || hide());
    links.addEventListener("keydown", (event) => {
      const at = all.indexOf(stop);
      const near = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 7, ArrowDown: at + 7, Home: 0, End: COUNT - 1 };
      if (event.key === "Escape") hide();
      if (!(event.key in near)) return;
      event.preventDefault();
      rove(all[Math.max(0, Math.min(COUNT - 1, near[event.key]))]);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
    document.addEventListener("pointerdown", (event) => bars.contains(event.target) || hide());
    return { point, focus: () => rove(stop) };
  };

  const start = () => {
    for (const bars of document.querySelectorAll(".ib-days[data-ib-days]")) {
      const drawing = bars.querySelector("svg");
      bars.tabIndex = 0;
      bars.role = "group";
      bars.ariaLabel = `${drawing.getAttribute("aria-label")}. Arrow keys move through the days.`;
      drawing.ariaHidden = "true";
      for (const link of drawing.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
      bars.addEventListener("pointerenter", (event) => unfold(bars)?.point(event), { once: true });
      bars.addEventListener("focus", () => unfold(bars)?.focus(), { once: true });
    }
  };
  if (window.document$) window.document$.subscribe(start);
  else start();
})();
