// Images on which two rows disagree.
const IMAGES = 24;
const TRUE = "";  // in place of a row

function setUpImages() {
  const found = data.predictions;
  if (!show("images", found.rows?.length)) return;
  const [one, other] = [$("#one"), $("#other")];
  const options = () => found.rows.map((row) => element("option", { value: data.names[row], textContent: data.names[row] }));
  one.append(...options());
  other.append(element("option", { value: TRUE, textContent: `the true ${className()}` }), ...options());
  const first = found.rows.find((row) => data.chosen.includes(row) && found.rows.includes(comparedWith(row)));
  one.value = data.names[first ?? found.rows[0]];
  other.value = first === undefined ? TRUE : data.names[comparedWith(first)];
  for (const select of [one, other]) {
    select.addEventListener("change", showImages);
    keepControl(select.id, select);
  }
  showImages();
}

function showImages() {
  const found = data.predictions;
  const [one, other] = [$("#one"), $("#other")].map((select) => found.rows.findIndex((row) => data.names[row] === select.value));
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
    digit.style.backgroundImage = `url(${$("#sprite").getAttribute("href")})`;
    const high = 84 * found.ratio;
    digit.style.height = `${high}px`;
    digit.style.backgroundPosition = `${-84 * (i % found.columns)}px ${-high * Math.floor(i / found.columns)}px`;
    const said = (place) => {
      const predicted = found.predicted[place][i];
      return element("span", { className: predicted === found.true[i] ? "" : "wrong", textContent: found.classes[predicted] });
    };
    const item = element("li", {}, digit, `true ${found.classes[found.true[i]]}`, element("br"),
      element("bdi", { textContent: data.names[found.rows[one]] }), ": ", said(one));
    if (other >= 0) item.append(element("br"), element("bdi", { textContent: data.names[found.rows[other]] }), ": ", said(other));
    return item;
  }));
}
