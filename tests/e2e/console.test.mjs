// An operator in the console with a real browser: signs in, registers an application, sees a
// mistake explained, edits, rotates the secret, deletes; with and without scripts; every page
// looked at by axe, in the light and in the dark, wide and narrow.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, begin, end, enter, fits, open, shoot } from './browser.mjs'

let server, browser, tenant

before(async () => ({ server, browser, tenant } = await begin()))
after(end)

/** Registers a web application and answers its address. */
async function register(page, name, uri) {
  await page.goto(`${tenant}/applications/new?type=web`)
  await page.fill('#name', name)
  await page.fill('[name="redirect_uris.0"]', uri)
  await page.click('#register')
  await page.waitForURL(/\/applications\/app_/)
  return page.url().split('?')[0]
}

for (const javaScriptEnabled of [true, false]) {
  test(`an application from its registration to its end, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    const name = `Shop ${javaScriptEnabled}`
    const secrets = (text) => text.match(/ts_[A-Za-z0-9_-]{43}/g) ?? []

    await page.goto(`${tenant}/applications/new?type=web`)
    await page.fill('#name', name)
    await page.fill('[name="redirect_uris.0"]', 'http://shop.example.test/callback')
    await page.click('#register')
    await page.waitForSelector('[role=alert]')
    assert.equal(await page.inputValue('#name'), name, 'what was typed stays')
    assert.match(await page.textContent('[role=alert]'), /https/, 'and the mistake is explained')
    if (javaScriptEnabled) await shoot(page, 'console-register-error')

    await page.fill('[name="redirect_uris.0"]', 'https://shop.example.test/callback')
    await page.click('#register')
    await page.waitForURL(/\/applications\/app_/)
    const here = page.url().split('?')[0]
    const id = here.split('/').pop()
    const first = secrets(await page.content())
    assert.ok(first.length > 0, 'the secret is shown')
    assert.ok((await page.content()).includes(id), 'with the real client id')
    if (javaScriptEnabled) await shoot(page, 'console-quickstart')
    await page.goto(here)
    assert.deepEqual(secrets(await page.content()), [], 'once')

    await page.goto(`${here}/settings`)
    await page.fill('#name', `${name} 2`)
    await page.click('#save')
    await page.waitForLoadState()
    assert.ok((await page.textContent('main')).includes(`${name} 2`) || (await page.inputValue('#name')) === `${name} 2`)

    await page.goto(`${here}/credentials`)
    await page.click('#rotate')
    await page.waitForLoadState()
    const second = secrets(await page.content())
    assert.ok(second.length > 0 && second[0] !== first[0], 'a new secret')

    await page.goto(`${here}/audit`)
    assert.match(await page.textContent('main'), /name/i, 'changes are told')

    await page.goto(`${here}/delete`)
    await page.fill('#confirm', 'something else')
    await page.click('#confirm-button')
    await page.waitForSelector('[role=alert]')
    await page.fill('#confirm', `${name} 2`)
    await page.click('#confirm-button')
    await page.waitForURL(/\/applications(\?|$)/)
    assert.ok(!(await page.content()).includes(id), 'gone from the list')
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('two windows: the later edit loses nothing', async () => {
  const one = await enter()
  const here = await register(one.page, 'Twice edited', 'https://twice.example.test/cb')
  const two = await one.context.newPage()
  await one.page.goto(`${here}/settings`)
  await two.goto(`${here}/settings`)
  await one.page.fill('#name', 'First edit')
  await one.page.click('#save')
  await one.page.waitForLoadState()
  await two.fill('#name', 'Second edit')
  await two.click('#save')
  await two.waitForLoadState()
  const text = await two.content()
  assert.ok(text.includes('First edit') && text.includes('Second edit'), 'shows theirs and yours')
  await shoot(two, 'console-conflict')
  await accessible(two, 'conflict')
  await one.close()
})

test('every page is accessible, fits and loads nothing foreign', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      const { page, complaints, close } = await enter({ colorScheme, viewport: { width, height: 800 } })
      page.on('request', (request) => assert.ok(request.url().startsWith(server.ready.base_url), request.url()))
      const app = `${tenant}/applications/${server.application('web').id}`
      const user = `${tenant}/users/${server.ready.users[0].id}`
      const pages = {
        overview: `${server.ready.console_url}/system`, tenants: `${server.ready.console_url}/tenants`, 'tenant-new': `${server.ready.console_url}/tenants/new`,
        home: tenant, 'tenant-settings': `${tenant}/settings`, 'tenant-delete': `${tenant}/delete`,
        applications: `${tenant}/applications`, 'no-match': `${tenant}/applications?q=nothing-is-called-this`, 'application-type': `${tenant}/applications/new`, 'application-new': `${tenant}/applications/new?type=spa`,
        quickstart: app, settings: `${app}/settings`, credentials: `${app}/credentials`, audit: `${app}/audit`, danger: `${app}/danger`, delete: `${app}/delete`,
        users: `${tenant}/users`, 'user-new': `${tenant}/users/new`, user, 'tenant-audit': `${tenant}/audit`,
      }
      for (const [name, url] of Object.entries(pages)) {
        const answer = await page.goto(url)
        assert.equal(answer.status(), 200, url)
        await fits(page, `${name} at ${width}`)
        if (width === 1280 || colorScheme === 'light') await shoot(page, `console-${name}-${width}-${colorScheme}`)
        if (width === 1280) await accessible(page, `${name} ${colorScheme}`)
      }
      assert.deepEqual(complaints, [])
      await close()
    }
  }
})

test('the first screen after the start: from the demo to the console', async () => {
  const { page, close } = await open(browser)
  const answer = await page.goto(server.ready.base_url)
  assert.ok(answer.status() < 400)
  await shoot(page, 'front')
  await close()
})
