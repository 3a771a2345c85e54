// Small comforts on top of pages that already work: focus, closing menus, guarding double sends.
"use strict";

(() => {
  const focusSummary = (root) => {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };

  // A second click on the same form does nothing; the server refuses a repeat too.
  const guardForm = (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.sent === "1") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(() => {
      form.dataset.sent = "";
    }, 4000);
  };

  // "Choose all" appears only where this script runs; without it each box is ticked by hand.
  const offerAll = (root) => {
    for (const button of root.querySelectorAll("[data-pick]")) {
      const boxes = () => root.querySelectorAll(`input[name="${CSS.escape(button.dataset.pick)}"]`);
      button.hidden = false;
      button.addEventListener("click", () => {
        const every = [...boxes()].every((box) => box.checked);
        for (const box of boxes()) box.checked = !every;
      });
    }
  };

  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.account[open]")) menu.open = false;
    }
    if (typing) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  };

  document.addEventListener("click", closeMenus);
  document.addEventListener("submit", guardForm);
  document.addEventListener("keydown", keys);
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) form.dataset.sent = "";
  });
  offerAll(document);
  focusSummary(document);
})();
