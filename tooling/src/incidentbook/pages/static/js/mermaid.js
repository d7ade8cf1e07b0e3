// Draws diagrams. The library is loaded where there is one to draw; without this script its source is read.
"use strict";
(() => {
  const LIBRARY = new URL("mermaid-11.17.2.min.js", document.currentScript.src);
  // What would load a picture, a font or a style from elsewhere while it is drawn is left as it was written.
  const FOREIGN = /<\s*\/?\s*(?!br\b)[a-z!]|\bimg\s*["']?\s*:|\burl\s*\(|@import|\\0*(?:75|55|72|52|6c|4c|28|40)/i;
  const INERT = "script, img, image, iframe, object, embed, form, input, audio, video, link, meta, base, use:not([href^='#'])";
  const NOT_FOR_AUTHORS = [
    "secure", "securityLevel", "startOnLoad", "suppressErrorRendering", "maxTextSize", "maxEdges", "theme",
    "themeCSS", "themeVariables", "fontFamily", "altFontFamily", "htmlLabels", "flowchart.htmlLabels", "look",
    "dompurifyConfig", "elk", "layout",
  ];
  let loading;
  let number = 0;

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = LIBRARY;
      script.onload = () => resolve(window.mermaid);
      script.onerror = () => reject(new Error("the library for diagrams did not load"));
      document.head.append(script);
    }));

  // The site's own colours, as the library can reckon with them: it knows no variables and no color-mix().
  const colour = (name) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = getComputedStyle(document.body).getPropertyValue(name).trim();
    return canvas.fillStyle;
  };

  const settings = () => ({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    secure: NOT_FOR_AUTHORS,
    fontFamily: getComputedStyle(document.body).fontFamily,
    theme: "base",
    themeVariables: {
      darkMode: document.body.getAttribute("data-md-color-scheme") === "slate",
      fontSize: "15px",
      background: colour("--ib-card"),
      primaryColor: colour("--ib-sunken"),
      primaryBorderColor: colour("--ib-muted"),
      primaryTextColor: colour("--ib-text"),
      secondaryColor: colour("--ib-busy-tint"),
      tertiaryColor: colour("--ib-bg"),
      lineColor: colour("--ib-muted"),
      edgeLabelBackground: colour("--ib-card"),
      textColor: colour("--ib-text"),
      noteBkgColor: colour("--ib-warn-tint"),
      noteTextColor: colour("--ib-text"),
      noteBorderColor: colour("--ib-warn"),
    },
  });

  // The library cleans what it draws; this is the second lock on the door.
  const cleaned = (svg) => {
    const template = document.createElement("template");
    template.innerHTML = svg;
    for (const element of template.content.querySelectorAll(INERT)) element.remove();
    for (const element of template.content.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        const local = name.replace(/^.*:/, "").toLowerCase();
        const leads = ["href", "src"].includes(local) && !value.startsWith("#");
        const loads = /url\(\s*["']?(?!["']?#)/i.test(value);
        if (local.startsWith("on") || leads || loads) element.removeAttribute(name);
      }
      if (element.localName === "style" && /@import|url\(\s*["']?(?!["']?#)/i.test(element.textContent)) {
        element.remove();
      }
    }
    return template.content;
  };

  const figure = (source) => {
    const made = document.createElement("figure");
    made.className = "ib-diagram";
    const drawing = document.createElement("div");
    drawing.setAttribute("role", "img");
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Source of the diagram";
    details.append(summary);
    made.append(drawing, details);
    source.replaceWith(made);
    details.append(source);
    return made;
  };

  const draw = async (source) => {
    const text = source.textContent;
    if (FOREIGN.test(text.replace(/^\s*%%(?!\{).*$/gm, ""))) return;
    try {
      const mermaid = await load();
      mermaid.initialize(settings());
      const { svg, diagramType } = await mermaid.render(`ib-diagram-${number++}`, text);
      const shown = source.closest(".ib-diagram") ?? figure(source);
      const drawing = shown.querySelector("[role=img]");
      drawing.replaceChildren(cleaned(svg));
      const named = drawing.querySelector("svg > title");
      drawing.setAttribute("aria-label", named?.textContent || `Diagram (${diagramType}); its source follows`);
    } catch {
      source.classList.add("ib-mermaid--unread"); // whoever wrote it sees what was written
    }
  };

  const drawAll = async () => {
    // one after another: the library keeps what it is drawing in variables of its own
    for (const source of document.querySelectorAll("pre.ib-mermaid:not(.ib-mermaid--unread)")) await draw(source);
  };

  let last = Promise.resolve();
  const soon = () => (last = last.then(drawAll));
  new MutationObserver(soon).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  // Material's instant navigation changes the page without loading one
  if (window.document$?.subscribe) window.document$.subscribe(soon);
  else soon();
})();
