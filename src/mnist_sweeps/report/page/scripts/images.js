// Images on which two rows disagree.
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
