// Mail with a real browser: a text is edited, previewed, refused and saved, with and without
// scripts; the mail is read in the inbox; sender, log, mail server, installation and domains are
// looked at by axe, wide and narrow, in the light and in the dark.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, begin, end, enter, fits, shoot } from './browser.mjs'

let server, tenant

before(async () => ({ server, tenant } = await begin()))
after(end)

const inbox = async () => (await fetch(server.ready.inbox_url, { headers: { accept: 'application/json' } })).json()

async function mailTo(address, subject) {
  for (let tries = 0; tries < 50; tries++) {
    const found = (await inbox()).find((mail) => mail.to === address && mail.subject === subject)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(`no mail "${subject}" to ${address}`)
}

for (const javaScriptEnabled of [true, false]) {
  test(`a text from its edit to the mailbox, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    const subject = `Anew ${javaScriptEnabled}`
    await page.goto(`${tenant}/mails/texts/reset_password/de`)
    await page.fill('#subject', subject)
    await page.fill('#body', 'Nur {nmae}')
    await page.click('#save')
    await page.waitForSelector('[role=alert]')
    const said = await page.textContent('.error-summary')
    assert.match(said, /Did you mean \{name\}\?/)
    assert.equal(await page.inputValue('#body'), 'Nur {nmae}', 'what was typed stays')
    if (javaScriptEnabled) {
      await accessible(page, 'text with errors')
      await shoot(page, 'mail-text-error')
    }

    await page.fill('#body', 'Guten Tag {name},\n\nhier geht es weiter.\n\n[Weiter]({link})\n\n> Einmal.')
    await page.click('#preview-button')
    const frame = page.frameLocator('iframe[name=preview]')
    await frame.locator('a', { hasText: 'Weiter' }).waitFor()
    assert.match(await frame.locator('body').textContent(), new RegExp(subject))
    assert.equal(await page.inputValue('#subject'), subject, 'the form is as it was')
    await page.click('#save')
    await page.waitForSelector('[role=status]')
    await page.click('#send-to-me')
    await page.waitForSelector('[role=status]')
    const mail = await mailTo(server.ready.operator.email, subject)

    await page.goto(`${server.ready.inbox_url}/${mail.id}`)
    assert.match(await page.textContent('h1'), new RegExp(subject))
    assert.equal(await page.getAttribute('.actions a', 'href'), mail.links[0])
    await page.frameLocator('iframe.mail').locator('a', { hasText: 'Weiter' }).waitFor()
    if (javaScriptEnabled) {
      await accessible(page, 'a mail of the inbox')
      await shoot(page, 'inbox-mail')
    }
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('a domain is added, looked up and explained', async () => {
  const { page, complaints, close } = await enter()
  await page.goto(`${tenant}/domains`)
  await page.fill('#host', 'https://login.example.com')
  await page.click('#add')
  assert.match(await page.textContent('.error-summary'), /host name only/)
  await page.fill('#host', 'login.vouched.example')
  await page.check('#without_proof')
  await page.click('#add')
  await page.waitForURL(/login\.vouched\.example/)
  assert.match(await page.textContent('main'), /Set by an operator/)
  await page.click('text=Make it the address')
  const said = await page.textContent('main')
  assert.match(said, /issuer changes from/)
  await page.fill('#confirm', 'wrong')
  await page.click('#confirm-button')
  assert.match(await page.textContent('.error-summary'), new RegExp(server.ready.tenant.slug))
  await accessible(page, 'change of address')
  await shoot(page, 'domain-use')
  assert.deepEqual(complaints, [])
  await close()
})

test('every page of mail, domains and the installation', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      const { page, complaints, close } = await enter({ colorScheme, viewport: { width, height: 900 } })
      const system = server.ready.console_url
      for (const [name, url] of [
        ['mail-texts', `${tenant}/mails`],
        ['mail-text', `${tenant}/mails/texts/reset_password/en`],
        ['mail-sender', `${tenant}/mails/sender`],
        ['mail-log', `${tenant}/mails/log`],
        ['mail-log-none', `${tenant}/mails/log?to=nobody@demo.test`],
        ['mail-log-command', `${tenant}/mails/log?command=1`],
        ['mail-server', `${system}/system/mail`],
        ['installation', `${system}/system`],
        ['domains', `${tenant}/domains`],
        ['inbox', server.ready.inbox_url],
      ]) {
        await page.goto(url)
        await accessible(page, `${name} ${colorScheme} ${width}`)
        await fits(page, `${name} ${width}`)
        await shoot(page, `${name}-${colorScheme}-${width}`)
      }
      assert.deepEqual(complaints, [])
      await close()
    }
  }
})

test('a mail server that is gone is said where it matters', async () => {
  const { page, complaints, close } = await enter()
  await page.goto(`${server.ready.console_url}/system/mail`)
  await page.fill('#host', '127.0.0.1')
  await page.fill('#port', '9')
  await page.selectOption('#tls', 'none')
  await page.fill('#from', 'not an address')
  await page.click('#save')
  await page.waitForSelector('.error-summary')
  await page.fill('#from', 'post@example.org')
  await page.click('#save')
  await page.waitForSelector('[role=status]')
  await page.click('#send-test')
  await page.waitForSelector('#answer')
  assert.match(await page.textContent('#answer'), /connecting/)
  await accessible(page, 'failing mail server')
  await shoot(page, 'mail-server-failing')
  await page.goto(`${tenant}/mails`)
  assert.match(await page.textContent('[role=alert]'), /No mail leaves/)
  await shoot(page, 'mail-texts-failing')
  await page.goto(`${server.ready.console_url}/system/mail`)
  await page.fill('#host', '')
  await page.click('#save')
  await page.waitForSelector('[role=status]')
  assert.deepEqual(complaints, [])
  await close()
})
