// Confusion matrices of the chosen rows.
const MOST_WRITTEN = 15;  // classes whose counts fit into the cells

function drawConfusion() {
  const found = data.predictions;
  const known = (row) => found.rows?.indexOf(row) ?? -1;
  const shown = chosen().filter((row) => known(row) >= 0);
  const compared = shown.filter((row) => known(comparedWith(row)) >= 0);
  const others = [...new Set(compared.map(comparedWith))];
  const rows = others.length ? compared : shown.filter((row) => row !== data.baseline);
  if (!show("confusion", rows.length)) return;
  $("#confusion .caption").textContent = others.length
    ? `Images per run, minus those of ${others.length > 1 ? "the row it is compared with" : names(others)}. Blue is better: more on the diagonal, fewer off it; orange is worse.`
    : "Images per run. The diagonal, right predictions, is left blank.";
  const matrices = rows.map((row) => found.confusion[known(row)].flatMap((line, truth) => line.map((count, predicted) => {
    const right = truth === predicted;
    const other = found.confusion[known(comparedWith(row))];
    const value = other ? count - other[truth][predicted] : right ? 0 : count;
    return { true: found.classes[truth], predicted: found.classes[predicted], worse: right ? -value : value, label: countLabel(value, Boolean(other)) };
  })));
  const largest = Math.max(...matrices.flat().map((value) => Math.abs(value.worse)), 1e-9);
  for (const value of matrices.flat()) value.strong = Math.abs(value.worse) > 0.55 * largest;
  const targets = panels("confusion", rows.length);
  rows.forEach((row, number) => {
    draw(targets[number], "confusion", matrices[number], `Confusion matrix of ${data.names[row]}`, (spec) => {
      spec.title = { text: data.names[row], limit: targets[number].clientWidth };
      const ink = spec.layer[1].encoding.color;
      [ink.value, ink.condition.value] = [token("--ink"), token("--paper")];
      Object.assign(spec.layer[0].encoding.color.scale,
        { domain: [-largest, 0, largest], range: [token("--better"), token("--band"), token("--worse")] });
      const { x, y } = spec.encoding;
      Object.assign(x, { sort: found.classes, axis: { ...x.axis, title: `predicted ${className()}` } });
      Object.assign(y, { sort: found.classes, axis: { ...y.axis, title: `true ${className()}` } });
      if (found.classes.some((name) => name.length > 2)) x.axis.labelAngle = -90;
      if (found.classes.length > MOST_WRITTEN) spec.layer.length = 1;
    });
  });
}

function countLabel(value, signed) {
  if (Math.abs(value) < 0.05) return "";
  const digits = value.toFixed(Math.abs(value) < 9.95 ? 1 : 0).replace("-", "−");
  return signed && value > 0 ? `+${digits}` : digits;
}
