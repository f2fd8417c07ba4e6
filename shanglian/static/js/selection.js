/* Rows that are ticked: how many, all of the page, and the bar that offers what can be done with them. */
(function () {
  'use strict';
  function boxes(form) { return Array.prototype.slice.call(form.querySelectorAll('input[name=pick]')); }
  function show(form) {
    var bar = form.querySelector('[data-bulk]');
    if (!bar) return;
    var all = boxes(form), picked = all.filter(function (box) { return box.checked; });
    var head = form.querySelector('[data-pick-all]');
    bar.hidden = picked.length === 0;
    bar.querySelector('[data-picked]').textContent = String(picked.length);
    head.checked = picked.length > 0 && picked.length === all.length;
    head.indeterminate = picked.length > 0 && picked.length < all.length;
    all.forEach(function (box) { box.closest('tr').classList.toggle('picked', box.checked); });
  }
  document.addEventListener('change', function (event) {
    var form = event.target.closest('[data-selection]');
    if (!form) return;
    if (event.target.matches('[data-pick-all]')) boxes(form).forEach(function (box) { box.checked = event.target.checked; });
    show(form);
  });
  window.addEventListener('pageshow', function () { document.querySelectorAll('[data-selection]').forEach(show); });
})();
