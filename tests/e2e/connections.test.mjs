// An admin connects a provider with a real browser: adds a preset, tries rules on a pasted profile,
// reviews, saves and goes back; with and without scripts; every page looked at by axe, in the light
// and in the dark, wide and narrow.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, begin, end, enter, fits, shoot } from './browser.mjs'
import { client, issuer } from './issuer.mjs'

let server, tenant, upstream

before(async () => {
  upstream = await issuer()
  ;({ server, tenant } = await begin('--allow-host', upstream.host))
})
after(async () => {
  await end()
  await upstream?.stop()
})

/** Adds a connection from a preset and answers its address. */
async function add(page, preset, code) {
  await page.goto(`${tenant}/connections/new?preset=${preset}`)
  await page.fill('#code', code)
  await page.fill('#client_id', 'client-of-ours')
  await page.fill('#client_secret', 'a secret of the provider')
  await page.click('#add')
  await page.waitForURL(/\/connections\/con_/)
  return page.url().split('?')[0]
}

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'on' : 'off'
  test(`a mapping is tried, reviewed, saved and taken back, scripts ${scripts}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    const here = await add(page, 'github', `github-${scripts}`)
    const callback = `${server.ready.tenant.issuer}/federation/github-${scripts}/callback`
    assert.equal(await page.textContent('#callback'), callback, 'the exact address to register')

    await page.goto(`${here}/mapping`)
    assert.match(await page.textContent('#preview'), /ada@example\.com/, 'the sample is shown')
    await page.click('summary:has-text("Paste a profile")')
    await page.selectOption('#from', 'pasted')
    await page.fill('#pasted', JSON.stringify({ id: 7, login: 'ann', full_name: 'Ann Archer' }))
    if (javaScriptEnabled) await page.waitForSelector('[data-board] >> text=full_name')
    else await page.click('#try')
    assert.match(await page.textContent('#preview'), /full_name/)

    await page.click('#row-1')
    await page.fill('#source', 'full_name')
    if (javaScriptEnabled) await page.waitForSelector('[data-board] >> text=→ name')
    await page.click('#review')
    assert.match(await page.textContent('main'), /full_name/, 'the difference is shown')
    // axe waits for timers, which do not run without scripts.
    if (javaScriptEnabled) await accessible(page, 'review')
    await page.click('#save')
    assert.match(await page.textContent('main'), /version 2/)

    await page.goto(`${here}/mapping/versions/1`)
    await page.click('#roll-back')
    assert.match(await page.textContent('main'), /Version 3/)
    assert.deepEqual(complaints, [])
    await close()
  })
}

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'on' : 'off'
  test(`an issuer is looked at, saved and checked, scripts ${scripts}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    await page.goto(`${tenant}/connections/new?preset=oidc`)
    upstream.says({ issuer: 'https://somebody.else.example', code_challenge_methods_supported: ['plain'] })
    await page.fill('#issuer', upstream.issuer)
    await page.keyboard.press('Enter')
    await page.waitForSelector('#found')
    assert.match(await page.textContent('#found'), /somebody\.else\.example/)
    assert.equal(await page.inputValue('#issuer'), upstream.issuer, 'what was typed is still there')
    assert.equal(await page.locator('#add').count(), 0, 'nobody could sign in there: it is not saved')
    if (javaScriptEnabled) await accessible(page, 'a document that lies')
    await shoot(page, `connections-lies-${scripts}`)

    upstream.says({})
    await page.click('#look-up')
    await page.waitForSelector('#add')
    assert.match(await page.textContent('#found'), /signing-1 \(ES256\)/)
    if (javaScriptEnabled) await accessible(page, 'an issuer that was looked at')
    await shoot(page, `connections-found-${scripts}`)
    await page.fill('#name', 'Acme')
    await page.fill('#code', 'Not A Code')
    await page.fill('#client_id', client.id)
    await page.fill('#client_secret', client.secret)
    await page.click('#add')
    await page.waitForSelector('.error-summary')
    assert.ok(!(await page.content()).includes(client.secret), 'a secret is never shown again')
    await page.fill('#code', `acme-${scripts}`)
    await page.click('#add')
    await page.waitForURL(/\/connections\/con_/)

    await page.click('#check-credentials')
    await page.waitForURL(/\/credentials$/)
    assert.match(await page.textContent('#check'), /Accepted/, 'the secret was kept, sealed')
    await page.fill('#client_secret', 'another one')
    await page.fill('#secret_expires', '2001-02-03')
    await page.click('#replace')
    await page.waitForSelector('main >> text=Secret expired')
    await page.click('#check-credentials')
    await page.waitForSelector('#check >> text=Refused')
    if (javaScriptEnabled) await accessible(page, 'credentials that were refused')
    await shoot(page, `connections-refused-${scripts}`)
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('every page is accessible and fits, in the light and in the dark', async () => {
  const first = await enter({})
  const here = await add(first.page, 'linkedin', 'linkedin')
  await first.page.goto(`${tenant}/user-fields/new`)
  await first.page.fill('#label', 'Department')
  await first.page.fill('#key', 'department')
  await first.page.click('#save')
  await first.close()
  const pages = {
    list: `${tenant}/connections`,
    'new-google': `${tenant}/connections/new?preset=google`,
    'new-oidc': `${tenant}/connections/new?preset=oidc`,
    guide: here,
    settings: `${here}/settings`,
    credentials: `${here}/credentials`,
    mapping: `${here}/mapping`,
    versions: `${here}/mapping/versions`,
    danger: `${here}/danger`,
    delete: `${here}/delete`,
    fields: `${tenant}/user-fields`,
    field: `${tenant}/user-fields/department`,
  }
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      const { page, complaints, close } = await enter({ colorScheme, viewport: { width, height: 800 } })
      for (const [name, url] of Object.entries(pages)) {
        await page.goto(url)
        await page.evaluate(() => document.querySelectorAll('main details').forEach((d) => { d.open = true }))
        // Bars that stick to an edge cover whatever happens to be there; axe measures what is left.
        await page.evaluate(() => {
          const stuck = [...document.querySelectorAll('body *')].filter((e) => getComputedStyle(e).position === 'sticky')
          for (const bar of stuck) bar.style.position = 'static'
        })
        await accessible(page, `${name} ${colorScheme} ${width}`)
        await fits(page, `${name} at ${width}`)
        await shoot(page, `connections-${name}-${colorScheme}-${width}`)
      }
      assert.deepEqual(complaints, [])
      await close()
    }
  }
})
