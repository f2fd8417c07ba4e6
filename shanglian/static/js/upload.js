/* Big files of the upload form go in pieces, with progress, further tries on a broken line, and going on another day.
   Without this script the form sends everything at once. The protocol is described in imports/actions/uploading.py. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-uploads]');
  if (!form || !window.fetch || !window.DataTransfer || !form.requestSubmit) return;
  var input = form.querySelector('input[type=file]');
  var lines = form.querySelector('[data-sending]');
  var live = form.querySelector('[data-telling]');
  var said = document.getElementById(form.dataset.said).content;
  var PIECE = 1024 * 1024; /* smaller files go with the form */
  var PATIENCE = 60; /* seconds for one answer */
  var WAITS = [1, 2, 4, 8, 15, 30]; /* seconds before the next try */
  var sendings = []; /* {file, line, state: sending, arrived or stuck, id, received, dropped, control} */
  var wanted = false; /* the form was sent off while files were on their way */
  var queue = Promise.resolve(); /* one file after another */

  /* words */
  function words(name, values) {
    var text = said.querySelector('[data-word="' + name + '"]').textContent;
    return Object.keys(values || {}).reduce(function (t, key) { return t.replace('{' + key + '}', values[key]); }, text);
  }
  function megabytes(bytes) { return (bytes / 1048576).toFixed(1) + ' MB'; }
  function share(sending) { return Math.floor(100 * sending.received / sending.file.size) + '%'; }
  function tell(text) { live.textContent = text; }
  function write(sending, text, aloud) {
    sending.line.querySelector('[data-words]').textContent = text;
    if (aloud) tell(sending.file.name + ' ' + text);
  }

  /* lines */
  function addLine(sending) {
    var line = sending.line = said.querySelector('[data-line]').cloneNode(true);
    line.querySelector('[data-name]').textContent = sending.file.name;
    line.querySelector('[data-of]').textContent = ' ' + sending.file.name;
    line.querySelector('progress').setAttribute('aria-label', sending.file.name);
    line.querySelector('[data-drop]').addEventListener('click', function () { drop(sending); input.focus(); });
    line.querySelector('[data-again]').addEventListener('click', function () { start(sending); });
    lines.appendChild(line);
    lines.hidden = false;
  }
  function drop(sending) {
    sending.dropped = true;
    sendings.splice(sendings.indexOf(sending), 1);
    if (sending.control) sending.control.abort();
    if (sending.id) call('DELETE', address(sending)).catch(function () { /* the server forgets it by itself */ });
    sending.line.remove();
    lines.hidden = !sendings.length;
    if (wanted) submitWhenArrived();
  }
  function show(sending) {
    var quarter = Math.floor(4 * sending.received / sending.file.size);
    sending.line.querySelector('progress').value = 100 * sending.received / sending.file.size;
    write(sending, words('sending', { share: share(sending), size: megabytes(sending.file.size) }), quarter !== sending.quarter);
    sending.quarter = quarter;
  }
  function stick(sending, text, again) {
    sending.state = 'stuck';
    wanted = false;
    sending.line.querySelector('[data-again]').hidden = !again;
    sending.line.querySelector('[data-words]').classList.add('bad-t');
    write(sending, text, true);
  }

  /* the line to the server */
  function address(sending) { return form.dataset.uploads + sending.id + '/'; }
  function problem(sentence, again) { var found = new Error(sentence); found.sentence = sentence; found.again = again; return found; }
  async function call(method, url, body, control) {
    var timer = control && setTimeout(function () { control.abort(); }, PATIENCE * 1000);
    var answer = await fetch(url, {
      method: method, body: body, redirect: 'manual', signal: control && control.signal,
      headers: { 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value, Accept: 'application/json' }
    });
    clearTimeout(timer);
    if (answer.type === 'opaqueredirect' || answer.status === 401) throw problem(words('signed_out'), true);
    if (answer.status === 204) return {};
    var json = /json/.test(answer.headers.get('Content-Type') || '');
    if (!json && !answer.ok) throw answer.status < 500 ? problem(words('broken'), true) : new Error('no answer of ours');
    var told = await answer.json();
    if (answer.ok || told.code === 'out_of_place') return told;
    if (answer.status >= 500 && answer.status !== 507) throw new Error(told.detail);
    throw Object.assign(problem(told.detail, answer.status === 507 || answer.status === 409), { code: told.code });
  }
  async function read(blob) {
    try { return await blob.arrayBuffer(); } catch (e) { throw problem(words('changed'), false); }
  }
  async function markOf(file) {
    var mark = file.size + '-' + file.lastModified;
    if (!window.crypto || !crypto.subtle) return mark;
    var digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await read(file.slice(0, 65536))));
    return mark + '-' + Array.from(digest.subarray(0, 16), function (b) { return b.toString(16).padStart(2, '0'); }).join('');
  }
  async function begin(sending) {
    var body = new URLSearchParams({ name: sending.file.name, size: sending.file.size, mark: await markOf(sending.file) });
    var told = await call('POST', form.dataset.uploads, body, sending.control);
    sending.id = told.id;
    sending.received = told.received;
    var known = document.querySelector('[data-upload="' + told.id + '"]');
    if (known) known.hidden = true;
    show(sending);
    if (told.received) tell(sending.file.name + ' ' + words('resumed', { share: share(sending) }));
  }
  async function send(sending) {
    var from = sending.received;
    var piece = await read(sending.file.slice(from, from + PIECE));
    var told = await call('PUT', address(sending) + '?from=' + from, piece, sending.control);
    sending.received = told.received;
    show(sending);
  }
  function pause(sending, seconds) {
    write(sending, words('waiting', { share: share(sending), seconds: seconds }), true);
    return new Promise(function (go) { setTimeout(go, seconds * 1000); window.addEventListener('online', go, { once: true }); });
  }
  async function run(sending) {
    for (var tries = 0; !sending.dropped;) {
      try {
        sending.control = new AbortController();
        if (!sending.id) await begin(sending);
        while (!sending.dropped && sending.received < sending.file.size) { await send(sending); tries = 0; sending.control = new AbortController(); }
        if (!sending.dropped) arrive(sending);
        return;
      } catch (error) {
        if (sending.dropped) return;
        if (error.code === 'upload_gone') sending.id = null;
        if (error.sentence) return stick(sending, error.sentence, error.again);
        if (tries === WAITS.length) return stick(sending, words('broken'), true);
        await pause(sending, WAITS[tries++]);
      }
    }
  }
  function start(sending) {
    sending.state = 'sending';
    sending.line.querySelector('[data-again]').hidden = true;
    sending.line.querySelector('[data-words]').classList.remove('bad-t');
    queue = queue.then(function () { return run(sending); });
  }
  function arrive(sending) {
    sending.state = 'arrived';
    sending.line.querySelector('progress').value = 100;
    write(sending, words('arrived', { size: megabytes(sending.file.size) }), true);
    if (wanted) submitWhenArrived();
  }
  function submitWhenArrived() {
    if (sendings.every(function (s) { return s.state === 'arrived'; }) && (sendings.length || input.files.length)) form.requestSubmit();
  }

  /* the form */
  function same(a, b) { return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified; }
  function take(file) {
    if (sendings.some(function (s) { return same(s.file, file); })) return;
    var sending = { file: file, received: 0 };
    sendings.push(sending);
    addLine(sending);
    if (file.size > Number(form.dataset.most)) stick(sending, words('too_large', { name: file.name }), false);
    else start(sending);
  }
  input.addEventListener('change', function () {
    var chosen = Array.from(input.files), small = new DataTransfer();
    if (!chosen.length) return;
    wanted = false;
    var big = chosen.filter(function (file) { return file.size > PIECE; });
    chosen.forEach(function (file) { if (file.size <= PIECE) small.items.add(file); });
    /* as with any file input, a new choice takes the place of the last one */
    sendings.slice().forEach(function (s) { if (!big.some(function (file) { return same(s.file, file); })) drop(s); });
    if (big.length) input.files = small.files;
    big.forEach(take);
  });
  form.addEventListener('submit', function (event) {
    form.querySelectorAll('input[type=hidden][name=uploads]').forEach(function (field) { field.remove(); });
    var stuck = sendings.find(function (s) { return s.state === 'stuck'; });
    wanted = !stuck && sendings.some(function (s) { return s.state === 'sending'; });
    if (stuck || wanted) {
      event.preventDefault();
      if (wanted) { tell(words('then')); return; }
      tell(stuck.file.name + ' ' + stuck.line.querySelector('[data-words]').textContent);
      stuck.line.querySelector('[data-drop]').focus();
      return;
    }
    sendings.forEach(function (sending) {
      var field = document.createElement('input');
      field.type = 'hidden'; field.name = 'uploads'; field.value = sending.id;
      form.appendChild(field);
    });
  });
  window.addEventListener('pageshow', function (event) { if (event.persisted && sendings.length) location.reload(); });
})();
