// Comfort on the simulated phones: keep the newest message in view, Enter sends, quote with a tap, a long press or a
// right click, filter the list. Without this file everything still works by plain forms and links.
(function () {
  "use strict";

  function toBottom(screen) { screen.scrollTop = screen.scrollHeight; }

  function compose(element) { return element.closest(".phone").querySelector(".compose"); }

  function quote(bubble) {
    var form = compose(bubble);
    if (!form) return;
    var text = bubble.querySelector(".bubble-text");
    form.elements.kutip.value = bubble.dataset.sid;
    form.querySelector(".compose-quote span").textContent = text ? text.textContent : "Foto";
    form.querySelector(".compose-quote").hidden = false;
    form.elements.teks.focus();
  }

  function clear(form) {
    form.reset();
    form.elements.teks.style.height = "";
    form.elements.kutip.value = "";
    form.querySelector(".compose-quote").hidden = true;
    form.querySelector(".compose-file").hidden = true;
  }

  function filter() {
    if (!document.getElementById("saring")) return;  // a participant's own phone stands alone
    var wanted = document.getElementById("saring").value.toLowerCase();
    document.querySelectorAll(".person").forEach(function (person) {
      person.hidden = person.dataset.name.indexOf(wanted) < 0;
    });
  }

  document.querySelectorAll(".screen").forEach(toBottom);
  if (document.getElementById("saring")) document.getElementById("saring").addEventListener("input", filter);

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".bubble-reply");
    if (link && compose(link)) { event.preventDefault(); quote(link.closest(".bubble")); }
    var cancel = event.target.closest(".compose-quote button");
    if (cancel) { cancel.parentElement.hidden = true; cancel.closest("form").elements.kutip.value = ""; }
  });
  document.addEventListener("contextmenu", function (event) {  // also what a long press on a touch screen sends
    var bubble = event.target.closest(".bubble");
    if (bubble && compose(bubble)) { event.preventDefault(); quote(bubble); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.target.name === "teks" && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  document.addEventListener("input", function (event) {
    if (event.target.name !== "teks") return;
    event.target.style.height = "auto";
    event.target.style.height = event.target.scrollHeight + "px";
  });
  document.addEventListener("change", function (event) {
    if (event.target.name !== "foto") return;
    var note = event.target.form.querySelector(".compose-file");
    note.textContent = event.target.files.length ? "Lampiran: " + event.target.files[0].name : "";
    note.hidden = !event.target.files.length;
  });

  document.body.addEventListener("htmx:afterSwap", function (event) {
    var target = event.detail.target;
    if (target.id === "daftar") filter();
    var screen = document.getElementById(target.id);
    if (screen && screen.classList.contains("screen")) toBottom(screen);
  });
  document.body.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (form.matches && form.matches(".compose") && event.detail.successful) clear(form);
  });
})();
