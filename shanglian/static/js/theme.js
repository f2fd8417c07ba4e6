/* Loaded in the head before the style sheets, so that a dark page does not flash white. An external file: the
   content security policy allows no inline script. */
(function () {
  'use strict';
  var asked = new URLSearchParams(location.search).get('theme'), kept = null;
  try { kept = localStorage.getItem('shanglian-theme'); } catch (e) { /* storage may be forbidden */ }
  var mode = asked || kept || (window.matchMedia && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  document.documentElement.setAttribute('data-bs-theme', mode === 'dark' ? 'dark' : 'light');
})();
