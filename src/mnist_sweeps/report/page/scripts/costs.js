// Accuracy against what it costs.
const MARGIN = 40;  // pixels between the outermost points and the axes
const AXIS = 60;  // width of the axis of accuracy

function drawCosts() {
  const cost = $("#cost").value;
  const points = data.costs.filter((point) => point[cost] !== null);
  if (!show("costs", data.costs.length > 1)) return;
  const [target] = panels("costs", 1);
  const costs = points.map((point) => point[cost]);
  const logarithmic = Math.min(...costs) > 0 && Math.max(...costs) > 20 * Math.min(...costs);
  const high = specs.costs.height;
  const wide = Math.max(target.clientWidth - AXIS, 1);
  const x = axis(costs, [MARGIN, wide - MARGIN], logarithmic);
  const y = axis(points.flatMap((point) => [point.accuracy, point.low ?? point.accuracy, point.high ?? point.accuracy]), [high - 10, 10]);
  const values = points.map((point) => {
    const front = point.front.includes(cost);
    const is = slots.has(point.row);
    return { kind: "point", name: data.names[point.row], cost: point[cost], accuracy: point.accuracy, low: point.low ?? point.accuracy,
             high: point.high ?? point.accuracy, front, chosen: is, colour: is ? colour(point.row) : token("--rule"),
             place: { x: x.pixel(point[cost]), y: y.pixel(point.accuracy) } };
  });
  const few = points.length < 40;
  if (few) spreadOut(values.map((value) => value.place));
  const labels = values.filter((value) => few && (value.front || value.chosen))
    .map((value) => ({ kind: "label", name: value.name, colour: value.colour, on_front: value.front, point: value.place }));
  placeLabels(labels, values.map((value) => value.place), wide, high);
  for (const value of values) value.x = x.value(value.place.x);
  for (const label of labels) Object.assign(label, { x: x.value(label.x), accuracy: y.value(label.y) });
  draw(target, "costs", [...values, ...labels], `Test accuracy against ${cost}`, (spec) => {
    spec.layer = spec.layer.filter((layer) => !layer.needs || labels.some((label) => label.right === (layer.needs === "right")));
    for (const layer of spec.layer) delete layer.needs;  // a layer without data is a warning
    spec.encoding.x.axis.format = Math.max(...costs) >= 1e4 ? "~s" : "~g";
    spec.encoding.x.axis.title = `${$("#cost").selectedOptions[0].textContent}${logarithmic ? ", log scale" : ""}`;
    spec.encoding.x.scale = { type: logarithmic ? "log" : "linear", domain: [0, wide].map(x.value), nice: false };
    spec.encoding.y.scale = { domain: [high, 0].map(y.value), nice: false };
  });
}

// The scale of an axis on which values take the given pixels: `pixel` of a value, and the `value` at a pixel.
function axis(values, [from, to], logarithmic = false) {
  const [scaled, unscaled] = logarithmic ? [Math.log, Math.exp] : [Number, Number];
  const [low, high] = [scaled(Math.min(...values)), scaled(Math.max(...values))];
  const [start, span] = high > low ? [low, high - low] : [low - 1, 2];
  return { pixel: (value) => from + (to - from) * (scaled(value) - start) / span,
           value: (pixel) => unscaled(start + span * (pixel - from) / (to - from)) };
}
