// The table: sorted, filtered, with columns that are chosen.
const table = $("#table");
const lines = table ? [...table.tBodies[0].rows] : [];
const headers = table ? $$("thead th[data-column]", table) : [];
let sorted = null;  // the header that the lines are sorted by; null: as planned
const cell = (line, column) => line.querySelector(`[data-column="${column}"]`);

function sortKey(line, header) {
  const found = cell(line, header.dataset.column);
  if (header.classList.contains("number")) {
    return found.dataset.value === undefined ? null : Number(found.dataset.value);
  }
  return found.textContent.trim();
}

function sortBy(header, descending) {
  sorted = header;
  for (const other of headers) other.removeAttribute("aria-sort");
  $("#sort").value = header?.dataset.column ?? "";
  if (!header) {
    table.tBodies[0].append(...lines);
    return;
  }
  const sign = descending ? -1 : 1;
  const keyed = lines.map((line) => [sortKey(line, header), line]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);  // empty cells stay last
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  });
  table.tBodies[0].append(...keyed.map(([, line]) => line));
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

function setUpSorting() {
  const select = $("#sort");
  select.append(element("option", { value: "", textContent: "as planned" }));
  for (const header of headers) {
    const title = header.textContent;
    const button = element("button", { type: "button", textContent: title });
    header.replaceChildren(button);
    // Numbers start with the largest; names with A.
    const first = header.classList.contains("number") ? "descending" : "ascending";
    button.addEventListener("click", () => {
      const now = header.getAttribute("aria-sort") ?? (first === "ascending" ? "descending" : "ascending");
      sortBy(header, now === "ascending");
    });
    select.append(element("option", { value: header.dataset.column, textContent: title }));
  }
  select.addEventListener("change", () => {
    const header = headers.find((one) => one.dataset.column === select.value);
    sortBy(header ?? null, header?.classList.contains("number"));
  });
  keep("sort", () => (sorted ? [`${sorted.getAttribute("aria-sort")} ${sorted.dataset.title}`] : []), ([value]) => {
    const header = headers.find((one) => value?.endsWith(`ing ${one.dataset.title}`));
    if (header || sorted) sortBy(header ?? null, value?.startsWith("descending"));
  });
}

function setUpFilter() {
  const input = $("#filter");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of lines) {
      const text = line.textContent.toLowerCase();
      line.hidden = !words.every((word) => text.includes(word));
    }
    const shown = lines.filter((line) => !line.hidden).length;
    $("#count").textContent = words.length ? `${shown} of ${lines.length} rows` : "";
  };
  input.addEventListener("input", apply);
  keepControl("filter", input);
}

const SPARED = ["Epochs", "Test loss", "Rank", "Validation %"];  // not shown at first in narrow windows

function setUpColumns() {
  const menu = $("#columns fieldset");
  const tight = matchMedia("(max-width: 66rem)").matches;
  const boxes = headers.slice(1).map((header, before) => {
    const [place, title] = [before + 1, header.dataset.title];
    const box = element("input", { type: "checkbox", value: title });
    box.checked = box.defaultChecked = data.shown_columns[place] && !(tight && SPARED.includes(title));
    const apply = () => {
      for (const one of $$(`[data-column="${place}"]`, table)) one.hidden = !box.checked;
    };
    box.addEventListener("change", apply);
    menu.append(element("label", {}, box, ` ${title}`));
    apply();
    return box;
  });
  keep("column", () => boxes.filter((box) => box.checked !== box.defaultChecked).map((box) => `${box.checked ? "+" : "-"}${box.value}`),
    (values) => {
      for (const box of boxes) {
        box.checked = values.includes(`+${box.value}`) || (box.defaultChecked && !values.includes(`-${box.value}`));
        box.dispatchEvent(new Event("change"));
      }
    });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#columns")) $("#columns").open = false;
  });
  $("#columns").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $("#columns").open = false;
      $("#columns summary").focus();
    }
  });
}

function setUpTable() {
  if (!table) return;
  setUpColumns();
  setUpSorting();
  setUpFilter();
}
