// The prompt of the knowledge page, which opens the site's search, and buttons that copy a workaround.
"use strict";
(() => {
  const toggle = document.getElementById("__search");
  const query = document.querySelector("[data-md-component=search-query]");

  for (const label of document.querySelectorAll("[data-ib-ask]")) {
    // A label cannot be reached by the keyboard, a button can: the same words, opening the same dialog.
    const prompt = document.createElement("button");
    prompt.type = "button";
    prompt.className = label.className;
    prompt.append(...label.childNodes);
    label.replaceWith(prompt);
    if (!toggle || !query) {
      prompt.hidden = true;
      continue;
    }
    const open = (words) => {
      if (!toggle.checked) toggle.click();
      query.focus();
      if (!words) return;
      query.value = words;
      query.dispatchEvent(new Event("input", { bubbles: true }));
      query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
    };
    prompt.addEventListener("click", () => open(""));
    prompt.addEventListener("keydown", (event) => {
      // Whoever begins to type where it says so means the search; its first letter must not be lost.
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      open(event.key);
    });
  }

  if (!navigator.clipboard) return;
  for (const part of document.querySelectorAll("[data-ib-copy]")) {
    const words = part.innerText.trim();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ib-copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the workaround");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(words);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    part.append(button);
  }
})();
