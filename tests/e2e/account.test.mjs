// What a person does for themselves: signing up, a forgotten password, and the account pages; each
// page in both schemes and at two widths, with and without scripts, within its byte budget.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { binary } from '../interop/tessera.mjs'
import { accessible, begin, end, fits, open, shoot } from './browser.mjs'
import { provider } from './provider.mjs'

const PASSWORD = 'violet kettle marches 42 rivers'
const ANOTHER = 'purple elephants dance quietly'

let server, browser, party, application, redirect, ann, upstream

before(async () => {
  upstream = await provider()
  ;({ server, browser } = await begin('--allow-host', upstream.host))
  party = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end('<!doctype html><html lang="en"><title>application</title><h1>arrived</h1>')
  })
  await new Promise((resolve) => party.listen(0, '127.0.0.1', resolve))
  redirect = `http://localhost:${party.address().port}/callback`
  application = cli('app', 'create', '--tenant', server.ready.tenant.slug, '--type', 'web', '--name', 'Northwind Reports', '--redirect-uri', redirect)
  ann = server.ready.users[0]
  connect()
})
after(async () => {
  party?.close()
  upstream?.close()
  await end()
})

const cli = (...args) => JSON.parse(execFileSync(binary, [...args, '--config', server.ready.config, '--json'], { encoding: 'utf8' }))
const ours = (path) => `${server.ready.tenant.issuer}${path}`

/** Registers the provider; its mapping trusts an address beside its marker. */
function connect() {
  const file = (name, text) => {
    const path = join(dirname(server.ready.config), name)
    writeFileSync(path, text)
    return path
  }
  const rules = [
    { target: 'email', source: 'email', trust: { verified: 'email_verified' }, update: 'first' },
    { target: 'name', source: 'name' },
  ]
  const more = ['--client-id', 'x', '--client-secret-file', file('secret', 'x'), '--mapping-file', file('mapping.json', JSON.stringify({ rules }))]
  cli('connection', 'create', '--tenant', server.ready.tenant.slug, '--code', 'harbour', '--name', 'Harbour', ...upstream.endpoints, ...more)
}

/** From the sign-in page to the provider and back. */
async function comeBack(page, profile, error = '') {
  Object.assign(upstream, { profile, error })
  await page.goto(authorize())
  await page.click('[data-connection=harbour]')
}

function authorize(more = {}) {
  const url = new URL(ours('/authorize'))
  const fields = { response_type: 'code', client_id: application.client_id, redirect_uri: redirect, scope: 'openid profile email offline_access', state: 's', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWBuGJSstw-cM', code_challenge_method: 'S256', ...more }
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  return url.href
}

/** The newest mail to an address, once it is there: its first link of ours. */
async function mailTo(address, not) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(server.ready.inbox_url, { headers: { Accept: 'application/json' } })
    const mails = (await answer.json()).filter((mail) => String(mail.to).includes(address))
    const newest = mails.sort((a, b) => String(b.at).localeCompare(String(a.at)))[0]
    const link = newest?.links.find((one) => one.startsWith(server.ready.tenant.issuer))
    if (link && link !== not) return link
    await pause(200)
  }
  throw new Error(`no mail to ${address}`)
}

