// What Material makes, given the names and the keyboard that it forgets. Without this script a mouse still does it all.
"use strict";
(() => {
  const main = document.querySelector("main");

  const tend = () => {
    // a landmark for each block of code, all without a name: the buttons inside have theirs
    for (const nav of main.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
    // a wide table scrolls in this box, which nobody without a mouse could enter
    for (const box of main.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) box.tabIndex = 0;
  };
  if (main) {
    new MutationObserver(tend).observe(main, { childList: true, subtree: true });
    tend();
  }

  // On a narrow screen the navigation lies beside it until its box is ticked, and its levels beside each other: what
  // is not on the screen must not have the keyboard, and what ticks the box must be a button, where Material's is a label.
  const narrow = matchMedia("(max-width: 76.234375em)");
  const drawer = document.getElementById("__drawer");
  const sidebar = document.querySelector(".md-sidebar--primary");
  const label = document.querySelector("label.md-header__button[for=__drawer]");
  if (!drawer || !sidebar || !label) return;

  sidebar.id ||= "ib-menu";
  const opener = document.createElement("button");
  opener.type = "button";
  opener.className = label.className;
  opener.setAttribute("aria-label", "Menu");
  opener.setAttribute("aria-controls", sidebar.id);
  opener.append(...label.childNodes);
  opener.addEventListener("click", () => drawer.click());
  label.replaceWith(opener);

  const levels = [...sidebar.querySelectorAll(".md-nav__toggle")].map((toggle) => [
    toggle,
    toggle.parentElement.querySelector(":scope > nav"),
  ]);
  const settle = () => {
    opener.hidden = !narrow.matches;
    opener.setAttribute("aria-expanded", String(drawer.checked));
    sidebar.inert = narrow.matches && !drawer.checked;
    for (const [toggle, level] of levels) {
      if (level) level.inert = narrow.matches && !toggle.checked;
      // an opened level lies over all that is beside it
      const beside = [...toggle.closest("ul").children];
      const covered = narrow.matches && beside.some((item) => item.querySelector(":scope > .md-nav__toggle")?.checked);
      for (const item of beside) {
        for (const one of item.querySelectorAll(":scope > a, :scope > label, :scope > div")) one.inert = covered;
      }
    }
  };
  document.addEventListener("change", settle);
  narrow.addEventListener("change", settle);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !narrow.matches || !drawer.checked) return;
    drawer.click();
    opener.focus();
  });
  settle();
})();
