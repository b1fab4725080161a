// A page that `watch` serves asks every few seconds for a newer one. The server answers with that or with no content,
// and then the browser keeps what it shows.
const QUIET = 2000;  // milliseconds without a key or click, after which the page may be loaded again

function setUpLive() {
  const { version, seconds } = document.documentElement.dataset;
  if (version === undefined) return;
  let touched = -QUIET;
  for (const event of ["keydown", "pointerdown", "wheel"]) {
    document.addEventListener(event, (moment) => { touched = moment.timeStamp; }, true);
  }
  keep("focus", () => (document.activeElement?.id ? [document.activeElement.id] : []), ([id]) => {
    const control = id && document.getElementById(id);
    if (!control) return;
    control.focus({ preventScroll: true });
    if (control.type === "search") control.setSelectionRange(control.value.length, control.value.length);
  });
  const ask = () => {
    if (performance.now() - touched < QUIET) return;
    writeView();
    location.replace(`/newer-than/${version}${location.hash}`);
  };
  addEventListener("load", () => setInterval(ask, 1000 * Number(seconds)));
}
