// What happens when the page is opened.
function drawAll() {
  if (!pictured.length) return;
  drawCurves();
  drawWeights();
  drawCosts();
  drawConfusion();
}

function start() {
  for (const one of $$(".scripted")) one.hidden = false;
  setUpTable();
  setUpChoice();
  setUpImages();
  setUpDepth();
  setUpLive();
  if (show("across", pictured.length)) {
    if (data.validation === "test") $("#validated").textContent = "validation, on the test set";
    if (data.validation === "none") $("#validated").textContent = "training";
    for (const [id, drawn] of [["training", drawCurves], ["cost", drawCosts]]) {
      $(`#${id}`).addEventListener("change", drawn);
      keepControl(id, $(`#${id}`));
    }
    drawParallel();
    drawSearch();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawAll(); drawParallel(); drawSearch(); });
  }
  setUpView();
}

start();
