// Turns an option object of the server into one for this reader: colours of the
// scheme in use, numbers as es-MX writes them, and less where there is no room.

const narrow = 520;

// finish returns a new option object; the document stays as it came.
export function finish({ opcion, unidad, decimales }, width, style) {
  const option = colour(structuredClone(opcion), style);
  const write = writer(unidad, decimales);
  const font = style.getPropertyValue("--letra").trim();
  option.textStyle = { fontFamily: font, fontSize: 13 };
  option.tooltip = {
    ...option.tooltip,
    renderMode: "richText", // markup would need style attributes, which the policy forbids
    confine: true,
    valueFormatter: write,
    backgroundColor: token(style, "--papel"),
    borderColor: token(style, "--linea"),
    textStyle: { color: token(style, "--tinta"), fontFamily: font, fontSize: 13 },
    axisPointer: { type: option.series.some((s) => s.type === "line") ? "line" : "shadow" },
  };
  for (const series of option.series) label(series, option, write, width);
  for (const axis of [option.xAxis].flat()) scale(axis, writer(unidad, 0), width, false);
  for (const axis of [option.yAxis].flat()) scale(axis, writer(unidad, 0), width, true);
  return option;
}

function writer(unit, decimals) {
  const number = new Intl.NumberFormat("es-MX", { maximumFractionDigits: decimals || 0, minimumFractionDigits: decimals || 0 });
  const sign = unit === "porcentaje" || unit === "%" ? "\u00a0%" : "";
  return (value) => (typeof value === "number" ? number.format(value) + sign : "sin dato");
}

function label(series, option, write, width) {
  if (series.type === "pie") {
    series.label.formatter = ({ name, value }) => `${name}\n${write(value)}`;
    series.label.lineHeight = 18;
    series.label.bleedMargin = 0;
    if (width < narrow) {
      series.radius = ["30%", "48%"];
      series.labelLine = { ...series.labelLine, length: 8, length2: 6 };
    }
    return;
  }
  if (!series.label?.show) return;
  const bars = option.series.filter((s) => s.type === "bar");
  const places = Math.max(...bars.concat(series).map((s) => s.data?.length ?? 0));
  const upright = series.label.position === "top";
  series.label.show = !upright || width / places > 58;
  series.label.formatter = ({ value }) => {
    const shown = Array.isArray(value) ? value.at(-1) : value;
    return typeof shown === "number" && shown !== 0 || series.type === "line" ? write(shown) : shown === 0 ? write(0) : "";
  };
  series.labelLayout = { hideOverlap: true };
}

// scale writes an axis; names that stand beside bars break into lines.
function scale(axis, write, width, beside) {
  if (!axis) return;
  if (axis.type === "value") {
    axis.axisLabel = { ...axis.axisLabel, formatter: write };
    axis.minInterval = 1; // the axis is written without decimals: no number may stand on it twice
    if (axis.max === 100) axis.interval = width < narrow ? 50 : 25;
    else if (width < narrow) axis.splitNumber = 3;
    return;
  }
  if (!beside) return;
  axis.axisLabel = { ...axis.axisLabel, width: width < narrow ? 118 : 220, overflow: axis.data?.length > 10 ? "truncate" : "break", lineHeight: 15 };
}

// colour replaces every "var(--name)" by what it stands for.
function colour(node, style) {
  if (typeof node === "string") {
    const name = /^var\((--[a-z0-9-]+)\)$/.exec(node)?.[1];
    return name ? token(style, name) : node;
  }
  if (Array.isArray(node)) return node.map((item) => colour(item, style));
  if (node && typeof node === "object") {
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, colour(item, style)]));
  }
  return node;
}

function token(style, name) {
  return style.getPropertyValue(name).trim();
}
