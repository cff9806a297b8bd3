"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const remembered = {
    read() { try { return localStorage.getItem("agentbench-theme"); } catch { return null; } },
    write(name) { try { localStorage.setItem("agentbench-theme", name); } catch { /* storage is off: not remembered */ } },
  };
  function paint(name) {
    if (name === "light" || name === "dark") root.dataset.theme = name;
    else delete root.dataset.theme;
  }
  paint(remembered.read());

  document.addEventListener("DOMContentLoaded", () => {
    for (const radio of document.querySelectorAll("input[name=theme]")) {
      radio.checked = radio.value === (root.dataset.theme || "auto");
      radio.addEventListener("change", () => { paint(radio.value); remembered.write(radio.value); });
    }
  });
})();
