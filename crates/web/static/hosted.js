/* Hosted pages: show a password, guard a form against a second press, copy details, and
   notice that another tab has signed in. ES5, no library; every page works without it. */
(function () {
  'use strict';
  var doc = document;

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || doc).querySelectorAll(selector), act);
  }

  /* Show: the button stands in the page hidden, so that it never does nothing. */
  function reveal(button, show) {
    doc.getElementById(button.getAttribute('data-reveal')).type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
  }
  each('[data-reveal]', function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      reveal(button, button.getAttribute('aria-pressed') !== 'true');
    });
  });

  /* Once: a second press within two seconds is ignored; the pressed button says it is at work. */
  each('form[data-once]', function (form) {
    var sent = false, timers = [], pressed = null, words = '';

    function free() {
      sent = false;
      each('[aria-disabled]', function (button) { button.removeAttribute('aria-disabled'); }, form);
    }
    function calm() {
      timers.forEach(clearTimeout);
      timers = [];
      free();
      if (pressed && words) pressed.textContent = words;
      if (pressed) pressed.removeAttribute('aria-busy');
      pressed = null;
    }
    function work() {
      var busy = pressed.getAttribute('data-busy');
      words = busy ? pressed.textContent : '';
      if (busy) pressed.textContent = busy;
      pressed.setAttribute('aria-busy', 'true');
    }
    form.addEventListener('submit', function (event) {
      if (sent) { event.preventDefault(); return; }
      calm();
      sent = true;
      pressed = event.submitter || form.querySelector('button.primary, button[type=submit]');
      each('[data-reveal]', function (button) { reveal(button, false); }, form);
      each('button:not([type=button])', function (button) { button.setAttribute('aria-disabled', 'true'); }, form);
      if (pressed) timers.push(setTimeout(work, 200));
      timers.push(setTimeout(free, 2000));
    });
    window.addEventListener('pageshow', calm);
  });

  /* Copy: the rows of a details list, one per line. */
  each('[data-copy]', function (button) {
    var list = doc.getElementById(button.getAttribute('data-copy'));
    var words = button.textContent;
    function say(done) {
      button.textContent = done ? 'Copied' : 'Press Ctrl+C to copy';
      button.nextElementSibling.textContent = button.textContent; /* role=status, for screen readers */
      setTimeout(function () { button.textContent = words; }, 2500);
    }
    function select() {
      var range = doc.createRange(), selection = window.getSelection();
      range.selectNodeContents(list);
      selection.removeAllRanges();
      selection.addRange(range);
      say(doc.execCommand && doc.execCommand('copy'));
    }
    button.hidden = false;
    button.addEventListener('click', function () {
      var lines = [];
      each('dt', function (name) {
        lines.push(name.textContent + ': ' + name.nextElementSibling.textContent.replace(/\s+/g, ' ').trim());
      }, list);
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(lines.join('\n')).then(function () { say(true); }, select);
    });
  });

  /* Focus: the summary after an error, else the first empty field where no touch keyboard covers the page. */
  var summary = doc.querySelector('.error-summary, .conflict');
  if (summary) {
    if (!('autofocus' in summary)) summary.focus();
  } else if (window.matchMedia && window.matchMedia('(pointer: fine)').matches) {
    each('form[data-once] input', function (field) {
      if (!summary && !field.value && !field.readOnly && /^(email|text|password)$/.test(field.type)) {
        summary = field;
        field.focus();
      }
    });
  }

  /* Tabs: when this one is shown again and nothing was typed, ask whether another has signed in. */
  var watched = doc.querySelector('form[data-watch]');
  if (watched) doc.addEventListener('visibilitychange', function () {
    var secret = watched.querySelector('[type=password], [type=text]'), ask = new XMLHttpRequest();
    if (doc.hidden || (secret && secret.value)) return;
    ask.open('GET', location.href);
    ask.onload = function () {
      if (ask.status < 400 && ask.responseText.indexOf('id="login-submit"') < 0) location.replace(location.href);
    };
    ask.send();
  });
})();
