// A double click sends a form once: the second copy would come back with "somebody was quicker, nothing was saved",
// although the first one was. Only for a moment, for a form that answers with a download stays on its page.
(function () {
  "use strict";
  var MOMENT = 1500, sent = new WeakMap();
  document.addEventListener("submit", function (event) {
    var form = event.target, last = sent.get(form);
    if (event.defaultPrevented) { return; }  // htmx sends it, in its own way
    if (last && event.timeStamp - last < MOMENT) { event.preventDefault(); return; }
    sent.set(form, event.timeStamp);
  });
})();