/** Looks at a page in each scheme and width, and weighs it. */
async function judge(page, name) {
  const html = await page.content()
  assert.ok(gzipSync(html).length <= 6 * 1024, `${name}: ${gzipSync(html).length} bytes`)
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await shoot(page, `hosted-${name}-${width}-${colorScheme}`)
      await fits(page, name)
      await accessible(page, `${name} ${width} ${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function signIn(page, email, password) {
  await page.fill('#username', email)
  await page.fill('#password', password)
  await page.click('#login-submit')
  await page.waitForURL((url) => !url.pathname.includes('/login/'))
}

async function allow(page) {
  if (await page.locator('#consent-allow').count()) await page.click('#consent-allow')
  await page.waitForURL((url) => url.href.startsWith(redirect))
}

/** From the sign-in page to the application, with an account that did not exist. */
async function signUp(page, email, look = async () => {}) {
  await page.goto(authorize())
  await page.click('text=Create an account')
  await look('sign-up')
  await page.click('#signup-submit')
  await page.waitForSelector('.error-summary')
  await look('sign-up-refused')
  await page.fill('#email', email)
  await page.fill('#name', 'Nora New')
  await page.fill('#password', PASSWORD)
  await page.click('#signup-submit')
  await page.waitForURL(/\/signup\/sent/)
  await look('sign-up-sent')
  await page.goto(await mailTo(email))
  await look('verify')
  await page.click('#verify-submit')
  await allow(page)
}

test('a stranger signs up, forgets the password and chooses another', async () => {
  const { page, complaints, close } = await open(browser)
  const look = (name) => judge(page, name)
  await page.goto(authorize())
  await judge(page, 'sign-in-with-sign-up')
  await signUp(page, 'nora@example.com', look)
  await page.goto(ours('/logout'))
  await page.click('#logout-confirm')
  await page.goto(authorize())
  await page.click('text=Forgot your password?')
  await judge(page, 'recover')
  await page.fill('#username', 'nora')
  await page.click('#recover-submit')
  await page.waitForSelector('.error-summary')
  await judge(page, 'recover-refused')
  await page.fill('#username', 'nora@example.com')
  await page.click('#recover-submit')
  await page.waitForURL(/\/recover\/sent/)
  await judge(page, 'recover-sent')
  const link = await mailTo('nora@example.com')
  await page.goto(link)
  await judge(page, 'reset')
  await page.fill('#password', ANOTHER)
  await page.click('#password-submit')
  await page.waitForSelector('#login-submit')
  await judge(page, 'sign-in-after-reset')
  await signIn(page, 'nora@example.com', ANOTHER)
  await page.waitForURL((url) => url.href.startsWith(redirect))
  await page.goto(link)
  await judge(page, 'reset-used')
  assert.deepEqual(complaints, [])
  await close()
})

test('without scripts everything works as well', async () => {
  const { page, close } = await open(browser, { javaScriptEnabled: false })
  await signUp(page, 'plain@example.com')
  await page.goto(ours('/account/profile'))
  await page.fill('#nickname', 'Plain')
  await page.click('#profile-submit')
  await page.waitForURL(/done=saved/)
  assert.match(await page.textContent('main'), /Your profile is saved/)
  await page.goto(ours('/account/password'))
  await page.fill('#current', PASSWORD)
  await page.fill('#password', ANOTHER)
  await page.click('#password-submit')
  await page.waitForURL(/done=set/)
  await page.goto(ours('/account/sessions'))
  await page.click('#end-everywhere')
  await page.waitForURL(/\/logout\/done/)
  await close()
})

test('another browser confirms the address and is told where to go on', async () => {
  const [one, two] = [await open(browser), await open(browser)]
  await one.page.goto(authorize())
  await one.page.click('text=Create an account')
  await one.page.fill('#email', 'two@example.com')
  await one.page.fill('#password', PASSWORD)
  await one.page.click('#signup-submit')
  await one.page.waitForURL(/\/signup\/sent/)
  await two.page.goto(await mailTo('two@example.com'))
  await judge(two.page, 'verify-elsewhere')
  await two.page.click('#verify-submit')
  await two.page.waitForURL(/\/verify\/done/)
  await judge(two.page, 'verified-elsewhere')
  await one.close()
  await two.close()
})

test('the account pages are accessible, in light and dark, wide and narrow', async () => {
  const { page, complaints, close } = await open(browser)
  await page.goto(authorize())
  await signIn(page, ann.email, ann.password)
  await allow(page)
  await page.goto(ours('/account'))
  await judge(page, 'account')
  await page.goto(ours('/account/profile'))
  await judge(page, 'account-profile')
  await page.fill('#website', 'not an address')
  await page.click('#profile-submit')
  await page.waitForSelector('.error-summary')
  await judge(page, 'account-profile-refused')
  await page.goto(ours('/account/email'))
  await judge(page, 'account-email')
  await page.fill('#email', 'ann.new@example.com')
  await page.click('#email-submit')
  await page.waitForSelector('text=Check your email')
  await judge(page, 'account-email-sent')
  await page.goto(await mailTo('ann.new@example.com'))
  await judge(page, 'account-email-confirm')
  await page.click('#confirm-submit')
  await page.waitForURL(/done=changed/)
  await judge(page, 'account-email-changed')
  await page.goto(ours('/account/password'))
  await judge(page, 'account-password')
  await page.fill('#current', 'wrong')
  await page.fill('#password', 'short')
  await page.click('#password-submit')
  await page.waitForSelector('.error-summary')
  await judge(page, 'account-password-refused')
  for (const section of ['identities', 'sessions', 'applications']) {
    await page.goto(ours(`/account/${section}`))
    await judge(page, `account-${section}`)
  }
  await page.click('#remove-1')
  await page.waitForURL(/done=removed/)
  await judge(page, 'account-applications-none')
  const undo = await mailTo(ann.email)
  await page.goto(undo)
  await judge(page, 'undo-email')
  await page.click('#undo-submit')
  await page.waitForSelector('#password-submit')
  await judge(page, 'undo-email-password')
  assert.deepEqual(complaints, [])
  await close()
})

test('by keyboard alone from the skip link to the content', async () => {
  const { page, close } = await open(browser)
  await page.goto(ours('/account'))
  await signIn(page, server.ready.users[1].email, server.ready.users[1].password)
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content')
  await page.keyboard.press('Enter')
  assert.match(page.url(), /#main$/)
  await close()
})

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'on' : 'off'
  test(`who comes from a provider without an address completes the sign-up, scripts ${scripts}`, async () => {
    const { page, complaints, close } = await open(browser, { javaScriptEnabled })
    const look = (name) => (javaScriptEnabled ? judge(page, name) : undefined)
    const email = `harbour-${scripts}@example.com`
    await comeBack(page, { id: `no-address-${scripts}`, login: 'harbour-master', name: 'Hanna Harbour' })
    await page.waitForSelector('#complete-submit')
    await look('complete')
    await page.fill('#email', 'hanna')
    await page.click('#complete-submit')
    await page.waitForSelector('.error-summary')
    await look('complete-refused')
    await page.fill('#email', email)
    await page.click('#complete-submit')
    await page.waitForURL(/\/complete\/sent/)
    await look('complete-sent')
    await page.click('text=Continue')
    await page.waitForSelector('text=You are not signed in here yet')
    await look('complete-early')
    const link = await mailTo(email)
    const other = await open(browser)
    await other.page.goto(link)
    if (javaScriptEnabled) await judge(other.page, 'complete-foreign')
    assert.match(await other.page.textContent('main'), /began in another browser/)
    await other.close()
    const tab = await page.context().newPage()
    await tab.goto(link)
    if (javaScriptEnabled) await judge(tab, 'verify-provider')
    await tab.click('#verify-submit')
    await tab.waitForSelector('h1')
    await tab.close()
    await page.click('text=Continue')
    await allow(page)
    await page.goto(link)
    assert.match(await page.textContent('main'), /used/i)
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('an address that is taken leads to the proof', async () => {
  const { page, close } = await open(browser)
  await comeBack(page, { id: 'taken', login: 'taken' })
  await page.fill('#email', server.ready.users[1].email)
  await page.click('#complete-submit')
  await page.waitForURL(/\/complete\/sent/)
  await page.goto(await mailTo(server.ready.users[1].email))
  await page.waitForSelector('text=You already have an account')
  await judge(page, 'connect-proof')
  await close()
})

test('each refusal of a provider is a page that says what to do', async () => {
  const { page, close } = await open(browser)
  const says = async (name, words) => {
    assert.match(await page.textContent('main'), words, name)
    assert.match(await page.textContent('main'), /Support code/, name)
    await judge(page, name)
  }
  await comeBack(page, {}, 'access_denied')
  await says('refused-denied', /Sign in another way/)
  await comeBack(page, {}, 'server_error')
  await says('refused-error', /Harbour/)
  await comeBack(page, null)
  await says('refused-status', /Harbour/)
  await page.goto(ours('/federation/harbour/callback?code=x&state=y'))
  await says('refused-state', /over/)
  await page.goto(ours('/complete/nothing'))
  await says('complete-over', /over/)
  await close()
})

test('a profile edited in two windows keeps both versions', async () => {
  const { page, close } = await open(browser)
  await page.goto(ours('/account/profile'))
  await signIn(page, server.ready.users[1].email, server.ready.users[1].password)
  const other = await page.context().newPage()
  await other.goto(ours('/account/profile'))
  await other.fill('#nickname', 'First')
  await other.click('#profile-submit')
  await other.waitForURL(/done=saved/)
  await page.fill('#nickname', 'Second')
  await page.click('#profile-submit')
  await page.waitForSelector('.conflict')
  await judge(page, 'account-profile-conflict')
  await page.click('#profile-submit')
  await page.waitForURL(/done=saved/)
  await close()
})
