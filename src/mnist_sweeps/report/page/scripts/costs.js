// Accuracy against what it costs.
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
    spec.encoding.x.axis.format = Math.max(...spread) >= 1e4 ? "~s" : "~g";
    spec.encoding.x.axis.title = `${$("#cost").selectedOptions[0].textContent}${logarithmic ? ", log scale" : ""}`;
    spec.encoding.x.scale = logarithmic ? { type: "log", nice: false, padding: 40 } : { zero: false, nice: false, padding: 40 };
  });
}
