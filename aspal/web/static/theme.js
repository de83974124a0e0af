// Runs before the first paint: the page takes the colours that the device prefers, and follows when they change. Paper
// is white: what is printed from a dark screen, charts among it, takes the light colours.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function wear(colours) { document.documentElement.setAttribute("data-bs-theme", colours); }
  function apply() { wear(dark.matches ? "dark" : "light"); }
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("beforeprint", function () { wear("light"); });
  window.addEventListener("afterprint", apply);
})();
