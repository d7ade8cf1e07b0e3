// The search box: opens Material's dialog, and loads the search itself when somebody first asks for it.
(() => {
  "use strict";

  const dialog = document.querySelector("[data-ib-search]");
  const toggle = document.getElementById("__search");
  if (!dialog || !toggle) return;
  const input = dialog.querySelector(".md-search__input");
  const output = dialog.querySelector(".md-search__output");
  const list = dialog.querySelector(".md-search-result__list");
  const meta = dialog.querySelector(".md-search-result__meta");
  const config = JSON.parse(document.getElementById("__config").textContent);
  // The page may change under the dialog (instant navigation); where the site begins does not.
  const base = new URL(config.base.replace(/\/?$/, "/"), document.baseURI);
  const url = (path) => new URL(path, base).href;
  const module = () => import(url(dialog.dataset.ibSearch));

  const shareLink = dialog.querySelector("[data-md-component=search-share]");

  /** Keep the query in the address, as Material's share link has it; `replace` where no trace is wanted. */
  function share(query) {
    const address = new URL(location.href);
    if (query.trim()) address.searchParams.set("q", query.trim());
    else address.searchParams.delete("q");
    address.search = address.search.replace(/%3A/gi, ":");
    history.replaceState(history.state, "", address);
    if (shareLink) {
      address.hash = "";
      shareLink.href = address.href;
      shareLink.dataset.clipboardText = address.href;
    }
  }

  const context = {
    dialog,
    input,
    base: base.href,
    indexUrl: url(dialog.dataset.ibIndex),
    highlights: config.features.includes("search.highlight"),
    translation: (key) => config.translations[key] ?? "",
    share,
  };

  let started;
  function start() {
    started ??= module()
      .then(({ start: begin }) => begin(context))
      .catch((error) => {
        started = undefined;
        fail(error);
      });
    return started;
  }

  function fail(error) {
    console.info("search:", error.message);
    meta.textContent = "The search cannot be reached";
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "md-button",
      textContent: "Try again",
    });
    button.addEventListener("click", start);
    const item = document.createElement("li");
    item.className = "ib-found__empty";
    item.append(button);
    list.replaceChildren(item);
  }

  function set(open) {
    if (toggle.checked !== open) toggle.click();
  }

  let keepsAddress = false;
  function changed() {
    output.inert = !toggle.checked;
    if (toggle.checked) {
      keepsAddress = false;
      if (document.activeElement !== input && !dialog.contains(document.activeElement)) input.focus();
      start().then((search) => search?.ask(0));
    } else {
      if (dialog.contains(document.activeElement)) document.activeElement.blur();
      if (!keepsAddress) share("");
    }
  }

  /** Move among the box and the results, as Material does. */
  function move(step) {
    const stops = [input, ...dialog.querySelectorAll(".md-search-result__link")];
    const at = Math.max(0, stops.indexOf(document.activeElement));
    stops[(at + step + stops.length) % stops.length].focus();
  }

  dialog.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    const chooses = target.matches("select, button");
    if (key === "Escape") {
      set(false);
    } else if (key === "Enter" && target === input) {
      dialog.querySelector(".md-search-result__link")?.click();
    } else if ((key === "ArrowDown" || key === "ArrowUp") && !chooses) {
      move(key === "ArrowDown" ? 1 : -1);
    } else if (key.length === 1 && key !== " " && target !== input && !chooses) {
      // whoever types on a result means the box; the letter goes there too
      input.focus();
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  dialog.addEventListener("focusout", ({ relatedTarget }) => {
    if (toggle.checked && relatedTarget && !dialog.contains(relatedTarget) && relatedTarget !== toggle) set(false);
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest(".md-search-result__link") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // the way back leads to the results
    keepsAddress = true;
    set(false);
  });
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("reset", () => input.focus());
  shareLink?.addEventListener("click", (event) => event.preventDefault());
  document.querySelector("header [for=__search]")?.addEventListener("click", () => input.focus());
  input.addEventListener("focus", () => set(true));
  toggle.addEventListener("change", changed);
  output.inert = !toggle.checked;

  window.keyboard$?.subscribe((key) => {
    if (key.mode !== "global" || !["f", "s", "/"].includes(key.type)) return;
    input.focus();
    input.select();
    key.claim();
  });

  const asked = new URL(location.href).searchParams;
  if (asked.has("q")) {
    input.value = asked.get("q");
    set(true);
    input.focus();
  }

  window.document$?.subscribe(() => {
    const words = new URL(location.href).searchParams.get("h");
    const content = document.querySelector("[data-md-component=content]");
    if (words && content && context.highlights) module().then(({ highlight }) => highlight(content, words));
  });
})();
