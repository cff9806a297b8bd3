"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const main = document.querySelector("main");
  async function refresh() {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const text = (await answer.text()).replace(/<(style|script)>[^]*?<\/\1>/g, "");
      const page = new DOMParser().parseFromString(text, "text/html");
      if (!page.getElementById("advance")) { location.reload(); return; }
      document.title = page.title;
      main.replaceChildren(...page.querySelector("main").childNodes);
    } catch { /* the server is gone for a moment: try again */ }
    setTimeout(refresh, 2000);
  }
  setTimeout(refresh, 2000);
});
