// A chart in an element: Vega-Lite draws it in the page's colours.
function theme() {
  const [ink, soft, line, rule] = ["--ink", "--soft", "--line", "--rule"].map(token);
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: null, font, padding: 4,
    view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, gridColor: line, domainColor: rule, tickColor: rule, labelFontSize: 12,
            titleFontSize: 12, titleFontWeight: "normal", tickCount: 5, labelSeparation: 8, labelFlush: true },
    header: { labelColor: ink, labelFontSize: 13 },
    title: { color: ink, fontSize: 13, fontWeight: 600, anchor: "start", offset: 8 },
    text: { color: ink }, rule: { color: rule }, line: { color: token("--c0") }, point: { color: token("--c0") },
    range: { ramp: [token("--pale"), token("--c0")], heatmap: [token("--pale"), token("--c0")] },
  };
}

// One chart at a time is drawn in an element; of those that wait the last one counts.
function draw(target, name, values, description, adjust = () => {}) {
  const spec = structuredClone(specs[name]);
  adjust(spec);
  Object.assign(spec, { description, data: { values } });
  const options = { ast: true, actions: false, renderer: "svg", tooltip: false, defaultStyle: false, config: theme() };
  const turn = Promise.resolve(target.turn).then(async () => {
    if (target.turn !== turn) return;
    target.view?.finalize();
    target.view = (await vegaEmbed(target, spec, options)).view;
  });
  target.turn = turn;
}

const allDrawn = () => Promise.all($$(".chart").map((target) => target.turn));

function panels(figure, count) {
  const holder = $(`#${figure} .charts`);
  while (holder.children.length < count) holder.append(element("div", { className: "chart" }));
  while (holder.children.length > count) {
    holder.lastChild.view?.finalize();
    holder.lastChild.remove();
  }
  return [...holder.children];
}
