// Points of equal cost next to each other, and their names where they do not cover one another. In pixels.
const APART = 7;  // between the intervals of points at one place
const LETTER = 6.2;  // width of one, on average, at 11 pixels
const LINE = 14;

// Moves points that are closer than 3 pixels apart; `left` and `right` are the ends of the group that a point is in.
function spreadOut(points) {
  const groups = [];
  for (const point of [...points].sort((a, b) => a.x - b.x)) {
    const group = groups.at(-1);
    if (group && point.x - group[0].x < 3) group.push(point);
    else groups.push([point]);
  }
  for (const group of groups) {
    const middle = group.reduce((sum, point) => sum + point.x, 0) / group.length;
    group.forEach((point, i) => { point.x = middle + APART * (i - (group.length - 1) / 2); });
    for (const point of group) [point.left, point.right] = [group[0].x, group.at(-1).x];
  }
}

// Gives each label `right`, whether it stands right of its point, and `y`, the nearest free line; the upper first.
function placeLabels(labels, points, width, height) {
  const taken = points.map((point) => ({ left: point.x - 5, right: point.x + 5, y: point.y, high: 10 }));
  for (const label of [...labels].sort((a, b) => a.point.y - b.point.y)) {
    const { left, right } = label.point;
    const y = label.point.y + (label.on_front ? 10 : 0);  // the line of the front goes through its points
    const long = Math.min(LETTER * label.name.length, 140);
    label.right = right + 8 + long <= width;
    const from = label.right ? right + 8 : left - 8 - long;
    const free = (at) => taken.every((box) => from + long < box.left || from > box.right || Math.abs(box.y - at) >= (LINE + box.high) / 2);
    const lines = [...Array(80).keys()].map((i) => y + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * LINE / 2);
    label.y = lines.find((at) => at > 0 && at < height && free(at)) ?? y;
    label.x = label.right ? from : from + long;
    taken.push({ left: from, right: from + long, y: label.y, high: LINE });
  }
}
