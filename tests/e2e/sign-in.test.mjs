// A person signs in with a real browser: by mouse and by keyboard, without scripts, on a narrow
// phone, in the dark, after a typing mistake; and the pages are looked at by axe.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, begin, end, fits, open, shoot } from './browser.mjs'

let server, browser, application, user, origin

before(async () => {
  ;({ server, browser } = await begin())
  // The demo application answers on this very server: a browser that is sent back arrives.
  application = server.ready.applications.find((a) => a.redirect_uris[0]?.startsWith(server.ready.base_url))
  user = server.ready.users[0]
  origin = new URL(application.redirect_uris[0]).origin
})
after(end)

const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }
function authorize(more = {}) {
  const url = new URL(`${server.ready.tenant.issuer}/authorize`)
  const fields = { response_type: 'code', client_id: application.client_id, redirect_uri: application.redirect_uris[0], scope: 'openid profile email', state: 's', ...challenge, ...more }
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  return url.href
}

/** The demo application lives on this very server, or elsewhere: then its pages are played. */
const fakes = () => (origin === new URL(server.ready.base_url).origin ? [] : [origin])
const arrived = (page) => page.waitForURL((url) => url.href.startsWith(application.redirect_uris[0]) || url.pathname.startsWith('/demo'))

async function signIn(page, password = user.password) {
  await page.fill('#username', user.email)
  await page.fill('#password', password)
  await page.click('#login-submit')
}

async function consent(page) {
  await page.waitForLoadState()
  if (await page.locator('#consent-allow').count()) await page.click('#consent-allow')
}

test('signing in, consenting, arriving', async () => {
  const { page, complaints, close } = await open(browser, {}, fakes())
  await page.goto(authorize())
  await shoot(page, 'sign-in')
  await accessible(page, 'sign-in')
  await signIn(page)
  await page.waitForSelector('#consent-allow')
  await shoot(page, 'consent')
  await accessible(page, 'consent')
  await Promise.all([arrived(page), page.click('#consent-allow')])
  assert.deepEqual(complaints, [])
  await close()
})

test('the wrong password keeps the address and says what is wrong', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize())
  await signIn(page, 'not the password')
  await page.waitForSelector('[role=alert]')
  assert.equal(await page.inputValue('#username'), user.email)
  assert.equal(await page.inputValue('#password'), '')
  assert.match(await page.title(), /^Error:/)
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('role'))
  assert.equal(focused, 'alert', 'the summary has the focus')
  await shoot(page, 'sign-in-error')
  await accessible(page, 'sign-in error')
  assert.deepEqual(complaints, [])
  await close()
})

test('keyboard alone is enough', async () => {
  const { page, close } = await open(browser, {}, fakes())
  await page.goto(authorize({ prompt: 'login' }))
  await page.focus('#username')
  await page.keyboard.type(user.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(user.password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.includes('/login'))
  await consent(page)
  await arrived(page)
  await close()
})

test('scripts are not needed', async () => {
  const { page, close } = await open(browser, { javaScriptEnabled: false }, fakes())
  await page.goto(authorize())
  await signIn(page)
  await consent(page)
  await arrived(page)
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`320 pixels, ${colorScheme}`, async () => {
    const { page, complaints, close } = await open(browser, { colorScheme, viewport: { width: 320, height: 640 } }, fakes())
    for (const [name, url] of [
      ['sign-in', authorize()],
      ['error', authorize({ redirect_uri: 'https://evil.example.test/' })],
      ['sign-out', `${server.ready.tenant.issuer}/logout`],
    ]) {
      await page.goto(url)
      await shoot(page, `${name}-320-${colorScheme}`)
      await fits(page, name)
      await accessible(page, `${name} ${colorScheme}`)
    }
    await page.goto(authorize({ prompt: 'consent' }))
    await signIn(page)
    await page.waitForSelector('#consent-allow')
    await shoot(page, `consent-320-${colorScheme}`)
    await fits(page, 'consent')
    await accessible(page, `consent ${colorScheme}`)
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('the pages stay small', async () => {
  const { page, close } = await open(browser)
  const sizes = []
  page.on('response', async (response) => {
    const sizesOf = await response.request().sizes().catch(() => undefined)
    if (sizesOf) sizes.push([new URL(response.url()).pathname, sizesOf.responseBodySize])
  })
  await page.goto(authorize(), { waitUntil: 'networkidle' })
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  assert.ok(sizes.length <= 5, `${sizes.length} requests: ${JSON.stringify(sizes)}`)
  assert.ok(total <= 30_000, `${total} bytes: ${JSON.stringify(sizes)}`)
  await close()
})

test('Back after signing in shows no dead end', async () => {
  const { page, close } = await open(browser, {}, fakes())
  await page.goto(authorize())
  await signIn(page)
  await consent(page)
  await arrived(page)
  await page.goBack()
  await page.waitForLoadState()
  const text = await page.textContent('body')
  assert.doesNotMatch(text, /went wrong|not found/i)
  await close()
})
