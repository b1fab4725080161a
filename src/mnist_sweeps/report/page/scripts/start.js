// What happens when the page is opened.
function drawAll() {
  drawCurves();
  drawWeights();
  drawCosts();
  drawConfusion();
}

function start() {
  for (const one of $$(".scripted")) one.hidden = false;
  setUpColumns();
  setUpSorting();
  setUpFilter();
  setUpChoice();
  setUpDepth();
  if (!show("across", pictured.length)) return;
  if (data.validation === "test") $("#validated").textContent = "validation, on the test set";
  if (data.validation === "none") $("#validated").textContent = "training";
  $("#training").addEventListener("change", drawCurves);
  $("#cost").addEventListener("change", drawCosts);
  setUpImages();
  drawAll();
  drawParallel();
  drawSearch();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawAll(); drawParallel(); drawSearch(); });
}

start();
