// Draws every <canvas data-chart='{"type": "bar", "labels": […], "sets": [{"label", "values", "colour"}], …}'>.
// Optional: "stacked", "across" (bars lie), "percent"; a set with "line" is drawn as a line over the bars.
// Colours are Tabler's names ("red"), so that a chart follows the theme. The same figures stand in a table beside it.
(function () {
  "use strict";
  var charts = [], still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // A canvas knows no variables: the browser works them out on an element that nobody sees.
  function colour(name) {
    var probe = document.createElement("span");
    probe.hidden = true;
    probe.style.color = "var(--tblr-" + name + ")";
    document.body.appendChild(probe);
    var found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function set(one, spec) {
    var shade = colour(one.colour), line = one.line || spec.type === "line";
    return {
      label: one.label, data: one.values, type: line ? "line" : "bar", borderColor: shade, backgroundColor: shade,
      borderWidth: line ? 2.5 : 0, pointRadius: line ? 2.5 : 0, tension: 0.25, maxBarThickness: 44, borderRadius: 3,
      order: line ? 0 : 1, spanGaps: true
    };
  }

  function axis(spec, values) {
    var found = {
      stacked: Boolean(spec.stacked), border: {display: false},
      grid: {display: values, color: colour("border-color")}, ticks: {color: colour("body-color"), precision: 0}
    };
    if (values) {
      found.beginAtZero = true;
      if (spec.percent) {
        found.max = 100;
        found.ticks.callback = function (value) { return value + " %"; };
      }
    } else if (spec.across) {
      found.ticks.callback = name;
    }
    return found;
  }

  // Names beside lying bars, on a phone cut short at their end; the table beside the chart has them whole.
  function name(value) {
    var whole = this.getLabelForValue(value), most = this.chart.width < 500 ? 17 : 60;
    return whole.length > most ? whole.slice(0, most - 1).trim() + "…" : whole;
  }

  function options(spec) {
    return {
      responsive: true, maintainAspectRatio: false, locale: "id", indexAxis: spec.across ? "y" : "x",
      animation: still ? false : {duration: 300},
      interaction: {mode: "index", intersect: false, axis: spec.across ? "y" : "x"},
      plugins: {
        legend: {
          display: spec.sets.length > 1, position: "bottom",
          labels: {color: colour("body-color"), boxWidth: 12, boxHeight: 12, usePointStyle: true}
        },
        tooltip: {
          callbacks: {
            label: function (item) {
              return item.dataset.label + ": " + item.formattedValue + (spec.percent ? " %" : "");
            }
          }
        }
      },
      scales: {x: axis(spec, Boolean(spec.across)), y: axis(spec, !spec.across)}
    };
  }

  function draw(canvas) {
    var spec = JSON.parse(canvas.dataset.chart);
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts.push(new Chart(canvas, {
      type: spec.type,
      data: {labels: spec.labels, datasets: spec.sets.map(function (one) { return set(one, spec); })},
      options: options(spec)
    }));
  }

  function drawAll() {
    charts.forEach(function (chart) { chart.destroy(); });
    charts = [];
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  function begin() {
    if (typeof Chart === "undefined") { return; }
    drawAll();
    new MutationObserver(function () {
      still = true;  // a printer takes the first picture of a chart in other colours
      drawAll();
    }).observe(document.documentElement, {attributeFilter: ["data-bs-theme"]});
    document.addEventListener("htmx:afterSettle", drawAll);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();
