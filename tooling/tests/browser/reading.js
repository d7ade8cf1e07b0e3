// What the browser tests ask a page, as functions on `window.reading`. Evaluated in the page by tests.
"use strict";
window.reading = (() => {
  const LOOK = [
    "outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderColor", "color", "opacity",
    "textDecorationLine", "textDecorationColor",
  ];
  const INTERACTIVE =
    "a[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls], [tabindex]";
  const TOOLS =
    ".md-header, .md-tabs, .md-sidebar, .md-search, .md-footer, .md-top, .ib-filters, .md-code__nav, .md-button";

  const all = (selector) => [...document.querySelectorAll(selector)];
  const words = (one, most) => one.textContent.trim().replace(/\s+/g, " ").slice(0, most);
  const name = (one) => `${one.outerHTML.split(">")[0].slice(0, 160)}> ${words(one, 30)}`;

  /** [level, words] of each heading that is seen. */
  const headings = () =>
    all("h1, h2, h3, h4, h5, h6").filter((one) => one.checkVisibility()).map((one) => [+one.tagName[1], words(one, 60)]);

  /** What makes the page wider than the screen. */
  const overflowing = () => {
    const width = document.documentElement.clientWidth;
    const reached = document.documentElement.scrollWidth;
    if (reached <= width) return [];
    const scrolls = (one) =>
      one && one !== document.body &&
      (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    const wide = all("body *").filter((one) => one.getBoundingClientRect().right > width + 1 && !scrolls(one.parentElement));
    return [`the page is ${reached} wide, the screen ${width}`, ...wide.slice(0, 5).map(name)];
  };

  /** What axe finds against a set of its rules. */
  const axes = async (only) => {
    const found = await axe.run(document, {
      runOnly: only, resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
    });
    const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
    return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${why(node)}`));
  };

  /** What is seen on paper: tools that cannot be pressed there, and the colours of words. */
  const printed = () => ({
    tools: all(TOOLS).filter((one) => one.checkVisibility()).map(name),
    headed: all("h1").filter((one) => one.checkVisibility()).length,
    ink: all("main h1, main h2, main p, main td, main li, main dd").filter((one) => one.checkVisibility() && words(one))
      .map((one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor, words(one, 40)]),
  });

  /** A walk through the page, Tab by Tab: `step` looks at what has the focus, `left` says what never had it. */
  const walk = () => {
    const usable = (one) =>
      one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]") && one.checkVisibility({ visibilityProperty: true });
    // of radio buttons the keyboard stops at the chosen one, else at the first
    const group = (one) => all(`input[type=radio][name="${one.name}"]`);
    const isStop = (one) => one.type !== "radio" || one.checked ||
      (!group(one).some((other) => other.checked) && one === group(one)[0]);
    const look = (one) => [one, one.parentElement, one.labels?.[0]].filter(Boolean).flatMap((part) =>
      ["", "::before", "::after"].map((pseudo) => {
        const style = getComputedStyle(part, pseudo || null);
        return LOOK.map((property) => style[property]).join();
      })).join("|");
    const isSeen = (one) => {
      const box = one.getBoundingClientRect();
      const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
      const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
      return [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]]
        .map(([x, y]) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y))
        .some((spot) => spot && (one.contains(spot) || spot.contains(one)));
    };
    const stops = all(INTERACTIVE).filter((one) => usable(one) && isStop(one));
    const before = new Map(stops.map((one) => [one, look(one)]));
    const met = new Set();
    return {
      count: stops.length,
      async step() {
        const one = document.activeElement;
        if (!one || one === document.body || met.has(one)) return { end: true, faults: [] };
        met.add(one);
        const faults = [];
        if (before.has(one) && look(one) === before.get(one)) faults.push(`does not show the focus: ${name(one)}`);
        // a busy browser scrolls to what has the focus some frames later
        for (let frames = 0; frames < 30 && !isSeen(one); frames++) await new Promise(requestAnimationFrame);
        if (!isSeen(one)) faults.push(`has the focus where nobody sees it: ${name(one)}`);
        return { end: false, faults };
      },
      left: () => stops.filter((one) => !met.has(one) && usable(one)).map((one) => `the keyboard does not reach ${name(one)}`),
    };
  };

  return { headings, overflowing, axes, printed, walk };
})();
