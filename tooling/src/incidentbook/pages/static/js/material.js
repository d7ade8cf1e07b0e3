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
  // is not on the screen must not have the keyboard, and the label in the header that ticks the box must be a button.
  const narrow = matchMedia("(max-width: 76.234375em)");
  const drawer = document.getElementById("__drawer");
  const sidebar = document.querySelector(".md-sidebar--primary");
  const opener = document.querySelector(".md-header__button[for=__drawer]");
  if (!drawer || !sidebar || !opener) return;

  opener.tabIndex = 0;
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-label", "Menu");
  sidebar.id ||= "ib-menu";
  opener.setAttribute("aria-controls", sidebar.id);

  const levels = [...sidebar.querySelectorAll(".md-nav__toggle")].map((toggle) => [
    toggle,
    toggle.parentElement.querySelector(":scope > nav"),
  ]);
  const settle = () => {
    sidebar.inert = narrow.matches && !drawer.checked;
    opener.setAttribute("aria-expanded", String(drawer.checked));
    for (const [toggle, level] of levels) {
      if (!level) continue;
      level.inert = narrow.matches && !toggle.checked;
      const above = toggle.closest("ul");
      for (const item of above?.children ?? []) {
        // an opened level lies over all that is beside it
        const covered = narrow.matches && [...above.querySelectorAll(":scope > li > .md-nav__toggle")].some((one) => one.checked);
        for (const link of item.querySelectorAll(":scope > a, :scope > label, :scope > .md-nav__container")) link.inert = covered;
      }
    }
  };
  document.addEventListener("change", settle);
  narrow.addEventListener("change", settle);
  opener.addEventListener("keydown", (event) => {
    // Enter on a label is Material's own
    if (event.key !== " ") return;
    event.preventDefault();
    opener.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !narrow.matches || !drawer.checked) return;
    drawer.click();
    opener.focus();
  });
  settle();
})();
