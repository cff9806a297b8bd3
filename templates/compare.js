document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll("div.tasks")) {
    const body = part.querySelector("tbody");
    const rows = [...body.rows];
    const heads = [...part.querySelectorAll("thead th")];
    const [text, domain, change] = ["text", "domain", "change"].map((name) => part.querySelector(`.by-${name}`));
    const shown = part.querySelector(".shown");

    function order(column, numeric, sign) {
      return (a, b) => {
        const [x, y] = [a, b].map((row) => row.cells[column].dataset.value);
        if (x === "" || y === "") return (x === "") - (y === "");
        return sign * (numeric ? Number(x) - Number(y) : x.localeCompare(y, document.documentElement.lang));
      };
    }
    heads.forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const numeric = head.classList.contains("number");
        const was = head.getAttribute("aria-sort");
        const falling = was === "ascending" || (was !== "descending" && numeric);
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        body.append(...[...rows].sort(order(column, numeric, falling ? -1 : 1)));
      });
    });

    const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    function filter() {
      const wanted = text.value.trim().toLowerCase();
      let n = 0;
      for (const row of rows) {
        const fits = words.get(row).includes(wanted)
          && (!domain.value || row.dataset.domain === domain.value)
          && (!change.value || row.dataset.change === change.value);
        row.hidden = !fits;
        n += fits;
      }
      const said = n === rows.length ? part.dataset.all : part.dataset.some;
      shown.textContent = said.replace("{n}", n).replace("{total}", rows.length);
      part.querySelector(".empty").hidden = n > 0;
    }
    for (const control of [text, domain, change]) control.addEventListener("input", filter);
    filter();
  }
});
