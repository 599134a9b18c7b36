// Starts what a page needs. Figures and tables are in the page already; charts
// are drawn beside them, and their library is fetched only where there is one.
const boxes = document.querySelectorAll("[data-grafica]");
if (boxes.length > 0) {
  import("./charts.js").then(({ start }) => start(boxes));
}

// What is folded on the screen, sources among it, is open on paper.
const opened = [];
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    opened.push(folded);
  }
});
addEventListener("afterprint", () => {
  for (const folded of opened.splice(0)) folded.open = false;
});
