// Filters and keys. Without this script the page shows everything, and its marks are links to their notes.
"use strict";
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const articles = all(".article").map((element) => ({
  element,
  site: element.dataset.site,
  day: element.dataset.day,
  name: element.querySelector("h2").textContent.toLowerCase(),
  notes: all(".note", element).map((note) => ({ element: note, ...note.dataset, shown: true })),
}));
const kinds = ["rule", "site", "day"];
const chosen = Object.fromEntries(kinds.map((kind) => [kind, new Set()]));
const words = byId("words");
const counted = (count, name) => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
let marks;

for (const part of all(".filters, #theme, .keys")) part.hidden = false;

function filter() {
  const severities = new Set(all("[name=severity]:checked").map((box) => box.value));
  const boxes = all("[name=severity]").length;
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!marks) {
    marks = new Map();
    for (const link of all("[data-f]")) {
      const id = `f${link.dataset.f}`;
      marks.set(id, [...(marks.get(id) ?? []), link.parentElement]);
    }
  }
  let findings = 0, shown = 0;
  for (const article of articles) {
    // A month or a year is the start of its days.
    const here = (!chosen.site.size || chosen.site.has(article.site))
      && (!chosen.day.size || [...chosen.day].some((period) => article.day.startsWith(period)));
    let some = false;
    for (const note of article.notes) {
      if (wanted.length) note.text ??= `${article.name} ${note.element.firstElementChild.textContent.toLowerCase()}`;
      note.shown = here && (!chosen.rule.size || chosen.rule.has(note.rule)) && severities.has(note.severity)
        && wanted.every((word) => note.text.includes(word));
      if (note.element.hidden === note.shown) {
        note.element.hidden = !note.shown;
        for (const mark of marks.get(note.element.id) ?? []) mark.classList.toggle("off", !note.shown);
      }
      some ||= note.shown;
      findings += note.shown;
    }
    article.lines ??= all("[data-in]", article.element).map((line) => ({ line, notes: line.dataset.in.split(" ").map((id) => byId(`f${id}`)) }));
    for (const { line, notes } of article.lines) line.classList.toggle("off", notes.every((note) => note.hidden));
    article.element.hidden = !some;
    shown += some;
  }
  const filtered = wanted.length || kinds.some((kind) => chosen[kind].size) || severities.size < boxes;
  byId("clear").hidden = !filtered;
  byId("count").textContent = filtered ? `${counted(findings, "finding")} in ${counted(shown, "article")}` : "";
}

for (const kind of kinds) {
  for (const button of all(`button[data-${kind}]`)) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      chosen[kind][on ? "add" : "delete"](button.dataset[kind]);
      filter();
    });
  }
}
let waiting;
words.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
for (const box of all("[name=severity]")) box.addEventListener("change", filter);
byId("clear").addEventListener("click", () => {
  words.value = "";
  for (const box of all("[name=severity]")) box.checked = true;
  for (const kind of kinds) {
    chosen[kind].clear();
    for (const button of all(`button[data-${kind}]`)) button.setAttribute("aria-pressed", false);
  }
  filter();
});
byId("fold").addEventListener("click", ({ target }) => {
  const open = target.getAttribute("aria-pressed") !== "true";
  target.setAttribute("aria-pressed", open);
  target.textContent = open ? "Close all" : "Open all";
  for (const { element } of articles) element.open = open;
});
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

let current = null;
function show(note) {
  current?.classList.remove("here");
  current = note;
  note.classList.add("here");
  note.closest(".article").open = true;
  note.open = true;
  note.firstElementChild.focus({ preventScroll: true });
  note.closest(".line").scrollIntoView({ block: "center" });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#f"]');
  const note = link && byId(link.hash.slice(1));
  if (!note) return;
  event.preventDefault();
  show(note);
});
function step(by) {
  const notes = articles.flatMap((article) => article.notes).filter((note) => note.shown).map((note) => note.element);
  if (!notes.length) return;
  const at = notes.indexOf(current);
  show(notes[at < 0 ? (by > 0 ? 0 : notes.length - 1) : (at + by + notes.length) % notes.length]);
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const keys = { j: () => step(1), k: () => step(-1), "/": () => words.focus(), t: () => byId("theme").click() };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
