/* Small behaviour for every page. Nothing here is needed for reading. */
(function () {
  'use strict';
  var root = document.documentElement;

  function toggleTheme() {
    var mode = root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark';
    root.setAttribute('data-bs-theme', mode);
    try { localStorage.setItem('shanglian-theme', mode); } catch (e) { /* storage may be forbidden */ }
    document.dispatchEvent(new CustomEvent('shanglian:theme'));
  }

  function togglePassword(button) {
    var input = document.getElementById(button.getAttribute('aria-controls'));
    var show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
    input.focus();
  }

  function closeMenus(except) {
    document.querySelectorAll('details.menu[open]').forEach(function (menu) { if (menu !== except) menu.open = false; });
  }

  document.addEventListener('click', function (event) {
    var target = event.target;
    if (!(target instanceof Element)) return;
    closeMenus(target.closest('details.menu'));
    if (target.closest('[data-theme-toggle]')) toggleTheme();
    else if (target.closest('[data-show-password]')) togglePassword(target.closest('[data-show-password]'));
    else if (target.closest('[data-print]')) window.print();
    else if (target.closest('[aria-disabled="true"]')) event.preventDefault();
  });

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      var open = document.querySelector('details.menu[open]');
      if (open) { open.open = false; open.querySelector('summary').focus(); }
    }
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      var find = document.querySelector('.find input');
      if (find && find.offsetParent) { event.preventDefault(); find.focus(); find.select(); }
    }
  });

  /* a form is sent once: a second click on a slow line must not book twice (htmx forms look after themselves) */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(function () { delete form.dataset.sent; }, 10000); /* an answer that is a download leaves the page here */
  });
  window.addEventListener('pageshow', function () { document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; }); });

  /* paper is white: charts and all are drawn light while printing */
  var before = null;
  function setTheme(mode) { root.setAttribute('data-bs-theme', mode); document.dispatchEvent(new CustomEvent('shanglian:theme')); }
  window.addEventListener('beforeprint', function () { before = root.getAttribute('data-bs-theme'); if (before === 'dark') setTheme('light'); });
  window.addEventListener('afterprint', function () { if (before === 'dark') setTheme('dark'); });

  document.querySelectorAll('[data-indeterminate]').forEach(function (box) { box.indeterminate = true; });
  /* file drop: the plain input does the work, the frame only catches the file */
  document.querySelectorAll('.drop').forEach(function (zone) {
    var input = zone.querySelector('input[type=file]');
    ['dragenter', 'dragover'].forEach(function (name) { zone.addEventListener(name, function (e) { e.preventDefault(); zone.classList.add('over'); }); });
    ['dragleave', 'drop'].forEach(function (name) { zone.addEventListener(name, function () { zone.classList.remove('over'); }); });
    zone.addEventListener('drop', function (e) { e.preventDefault(); if (input && e.dataTransfer.files.length) { input.files = e.dataTransfer.files; input.dispatchEvent(new Event('change', { bubbles: true })); } });
  });
  /* a table that fits needs no scrolling of its own: its heads may stay, and it is no stop of the tab key */
  function fit() {
    var frames = document.querySelectorAll('.tw');
    frames.forEach(function (frame) { frame.classList.remove('fits'); }); /* else it has grown with its table */
    frames.forEach(function (frame) {
      var fits = frame.scrollWidth <= frame.clientWidth;
      frame.classList.toggle('fits', fits);
      if (frame.hasAttribute('tabindex')) frame.tabIndex = fits ? -1 : 0;
    });
  }
  fit();
  window.addEventListener('resize', fit);
  document.addEventListener('toggle', fit, true);
  document.addEventListener('htmx:afterSettle', fit);
  var summary = document.querySelector('[data-focus-on-load]');
  if (summary) summary.focus();

  /* htmx: say failures in the one live region, and let a later attempt go through */
  var live = document.getElementById('live');
  function fail() { if (live) { live.textContent = ''; live.insertAdjacentHTML('beforeend', document.getElementById('live-error').innerHTML); } }
  document.addEventListener('htmx:responseError', fail);
  document.addEventListener('htmx:sendError', fail);
})();
