// What a person did to the page, in its address: #filter=lower&row=wide. A link shows somebody else the same view, and
// a page that is loaded again looks as before. Rows and columns go by name, since their places change while a sweep runs.
const kept = new Map();  // parameter -> read: its values, none while it is as at first; restore: takes them back

function keep(parameter, read, restore) {
  kept.set(parameter, { read, restore });
}

function keepControl(parameter, control) {  // a select, a checkbox or a text field
  const field = control.type === "checkbox" ? "checked" : "value";
  const first = control[field];
  keep(parameter, () => (control[field] === first ? [] : [String(control[field])]), ([value]) => {
    const before = control[field];
    control[field] = value === undefined ? first : field === "checked" ? value === "true" : value;
    if (control.selectedIndex === -1) control[field] = first;  // the option is gone
    if (control[field] !== before) control.dispatchEvent(new Event(control.type === "search" ? "input" : "change"));
  });
}

// The place: the last title above the upper edge, and how many pixels below it the edge is.
const titles = () => $$("h2[id], figure[id], details.row").filter((title) => title.offsetParent !== null);
const titleName = (title) => title.dataset.name ?? title.id;

function place() {
  if (scrollY < 1) return [];
  const title = titles().filter((one) => one.getBoundingClientRect().top <= 1).at(-1);
  const below = title ? -title.getBoundingClientRect().top : scrollY;
  return [`${Math.round(below)} ${title ? titleName(title) : ""}`];
}

function goTo([value]) {
  const [, below, name] = /^(-?\d+) (.*)$/s.exec(value ?? "") ?? [];
  if (below === undefined) return;
  const title = titles().find((one) => titleName(one) === name);
  scrollTo({ top: Number(below) + (title ? title.getBoundingClientRect().top + scrollY : 0), behavior: "instant" });
}

function writeView() {
  const parameters = new URLSearchParams();
  for (const [parameter, { read }] of kept) {
    for (const value of read()) parameters.append(parameter, value);
  }
  for (const value of place()) parameters.append("at", value);
  const view = parameters.size ? `#${parameters}` : "";
  if (view !== location.hash) history.replaceState(null, "", `${location.pathname}${location.search}${view}`);
}

const isView = () => location.hash.includes("=");

async function restoreView() {
  const parameters = new URLSearchParams(isView() ? location.hash.slice(1) : "");
  for (const [parameter, { restore }] of kept) restore(parameters.getAll(parameter));
  drawAll();
  await allDrawn();
  goTo(parameters.getAll("at"));
}

async function setUpView() {
  history.scrollRestoration = "manual";
  await restoreView();
  let timer;
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(writeView, 200);
  };
  for (const event of ["input", "change", "click", "keyup", "toggle", "scroll"]) {
    document.addEventListener(event, writeSoon, true);
  }
  addEventListener("hashchange", () => { if (isView()) restoreView(); });
}
