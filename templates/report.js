"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  const table = document.querySelector("table");
  const tasks = [...table.querySelectorAll("tbody.task")];
  const heads = [...table.querySelectorAll("thead th")];
  const expandAll = $("expand-all");

  function setOpen(task, open) {
    task.classList.toggle("open", open);
    task.querySelector(".toggle").setAttribute("aria-expanded", String(open));
  }
  for (const task of tasks) {
    setOpen(task, false);
    task.querySelector(".toggle").addEventListener("click", () => setOpen(task, !task.classList.contains("open")));
  }
  expandAll.addEventListener("click", () => {
    const open = expandAll.getAttribute("aria-pressed") !== "true";
    tasks.forEach((task) => setOpen(task, open));
    expandAll.setAttribute("aria-pressed", String(open));
    expandAll.textContent = open ? expandAll.dataset.close : expandAll.dataset.open;
  });

  function compare(column, numeric, sign) {
    return (a, b) => {
      const [x, y] = [a, b].map((task) => task.querySelector(".main").children[column].dataset.value);
      if (x === "" || y === "") return (x === "") - (y === "");
      return sign * (numeric ? Number(x) - Number(y) : x.localeCompare(y, "en"));
    };
  }
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const numeric = !head.classList.contains("text");
      const was = head.getAttribute("aria-sort");
      const falling = was === "none" ? head.classList.contains("number") : was === "ascending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      [...tasks].sort(compare(column, numeric, falling ? -1 : 1)).forEach((task) => table.append(task));
    });
  });

  const words = new Map(tasks.map((task) => [task, task.textContent.toLowerCase()]));
  function filter() {
    const text = $("filter-text").value.trim().toLowerCase();
    const domain = $("filter-domain").value;
    const difficulty = $("filter-difficulty").value;
    const state = $("filter-state").value;
    let n = 0;
    for (const task of tasks) {
      const fits = words.get(task).includes(text)
        && (!$("filter-domain").selectedIndex || task.dataset.domain === domain)
        && (!difficulty || task.dataset.difficulty === difficulty)
        && (!difficulty || task.dataset.difficulty === difficulty)
      && (!state || task.dataset.state === state);
      task.hidden = !fits;
      n += fits;
    }
    const told = $("shown").dataset;
    $("shown").textContent = n === tasks.length ? told.all : told.some.replace("{n}", n);
    $("no-match").hidden = n > 0 || tasks.length === 0;
  }
  for (const id of ["filter-text", "filter-domain", "filter-difficulty", "filter-state"]) $(id).addEventListener("input", filter);
  filter();

  function follow() {
    const task = tasks.find((one) => `#${one.id}` === location.hash);
    if (!task) return;
    if (task.hidden) {
      $("filter-text").value = "";
      for (const id of ["filter-domain", "filter-difficulty", "filter-state"]) $(id).selectedIndex = 0;
      filter();
    }
    setOpen(task, true);
    task.scrollIntoView();
    task.querySelector(".toggle").focus({ preventScroll: true });
  }
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll(".findings details:not([open])")];
    unfolded.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((one) => { one.open = false; }));

  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#task-']");
    if (link && link.hash === location.hash) follow();
  });
  follow();
});
