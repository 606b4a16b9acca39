// The hosted pages as a person meets them: every page in both schemes and at two widths, what the
// script adds, two tabs, Back, another account, signing out, one-time links.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { binary } from '../interop/tessera.mjs'
import { accessible, begin, end, fits, open, shoot } from './browser.mjs'

let server, browser, party, application, redirect, ann, ben

before(async () => {
  ;({ server, browser } = await begin())
  // The application itself: a page that shows where a browser arrived, and how.
  party = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="en"><title>application</title><h1>${request.method}</h1>`)
  })
  await new Promise((resolve) => party.listen(0, '127.0.0.1', resolve))
  redirect = `http://localhost:${party.address().port}/callback`
  application = cli('app', 'create', '--tenant', server.ready.tenant.slug, '--type', 'web', '--name', 'Northwind Reports', '--redirect-uri', redirect)
  ;[ann, ben] = server.ready.users
})
after(async () => {
  party?.close()
  await end()
})

const cli = (...args) => JSON.parse(execFileSync(binary, [...args, '--config', server.ready.config, '--json'], { encoding: 'utf8' }))
const ours = (path) => `${server.ready.tenant.issuer}${path}`

function authorize(more = {}) {
  const url = new URL(ours('/authorize'))
  const fields = { response_type: 'code', client_id: application.client_id, redirect_uri: redirect, scope: 'openid profile email offline_access', state: 's', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWBuGJSstw-cM', code_challenge_method: 'S256', ...more }
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  return url.href
}

async function signIn(page, user) {
  await page.fill('#username', user.email)
  await page.fill('#password', user.password)
  await page.click('#login-submit')
  await page.waitForURL((url) => !url.pathname.includes('/login/'))
}

async function allow(page) {
  if (await page.locator('#consent-allow').count()) await page.click('#consent-allow')
  await page.waitForURL((url) => url.href.startsWith(redirect))
}

/** Looks at a page in each scheme and width, with every details open. */
async function judge(page, name) {
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)))
      await shoot(page, `hosted-${name}-${width}-${colorScheme}`)
      await fits(page, name)
      await accessible(page, `${name} ${width} ${colorScheme}`)
    }
  }
}

test('every page is accessible, in light and dark, wide and narrow', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize())
  await judge(page, 'sign-in')
  await page.fill('#username', 'nobody@example.test')
  await page.fill('#password', 'wrong')
  await page.click('#login-submit')
  await page.waitForSelector('.error-summary')
  await judge(page, 'sign-in-refused')
  await signIn(page, ann)
  await judge(page, 'consent')
  await page.click('text=Switch')
  await judge(page, 'choose')
  await page.goto(authorize({ prompt: 'login' }))
  await judge(page, 'sign-in-again')
  await page.goto(authorize({ redirect_uri: 'https://evil.example.test/' }))
  await judge(page, 'error')
  await page.goto(ours('/nothing-here'))
  await judge(page, 'not-found')
  await page.goto(ours('/logout'))
  await judge(page, 'logout')
  await page.click('#logout-confirm')
  await page.waitForURL(/done$/)
  await judge(page, 'signed-out')
  await page.goto(ours('/logout'))
  await judge(page, 'not-signed-in')
  assert.deepEqual(complaints, [])
  await close()
})

test('Show shows, and a form hides the password again before it is sent', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize())
  await page.fill('#username', ann.email)
  await page.fill('#password', 'not the password')
  const show = page.getByRole('button', { name: 'Show password' })
  await show.click()
  assert.equal(await page.getAttribute('#password', 'type'), 'text')
  assert.equal(await show.getAttribute('aria-pressed'), 'true')
  await page.evaluate(() => {
    addEventListener('submit', () => (sessionStorage.sent = document.getElementById('password').type))
  })
  await page.click('#login-submit')
  await page.waitForSelector('.error-summary')
  assert.equal(await page.evaluate(() => sessionStorage.sent), 'password')
  await page.click('.error-summary a')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'username')
  assert.deepEqual(complaints, [])
  await close()
})

