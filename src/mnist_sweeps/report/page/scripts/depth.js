// Rows in depth: closed until they are asked for.
function setUpDepth() {
  for (const row of $$("details.row")) row.open = false;
  const open = () => {
    const target = document.getElementById(location.hash.slice(1) || "none");
    if (target?.matches("details.row")) {
      target.open = true;
      target.scrollIntoView();
      $("summary", target).focus({ preventScroll: true });
    }
  };
  window.addEventListener("hashchange", open);
  for (const link of $$('#table a[href^="#row-"]')) {
    link.addEventListener("click", () => { if (link.hash === location.hash) open(); });
  }
  window.addEventListener("beforeprint", () => { for (const row of $$("details.row")) row.open = true; });
  open();
}
