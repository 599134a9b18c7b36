// Starts what a page needs. Figures and tables are in the page already; charts
// are drawn beside them, and their library is fetched only where there is one.
const boxes = document.querySelectorAll("[data-grafica]");
if (boxes.length > 0) {
  import("./charts.js").then(({ start }) => start(boxes));
}
