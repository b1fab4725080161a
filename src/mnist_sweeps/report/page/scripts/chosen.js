// The rows that are compared, each with its colour.
const SLOTS = 8;  // colours: more lines than that cannot be told apart
const pictured = Object.keys(data.curves).map(Number);
const slots = new Map();  // row -> colour
const boxes = new Map();  // row -> checkbox in the table

function choose(row, on) {
  if (on && !slots.has(row)) {
    const taken = new Set(slots.values());
    const slot = [...Array(SLOTS).keys()].find((one) => !taken.has(one));
    if (slot === undefined) {
      say(`${SLOTS} rows can be compared at a time: remove one first.`);
      if (boxes.has(row)) boxes.get(row).checked = false;
      return;
    }
    slots.set(row, slot);
  } else if (!on) {
    slots.delete(row);
  }
  say("");
  showChosen();
  drawAll();
}

const comparedWith = (row) => (data.against ? data.against[row] : row === data.baseline ? undefined : data.baseline) ?? null;
const say = (words) => { $("#said").textContent = words; };
const chosen = () => [...slots.keys()].sort((a, b) => a - b);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (row) => token(`--c${slots.get(row)}`);

function showChosen() {
  const list = $("#chosen ul");
  const focused = document.activeElement?.closest("#chosen li") ? [...list.children].indexOf(document.activeElement.parentNode) : -1;
  list.replaceChildren(...chosen().map((row) => {
    const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    swatch.setAttribute("aria-hidden", "true");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["rx", "3"]]) rect.setAttribute(name, value);
    rect.style.fill = `var(--c${slots.get(row)})`;
    swatch.append(rect);
    const name = element("span", { textContent: data.names[row], dir: "auto" });
    const button = element("button", { type: "button", title: "Remove" }, swatch, name,
      element("span", { className: "remove", textContent: "×" }));
    button.setAttribute("aria-label", `Remove ${data.names[row]}`);
    button.addEventListener("click", () => choose(row, false));
    return element("li", {}, button);
  }));
  if (focused >= 0) (list.children[Math.min(focused, list.children.length - 1)]?.firstChild ?? $("#add")).focus();
  const add = $("#add");
  add.replaceChildren(element("option", { value: "", textContent: "a row…" }), ...pictured
    .filter((row) => !slots.has(row))
    .map((row) => element("option", { value: row, textContent: data.names[row] })));
  for (const [row, box] of boxes) box.checked = slots.has(row);
}

function setUpChoice() {
  if (!pictured.length) return;
  for (const line of lines) {
    const row = Number(line.dataset.row);
    if (!pictured.includes(row)) continue;
    const box = element("input", { type: "checkbox" });
    box.setAttribute("aria-label", `Compare ${data.names[row]}`);
    box.addEventListener("change", () => choose(row, box.checked));
    boxes.set(row, box);
    $(".pick", line).append(element("label", {}, box));
  }
  $("#add").addEventListener("change", (event) => {
    if (event.target.value !== "") choose(Number(event.target.value), true);
  });
  keep("row", () => {
    const rows = [...slots.entries()].sort(([, a], [, b]) => a - b);
    const asAtFirst = rows.length === data.chosen.length && rows.every(([row, slot]) => data.chosen[slot] === row);
    if (asAtFirst) return [];
    const names = Array(rows.length ? rows.at(-1)[1] + 1 : 1).fill("");  // empty: a colour that no row has
    for (const [row, slot] of rows) names[slot] = data.names[row];
    return names;
  }, (names) => {
    slots.clear();
    const rows = names.length ? names.map((name) => data.names.indexOf(name)) : data.chosen;
    rows.slice(0, SLOTS).forEach((row, slot) => { if (pictured.includes(row)) slots.set(row, slot); });
    showChosen();
  });
}
