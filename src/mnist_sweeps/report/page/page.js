"use strict";
// The charts across rows, and what the table does. All content is in #data (report/page/charts.py); nothing is loaded.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const specs = data.specs;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const SLOTS = 8;  // colours: more lines than that cannot be told apart

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // ---- table: sort, filter, columns -------------------------------------------------------------------------------
  const table = $("#table");
  const body = table.tBodies[0];
  const lines = [...body.rows];
  const headers = $$("thead th[data-column]", table);
  const cell = (line, column) => line.querySelector(`[data-column="${column}"]`);

  function sortKey(line, header) {
    const found = cell(line, header.dataset.column);
    if (header.classList.contains("number")) {
      return found.dataset.value === undefined ? null : Number(found.dataset.value);
    }
    return found.textContent.trim();
  }

  function sortBy(header, descending) {
    const sign = descending ? -1 : 1;
    const keyed = lines.map((line) => [sortKey(line, header), line]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);  // empty cells stay last
      return sign * (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
    });
    body.append(...keyed.map(([, line]) => line));
    for (const other of headers) other.removeAttribute("aria-sort");
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
      if (header) sortBy(header, header.classList.contains("number"));
      else body.append(...lines);
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
  }

  const SPARED = ["Epochs", "Test loss", "Rank", "Validation %"];  // not shown at first where they would not fit

  function setUpColumns() {
    const menu = $("#columns fieldset");
    const tight = matchMedia("(min-width: 48.01rem) and (max-width: 66rem)").matches;
    headers.forEach((header, place) => {
      if (place === 0) return;
      const box = element("input", { type: "checkbox", checked: data.shown_columns[place] && !(tight && SPARED.includes(header.textContent)) });
      const apply = () => {
        for (const one of $$(`[data-column="${place}"]`, table)) one.hidden = !box.checked;
      };
      box.addEventListener("change", apply);
      menu.append(element("label", {}, box, ` ${header.textContent}`));
      apply();
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

  // ---- chosen rows ------------------------------------------------------------------------------------------------
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
      const button = element("button", { type: "button", title: "Remove" }, swatch, name, "×");
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
    for (const row of data.chosen) slots.set(row, slots.size);
    showChosen();
  }

  // ---- charts -----------------------------------------------------------------------------------------------------
  function theme() {
    const [ink, soft, line, rule] = ["--ink", "--soft", "--line", "--rule"].map(token);
    const font = getComputedStyle(document.body).fontFamily;
    return {
      background: null, font, padding: 4,
      view: { stroke: null },
      axis: { labelColor: soft, titleColor: soft, gridColor: line, domainColor: rule, tickColor: rule, labelFontSize: 12,
              titleFontSize: 12, titleFontWeight: "normal", tickCount: 5 },
      header: { labelColor: ink, labelFontSize: 13 },
      title: { color: ink, fontSize: 13, fontWeight: 600, anchor: "start", offset: 8 },
      text: { color: ink }, rule: { color: rule }, line: { color: token("--c0") }, point: { color: token("--c0") },
      range: { ramp: [token("--pale"), token("--c0")], heatmap: [token("--pale"), token("--c0")] },
    };
  }

  const jobs = new Map();  // element -> the chart that it shall show next; one at a time is drawn in it

  async function draw(target, name, values, description, adjust = () => {}) {
    const spec = structuredClone(specs[name]);
    adjust(spec);
    Object.assign(spec, { description, data: { values } });
    const job = {};
    jobs.set(target, job);
    const options = { ast: true, actions: false, renderer: "svg", tooltip: false, defaultStyle: false, config: theme() };
    target.view?.finalize();
    const shown = await vegaEmbed(target, spec, options);
    if (jobs.get(target) === job) target.view = shown.view;
  }

  function panels(figure, count) {
    const holder = $(`#${figure} .charts`);
    while (holder.children.length < count) holder.append(element("div", { className: "chart" }));
    while (holder.children.length > count) {
      holder.lastChild.view?.finalize();
      holder.lastChild.remove();
    }
    return [...holder.children];
  }

  const show = (figure, on) => { $(`#${figure}`).hidden = !on; return on; };

  const SKIPPED = 0.2;  // of the epochs: the steep start does not set the scale

  function drawCurves() {
    const rows = chosen().filter((row) => data.curves[row]);
    if (!show("curves", rows.length)) return;
    const held = rows.some((row) => data.curves[row].val_accuracy);
    const parts = [["validation", "val_"]].filter(() => held);
    if ($("#training").checked || !held) parts.push(["training", ""]);
    const targets = panels("curves", 2);
    [["accuracy", "Accuracy (%)", 100], ["loss", "Loss (nats per image)", 1]].forEach(([metric, title, factor], place) => {
      const values = [];
      for (const row of rows) {
        const curve = data.curves[row];
        for (const [part, prefix] of parts) {
          const band = curve[prefix + metric];
          curve.epoch.forEach((epoch, i) => {
            if (band && band.mean[i] !== null) {
              values.push({ name: data.names[row], part, epoch, last: curve.epoch.at(-1), colour: colour(row), mean: factor * band.mean[i],
                            low: factor * band.low[i], high: factor * band.high[i] });
            }
          });
        }
      }
      draw(targets[place], "curves", values, `${title} by epoch of ${names(rows)}`, (spec) => {
        spec.title = title;
        const lasting = values.filter((value) => value.epoch > SKIPPED * value.last || value.last < 5);
        const [low, high] = [Math.min(...lasting.map((value) => value.low)), Math.max(...lasting.map((value) => value.high))];
        const y = spec.layer[0].encoding.y;
        y.scale = { domain: [low, high], zero: false, nice: true };
        if (metric === "loss" && low > 0 && high > 10 * low) {
          y.scale = { domain: [low, high], type: "log", nice: false };
          y.axis.values = [1, 2, 5].flatMap((step) => [-4, -3, -2, -1, 0, 1].map((power) => step * 10 ** power));
          spec.title += ", log scale";
        }
      });
    });
  }

  const names = (rows) => rows.map((row) => data.names[row]).join(", ");

  function drawWeights() {
    const rows = chosen().filter((row) => data.weights[row]);
    if (!show("weights", rows.length)) return;
    const layers = new Map();  // "hidden_1 kernel" -> [row, layer], in layer order
    for (const row of rows) {
      for (const layer of data.weights[row]) {
        const key = `${layer.layer} ${layer.variable}`;
        if (!layers.has(key)) layers.set(key, []);
        layers.get(key).push([row, layer]);
      }
    }
    const rank = (key) => (key.startsWith("output ") ? 2 : 0) + (key.endsWith(" gamma") ? 3 : 0);
    const keys = [...layers.keys()].sort((a, b) => rank(a) - rank(b));
    const targets = panels("weights", keys.length);
    keys.forEach((key, place) => {
      const members = layers.get(key);
      const values = members.flatMap(([row, layer], position) => violinShapes(row, layer, position));
      const labels = members.map(([row]) => data.names[row]);
      draw(targets[place], "violins", values, `${key} weights, initial and trained, of ${names(members.map(([row]) => row))}`,
        (spec) => {
          spec.title = key;
          spec.params = [{ name: "labels", value: labels }];
          const x = spec.layer[0].encoding.x;
          const margin = Math.max(3 - members.length, 0) / 2;  // one or two violins do not fill the panel
          x.scale.domain = [-0.5 - margin, members.length - 0.5 + margin];
          x.axis = { title: null, values: members.map((_, i) => i), tickCount: members.length, labelExpr: "labels[datum.value]", grid: false, ticks: false,
                     labelAngle: members.length > 3 ? -35 : 0, labelLimit: 110, labelOverlap: false, domain: false };
        });
    });
  }

  function violinShapes(row, layer, position) {
    const shapes = [];
    const add = (stage, middle) => {
      const violin = layer[stage];
      if (!violin) return;
      const common = { key: `${row} ${stage}`, stage, colour: colour(row) };
      const half = (height) => 0.2 * height / 100;
      if (!violin.density) {
        shapes.push({ ...common, kind: "mark", value: violin.low, left: middle - 0.2, right: middle + 0.2 });
        return;
      }
      const step = (violin.high - violin.low) / (violin.density.length - 1);
      violin.density.forEach((height, i) => shapes.push({
        ...common, kind: "outline", value: violin.low + i * step, left: middle - half(height), right: middle + half(height) }));
      for (const quartile of violin.quartiles) {
        const width = half(violin.density[Math.round((quartile - violin.low) / step)]);
        shapes.push({ ...common, kind: "mark", value: quartile, left: middle - width, right: middle + width });
      }
    };
    add("initial", position - 0.22);
    add("trained", position + 0.22);
    return shapes;
  }

  function drawCosts() {
    const cost = $("#cost").value;
    const points = data.costs.filter((point) => point[cost] !== null);
    if (!show("costs", data.costs.length > 1)) return;
    const values = points.map((point) => {
      const front = point.front.includes(cost);
      const is = slots.has(point.row);
      return { name: data.names[point.row], cost: point[cost], accuracy: point.accuracy, low: point.low ?? point.accuracy,
               high: point.high ?? point.accuracy, front, chosen: is, labelled: front && points.length < 40,
               colour: is ? colour(point.row) : token("--rule") };
    });
    const spread = values.map((value) => value.cost);
    const logarithmic = Math.min(...spread) > 0 && Math.max(...spread) > 20 * Math.min(...spread);
    draw(panels("costs", 1)[0], "costs", values, `Test accuracy against ${cost}`, (spec) => {
      if (!values.some((value) => value.labelled)) spec.layer.pop();  // a layer without data is a warning
      spec.encoding.x.axis.title = `${$("#cost").selectedOptions[0].textContent}${logarithmic ? ", log scale" : ""}`;
      spec.encoding.x.scale = logarithmic ? { type: "log", nice: false, padding: 40 } : { zero: false, nice: false, padding: 40 };
    });
  }

  function drawConfusion() {
    const found = data.predictions;
    const known = (row) => found.rows?.indexOf(row) ?? -1;
    const base = data.baseline === null ? -1 : known(data.baseline);
    const rows = chosen().filter((row) => known(row) >= 0 && row !== data.baseline);
    if (!show("confusion", rows.length)) return;
    $("#confusion .caption").textContent = base >= 0
      ? `Images per run, minus those of ${data.names[data.baseline]}. Blue is better: more on the diagonal, fewer off it; orange is worse.`
      : "Images per run. The diagonal, right predictions, is left blank.";
    const values = [];
    for (const row of rows) {
      found.confusion[known(row)].forEach((line, truth) => line.forEach((count, predicted) => {
        const right = truth === predicted;
        const value = base >= 0 ? count - found.confusion[base][truth][predicted] : right ? 0 : count;
        const label = Math.abs(value) < 0.05 ? "" : Math.abs(value) < 9.95 ? value.toFixed(1).replace("-", "−") : value.toFixed(0).replace("-", "−");
        values.push({ name: data.names[row], row, true: truth, predicted, worse: right ? -value : value,
                      label: base >= 0 && value > 0 && label ? `+${label}` : label });
      }));
    }
    const largest = Math.max(...values.map((value) => Math.abs(value.worse)), 1e-9);
    for (const value of values) value.strong = Math.abs(value.worse) > 0.55 * largest;
    const target = panels("confusion", 1)[0];
    draw(target, "confusion", values, `Confusion matrices of ${names(rows)}`, (spec) => {
      spec.columns = Math.max(1, Math.min(rows.length, Math.floor(target.clientWidth / 300)));
      const side = Math.max(200, Math.min(300, target.clientWidth / spec.columns - 62));
      Object.assign(spec.spec, { width: side, height: side });
      const ink = spec.spec.layer[1].encoding.color;
      [ink.value, ink.condition.value] = [token("--ink"), token("--paper")];
      Object.assign(spec.spec.layer[0].encoding.color.scale,
        { domain: [-largest, 0, largest], range: [token("--better"), token("--band"), token("--worse")] });
    });
  }

  function drawParallel() {
    const { axes, lines: drawn } = data.parallel;
    if (!show("parallel", axes?.length)) return;
    const values = [];
    axes.forEach((axis) => {
      values.push({ kind: "axis", axis: axis.key, from: 0, to: 1 });
      axis.ticks.forEach(([place, label]) => values.push({ kind: "tick", axis: axis.key, place, label }));
    });
    for (const line of drawn) {
      line.places.forEach((place, number) => values.push({
        kind: "line", axis: axes[number].key, number, place, row: line.row, score: line.score, name: data.names[line.row] }));
    }
    draw(panels("parallel", 1)[0], "parallel", values, "Settings of each row and its accuracy, as parallel coordinates");
  }

  function drawSearch() {
    if (!show("search", data.search.length)) return;
    draw(panels("search", 1)[0], "search", data.search, "Validation accuracy of each trial and the best so far");
  }

  function drawAll() {
    drawCurves();
    drawWeights();
    drawCosts();
    drawConfusion();
  }

  // ---- images on which two rows disagree --------------------------------------------------------------------------
  const IMAGES = 24;

  function setUpImages() {
    const found = data.predictions;
    if (!show("images", found.rows?.length)) return;
    const [one, other] = [$("#one"), $("#other")];
    found.rows.forEach((row, place) => one.append(element("option", { value: place, textContent: data.names[row] })));
    other.append(element("option", { value: -1, textContent: "the true digit" }));
    found.rows.forEach((row, place) => other.append(element("option", { value: place, textContent: data.names[row] })));
    const base = found.rows.indexOf(data.baseline);
    const first = found.rows.findIndex((row) => row !== data.baseline && data.chosen.includes(row));
    one.value = Math.max(first, 0);
    other.value = first >= 0 ? base : -1;
    for (const select of [one, other]) select.addEventListener("change", showImages);
    showImages();
  }

  function showImages() {
    const found = data.predictions;
    const [one, other] = [Number($("#one").value), Number($("#other").value)];
    const mine = found.predicted[one];
    const theirs = other < 0 ? found.true : found.predicted[other];
    const total = other < 0 ? found.errors[one] : found.differ[one][other];
    const shown = [...mine].map((_, i) => i).filter((i) => mine[i] !== theirs[i] && i < found.shown).slice(0, IMAGES);
    const of = `${total.toLocaleString("en")} of ${found.images.toLocaleString("en")} test images, by the majority of each row's runs`;
    $("#differ").textContent = shown.length < total ? `${of}; ${shown.length} are shown.` : `${of}.`;
    $("#images .digits").replaceChildren(...shown.map((i) => {
      const digit = element("span", { className: "digit" });
      digit.setAttribute("role", "img");
      digit.setAttribute("aria-label", `test image ${found.image[i]}`);
      digit.style.backgroundImage = `url(${found.sprite})`;
      digit.style.backgroundPosition = `${-84 * (i % found.columns)}px ${-84 * Math.floor(i / found.columns)}px`;
      const said = (place) => {
        const predicted = found.predicted[place][i];
        return element("span", { className: predicted === found.true[i] ? "" : "wrong", textContent: predicted });
      };
      const item = element("li", {}, digit, `true ${found.true[i]}`, element("br"),
        element("bdi", { textContent: data.names[found.rows[one]] }), ": ", said(one));
      if (other >= 0) item.append(element("br"), element("bdi", { textContent: data.names[found.rows[other]] }), ": ", said(other));
      return item;
    }));
  }

  // ---- rows in depth: closed until they are asked for -------------------------------------------------------------
  function setUpDepth() {
    for (const row of $$("details.row")) row.open = false;
    const open = () => {
      const target = document.getElementById(location.hash.slice(1) || "none");
      if (target?.matches("details.row")) {
        target.open = true;
        target.scrollIntoView();
        $("summary", target).focus({ preventScroll: true });
      }
    };
    window.addEventListener("hashchange", open);
    for (const link of $$('#table a[href^="#row-"]')) {
      link.addEventListener("click", () => { if (link.hash === location.hash) open(); });
    }
    window.addEventListener("beforeprint", () => { for (const row of $$("details.row")) row.open = true; });
    open();
  }

  for (const one of $$(".scripted")) one.hidden = false;
  setUpColumns();
  setUpSorting();
  setUpFilter();
  setUpChoice();
  setUpDepth();
  if (!show("across", pictured.length)) return;
  if (data.validation === "test") $("#validated").textContent = "validation, on the test set";
  if (data.validation === "none") $("#validated").textContent = "training";
  $("#training").addEventListener("change", drawCurves);
  $("#cost").addEventListener("change", drawCosts);
  setUpImages();
  drawAll();
  drawParallel();
  drawSearch();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawAll(); drawParallel(); drawSearch(); });
})();
