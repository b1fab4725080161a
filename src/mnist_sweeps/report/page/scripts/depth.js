// Rows in depth: closed until they are asked for.
const DETAILS = "details.row, details.more";

function detailsName(details) {
  const row = details.closest(".row")?.dataset.name ?? "";
  return details.matches(".row") ? row : `${row} › ${$("summary", details).textContent}`;
}

function openLinked() {
  const target = document.getElementById(location.hash.slice(1) || "none");
  if (!target?.matches(DETAILS)) return;
  target.open = true;
  target.scrollIntoView();
  $("summary", target).focus({ preventScroll: true });
}

const isOpen = () => $$(DETAILS).filter((details) => details.open).map(detailsName);

function openOnly(names) {
  for (const details of $$(DETAILS)) details.open = names.includes(detailsName(details));
}

function setUpDepth() {
  openOnly([]);
  addEventListener("hashchange", openLinked);
  for (const link of $$('#table a[href^="#row-"]')) {
    link.addEventListener("click", () => { if (link.hash === location.hash) openLinked(); });
  }
  let before = [];
  addEventListener("beforeprint", () => {
    before = isOpen();
    for (const row of $$("details.row")) row.open = true;
  });
  addEventListener("afterprint", () => openOnly(before));
  keep("open", isOpen, openOnly);
}