test('a second press sends nothing, and the button says that it is at work', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize())
  let posts = 0
  const said = []
  page.on('console', (message) => said.push(message.text()))
  await page.route('**/login/*', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    posts += 1
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await route.continue()
  })
  await page.fill('#username', ann.email)
  await page.fill('#password', 'not the password')
  // The page cannot be asked while it waits for the next one, so it reports by itself.
  await page.evaluate(() => {
    const button = document.getElementById('login-submit')
    for (const at of [0, 150, 600]) setTimeout(() => button.click(), at)
    setTimeout(() => console.log(`${button.textContent}/${button.ariaBusy}/${button.ariaDisabled}`), 700)
  })
  await page.waitForSelector('.error-summary')
  assert.equal(posts, 1)
  assert.deepEqual(said.filter((text) => text.includes('/')), ['Signing in…/true/true'])
  assert.equal(await page.textContent('#login-submit'), 'Sign in')
  assert.deepEqual(complaints, [])
  await close()
})

test('two tabs: the one that is shown again goes its own way', async () => {
  const { context, page, complaints, close } = await open(browser)
  const other = await context.newPage()
  await page.goto(authorize({ state: 'left', prompt: 'consent' }))
  await other.goto(authorize({ state: 'right' }))
  await signIn(page, ann)
  await allow(page)
  assert.equal(new URL(page.url()).searchParams.get('state'), 'left')
  await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await other.waitForSelector('#flow-continue')
  assert.match(await other.textContent('h1'), /You are signed in as/)
  await accessible(other, 'signed in')
  await other.click('#flow-continue')
  await other.waitForURL((url) => url.href.startsWith(redirect))
  assert.equal(new URL(other.url()).searchParams.get('state'), 'right')
  await page.goBack()
  await page.waitForSelector('#flow-continue')
  assert.deepEqual(complaints, [])
  await close()
})

test('another account takes over a flow that somebody has begun', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize({ prompt: 'consent' }))
  await signIn(page, ann)
  await page.click('text=Switch')
  await page.click('text=Use another account')
  await signIn(page, ben)
  assert.match(await page.textContent('.who'), new RegExp(ben.email))
  await page.click('#consent-deny')
  await page.waitForURL((url) => url.href.startsWith(redirect))
  assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied')
  assert.deepEqual(complaints, [])
  await close()
})

for (const javaScriptEnabled of [true, false]) {
  test(`form_post arrives by POST ${javaScriptEnabled ? 'by itself' : 'with one press'}`, async () => {
    const { page, complaints, close } = await open(browser, { javaScriptEnabled })
    await page.goto(authorize({ response_mode: 'form_post', prompt: 'consent' }))
    await signIn(page, ann)
    await page.click('#consent-allow')
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(redirect)
    assert.equal(await page.textContent('h1'), 'POST')
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('details of an error are copied as text', async () => {
  const { page, complaints, close } = await open(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(authorize({ redirect_uri: 'https://evil.example.test/' }))
  await page.click('summary')
  await page.click('[data-copy]')
  await page.waitForFunction(() => document.querySelector('[role=status]').textContent === 'Copied')
  const text = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(text, /^Code: redirect_uri_mismatch\n/)
  assert.match(text, /\nRequest ID: req_[0-9a-z]{26}\nTime: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
  assert.deepEqual(complaints, [])
  await close()
})

test('a new person chooses a password', async () => {
  const { set_password_url: url } = cli('user', 'create', '--tenant', server.ready.tenant.slug, '--email', 'new@example.test')
  const { page, complaints, close } = await open(browser)
  await page.goto(url)
  await judge(page, 'set-password')
  await page.fill('#password', 'short')
  await page.click('#password-submit')
  await page.waitForSelector('.error-summary')
  await judge(page, 'set-password-short')
  await page.fill('#password', 'purple elephants dance quietly')
  await page.click('#password-submit')
  await page.waitForURL(/done$/)
  await judge(page, 'set-password-done')
  await page.goto(url).catch(() => {})
  await judge(page, 'link-used')
  assert.deepEqual(complaints.filter((text) => !text.includes('410')), [])
  await close()
})
