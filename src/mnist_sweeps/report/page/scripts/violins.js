// Weights of the chosen rows side by side, layer by layer.
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
