// A part of a page that the server refused, or that did not reach it, says so: htmx alone leaves everything as it was,
// and whoever pressed the button thinks that it is done. Goes away once the same part has been answered again.
(function () {
  "use strict";
  var failing = null;

  function tell(words, part) {
    var box = document.getElementById("gagal");
    failing = part;
    if (box && box.dataset.words === words) { return; }  // a part that asks every second is announced once
    if (!box) {
      box = document.createElement("div");
      box.id = "gagal";
      box.className = "alert alert-danger part-failed";
      box.setAttribute("role", "alert");
      document.body.appendChild(box);
    }
    box.dataset.words = words;
    box.textContent = words + " ";
    var again = document.createElement("a");
    again.className = "alert-link";
    again.href = location.pathname + location.search;
    again.textContent = "Muat ulang halaman";
    box.appendChild(again);
  }

  document.addEventListener("htmx:responseError", function (event) {
    var answer = event.detail.xhr, kind = answer.getResponseHeader("Content-Type") || "";
    var known = kind.indexOf("text/plain") === 0;
    var asked = event.detail.requestConfig.verb === "get";
    var words = asked ? "Sebagian halaman ini tidak dapat diperbarui." : "Server tidak dapat mengerjakannya.";
    tell(known ? answer.responseText : words, event.detail.elt);
  });
  document.addEventListener("htmx:sendError", function (event) {
    tell("Server tidak terjangkau. Periksa jaringan, lalu coba lagi.", event.detail.elt);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var box = document.getElementById("gagal");
    if (box && event.detail.successful && (event.detail.elt === failing || !failing.isConnected)) { box.remove(); }
  });
})();
