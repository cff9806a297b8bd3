"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("tr.run")];
  if (!$("filter-text")) return;
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  function filter() {
    const text = $("filter-text").value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      const fits = words.get(row).includes(text)
        && ["agent", "model"].every((key) => !$(`filter-${key}`).value || row.dataset[key] === $(`filter-${key}`).value);
      row.hidden = !fits;
      n += fits;
    }
    const told = $("shown").dataset;
    $("shown").textContent = n === rows.length ? told.all : told.some.replace("{n}", n);
    if ($("no-match")) $("no-match").hidden = n > 0 || rows.length === 0;
  }
  for (const id of ["filter-text", "filter-agent", "filter-model"]) $(id).addEventListener("input", filter);
  filter();

  const boxes = [...document.querySelectorAll("input[name=run]")];
  function choose() {
    $("compare").disabled = boxes.filter((box) => box.checked).length < 2;
  }
  if ($("compare")) {
    boxes.forEach((box) => box.addEventListener("change", choose));
    choose();
  }
});
