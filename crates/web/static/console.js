/* Console: copy buttons, one more row without a round trip, a guard for what is not saved and
   against a second press, pop-ups that close. No library; every page works without it. */
(function () {
  'use strict';
  const doc = document;
  const each = (selector, act, root) => (root || doc).querySelectorAll(selector).forEach(act);

  /* Copy: the code beside the button, or the one it names. The button stands in the page hidden, so
     that it never does nothing. */
  function copies(button) {
    const named = button.getAttribute('data-copy');
    const code = named ? doc.getElementById(named) : button.parentNode.querySelector('code');
    const icon = button.querySelector('use');
    const word = button.querySelector('[data-word], .vh');
    const said = word ? word.textContent : '';
    button.hidden = false;
    button.addEventListener('click', () => {
      const done = () => {
        if (icon) icon.setAttribute('href', '#done');
        if (word) word.textContent = 'Copied';
        button.classList.add('copied');
        setTimeout(() => {
          if (icon) icon.setAttribute('href', '#copy');
          if (word) word.textContent = said;
          button.classList.remove('copied');
        }, 2000);
      };
      const select = () => {
        const range = doc.createRange(), selection = getSelection();
        range.selectNodeContents(code);
        selection.removeAllRanges();
        selection.addRange(range);
        if (doc.execCommand && doc.execCommand('copy')) done();
      };
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(code.textContent).then(done, select);
    });
  }
  each('[data-copy]', copies);

  /* Ticked rows: with shift, all between this one and the last. */
  each('[data-ticks]', (form) => {
    const boxes = Array.from(form.querySelectorAll('tbody .pick input'));
    let last = null;
    boxes.forEach((box, at) => box.addEventListener('click', (event) => {
      if (event.shiftKey && last !== null) {
        for (let i = Math.min(at, last); i <= Math.max(at, last); i++) boxes[i].checked = box.checked;
      }
      last = at;
    }));
  });

  /* A job that is under way: looked at again while the page is seen. */
  each('[data-refresh]', () => {
    setInterval(() => { if (!doc.hidden) location.reload(); }, 2000);
  });

  /* Rows: add and remove here; a list that grows long is left to the server, which shows it as lines. */
  const MOST = 8;
  function dress(row, name, at) {
    const input = row.querySelector('input'), button = row.querySelector('[data-remove]');
    const legend = row.closest('fieldset').querySelector('legend').textContent;
    input.id = input.name = name + '.' + at;
    input.setAttribute('aria-label', legend + ' ' + (at + 1));
    button.value = input.id;
    button.querySelector('.vh').textContent = 'Remove ' + legend + ' ' + (at + 1);
  }
  function bare(row) {
    each('.field-error, .fixes', (part) => part.remove(), row);
    const input = row.querySelector('input');
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
    return input;
  }
  each('[data-add]', (button) => {
    const rows = button.parentNode.querySelector('[data-rows]');
    button.addEventListener('click', (event) => {
      if (rows.children.length >= MOST) return;
      event.preventDefault();
      const row = rows.lastElementChild.cloneNode(true);
      const at = rows.children.length;
      const input = bare(row);
      input.value = '';
      input.removeAttribute('value');
      rows.append(row);
      dress(row, button.value, at);
      input.focus();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    rows.addEventListener('click', (event) => {
      const pressed = event.target.closest('[data-remove]');
      if (!pressed) return;
      event.preventDefault();
      const row = pressed.closest('.one');
      const next = row.nextElementSibling || row.previousElementSibling;
      const form = row.closest('form');
      if (next) row.remove();
      else bare(row).value = '';
      Array.from(rows.children).forEach((each, at) => dress(each, button.value, at));
      (next || row).querySelector('input').focus();
      form.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });

  /* A button whose answer goes into a frame leaves nothing. */
  const stays = (event) => Boolean(event.submitter && event.submitter.hasAttribute('formtarget'));

  /* Dirty: say that something is not saved, and ask before leaving. */
  each('form[data-dirty]', (form) => {
    let dirty = form.dataset.dirty === 'yes' || Boolean(doc.querySelector('.error-summary')), leaving = false;
    const text = form.querySelector('[data-clean]');
    form.addEventListener('input', () => {
      dirty = true;
      if (text) { text.textContent = 'Changes are not saved yet.'; text.className = 'state warn'; }
    });
    form.addEventListener('submit', (event) => { leaving = !stays(event); });
    each('.save a', (link) => link.addEventListener('click', () => { leaving = true; }), form);
    addEventListener('beforeunload', (event) => { if (dirty && !leaving) event.preventDefault(); });
    addEventListener('pageshow', () => { leaving = false; });
  });

  /* Once: a second press within two seconds is ignored; the pressed button says it is at work. */
  each('form[data-once]', (form) => {
    let sent = false, timers = [];
    const calm = () => {
      timers.forEach(clearTimeout);
      sent = false;
      each('[aria-busy], [aria-disabled]', (button) => {
        button.removeAttribute('aria-busy');
        button.removeAttribute('aria-disabled');
      }, form);
    };
    form.addEventListener('submit', (event) => {
      if (stays(event)) return;
      if (sent) { event.preventDefault(); return; }
      sent = true;
      const pressed = event.submitter || form.querySelector('button.primary');
      timers = [
        setTimeout(() => { if (pressed) pressed.setAttribute('aria-busy', 'true'); }, 300),
        setTimeout(calm, 2000)
      ];
    });
    addEventListener('pageshow', calm);
  });

  /* Preview: what is typed is tried a moment later, as the button would; results change in place. */
  each('form[data-preview]', (form) => {
    let timer = 0, turn = 0;
    const swap = (fresh, selector) => {
      const here = form.querySelectorAll(selector), there = fresh.querySelectorAll(selector);
      if (here.length !== there.length) return;
      here.forEach((old, at) => old.replaceChildren(...doc.adoptNode(there[at]).childNodes));
    };
    const look = () => {
      const mine = ++turn, request = new XMLHttpRequest(), body = new URLSearchParams(new FormData(form));
      body.set('preview', '1');
      request.open('POST', form.action);
      request.responseType = 'document';
      request.onload = () => {
        const fresh = request.response && request.response.querySelector('form[data-preview]');
        if (mine !== turn || !fresh) return;
        swap(fresh, '[data-label=Result]');
        swap(fresh, '[data-board]');
      };
      request.send(body);
    };
    form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, 250); });
  });

  /* Pop-ups close by Escape and by a press elsewhere. */
  const popups = 'details[name=top][open]';
  doc.addEventListener('click', (event) => {
    each(popups, (open) => { if (!open.contains(event.target)) open.open = false; });
  });
  doc.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = Array.from(doc.querySelectorAll(popups)).pop();
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  /* Live: what the form says now is sent as its Preview button would, and the parts of the page that
     follow from it are put in place of the old ones. A file is sent when it is chosen. */
  each('form[data-live]', (form) => {
    let timer, asked = 0;
    const show = (page) => {
      const focus = doc.activeElement && doc.activeElement.id;
      each('[data-part]', (old) => {
        const part = page.getElementById(old.id);
        if (part) old.replaceWith(doc.adoptNode(part));
      });
      const again = focus && doc.getElementById(focus);
      if (again && again !== doc.activeElement) again.focus();
    };
    const ask = (chosen) => {
      const data = new FormData(form), turn = ++asked, request = new XMLHttpRequest();
      data.set('preview', '1');
      each('[type=file]', (field) => { if (field !== chosen) data.delete(field.name); }, form);
      request.open('POST', form.action);
      request.responseType = 'document';
      request.onload = () => {
        const page = request.response;
        if (turn === asked && page && page.getElementById('preview')) show(page);
      };
      const multipart = form.enctype === 'multipart/form-data';
      request.send(multipart ? data : new URLSearchParams(data));
    };
    const later = (event) => {
      clearTimeout(timer);
      const chosen = event.target.type === 'file' ? event.target : null;
      timer = setTimeout(() => ask(chosen), chosen ? 0 : 300);
    };
    form.addEventListener('input', later);
  });

  /* A colour may be picked as well as typed. */
  each('[data-colour-of]', (picker) => {
    const field = doc.getElementById(picker.getAttribute('data-colour-of'));
    picker.hidden = false;
    picker.addEventListener('input', () => {
      field.value = picker.value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    field.addEventListener('input', () => { if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value; });
  });
})();
