// Confusion matrices of the chosen rows.
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
