// Settings of a grid or a search, and the best trial so far.
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
  const [target] = panels("parallel", 1);
  target.style.minWidth = `${7 * axes.length}rem`;  // narrower, the settings' names cover each other
  draw(target, "parallel", values, "Settings of each row and its accuracy, as parallel coordinates");
}

function drawSearch() {
  if (!show("search", data.search.length)) return;
  draw(panels("search", 1)[0], "search", data.search, "Validation accuracy of each trial and the best so far");
}
