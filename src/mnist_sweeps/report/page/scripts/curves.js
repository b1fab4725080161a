// Learning curves of the chosen rows over each other.
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
