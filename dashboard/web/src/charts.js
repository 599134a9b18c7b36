// Draws the charts of a page from the option JSON of our own server.
import { init } from "./echarts.js";
import { finish } from "./theme.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Map(); // box → { chart, document }

// start draws each box when it comes near the window, or else when nothing more
// urgent is left to do: print takes what is there and waits for nothing. Charts are
// drawn again when the reader's colour scheme changes, and in the colours of paper
// before print.
export function start(boxes) {
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        draw(target);
      }
    }
  }, { rootMargin: "500px" });
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) paint(target);
  });
  const draw = async (box) => {
    if (box.dataset.estado) return;
    box.dataset.estado = "cargando";
    try {
      const answer = await fetch(box.dataset.grafica, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const document = await answer.json();
      const chart = init(box, null, { renderer: "canvas" });
      drawn.set(box, { chart, document, width: 0 });
      chart.on("finished", () => { box.dataset.estado = "lista"; });
      paint(box);
      sizes.observe(box);
    } catch {
      box.dataset.estado = "error";
      box.textContent = "La gráfica no se pudo dibujar. La tabla tiene las mismas cifras.";
    }
  };
  for (const box of boxes) near.observe(box);
  const all = () => boxes.forEach(draw);
  if ("requestIdleCallback" in window) requestIdleCallback(all, { timeout: 3000 });
  else setTimeout(all, 1000);
  const again = () => {
    for (const [box, state] of drawn) {
      state.width = 0;
      paint(box);
      state.chart.getZr().flush();
    }
  };
  const paper = (on) => {
    document.documentElement.classList.toggle("papel", on);
    again();
  };
  addEventListener("beforeprint", () => { all(); paper(true); });
  addEventListener("afterprint", () => paper(false));
  dark.addEventListener("change", again);
}

// paint sets the option for the box's width; labels depend on it.
function paint(box) {
  const state = drawn.get(box);
  if (!state || box.clientWidth === 0 || box.clientWidth === state.width) return;
  state.width = box.clientWidth;
  state.chart.resize();
  const option = finish(state.document, box.clientWidth, getComputedStyle(document.documentElement));
  option.animation = false; // paper and pictures take the first frame: it has to be the whole chart
  state.chart.setOption(option, { notMerge: true });
}
