// What happened, with a real browser: the support code of a failed sign-in leads to its cause in
// words and to the setting to change; the dashboard, its table, and the audit as a file; with and
// without scripts, by keyboard, looked at everywhere.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { begin, cli, end, enter, judge, open, tabTo, weigh } from './browser.mjs'

let server, browser, tenant, application, support

const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWBuGJSstw-cM', code_challenge_method: 'S256' }
function authorize(redirect_uri) {
  const url = new URL(`${server.ready.tenant.issuer}/authorize`)
  const fields = { response_type: 'code', client_id: application.client_id, redirect_uri, scope: 'openid', state: 's', ...challenge }
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  return url.href
}

before(async () => {
  ;({ server, browser, tenant } = await begin())
  application = cli('app', 'create', '--tenant', server.ready.tenant.slug, '--type', 'web', '--name', 'Northwind Reports', '--redirect-uri', 'https://reports.example.test/callback')
  const { page, close } = await open(browser)
  // A wrong password first, so that two things have failed.
  await page.goto(authorize('https://reports.example.test/callback'))
  await page.fill('#username', server.ready.users[0].email)
  await page.fill('#password', 'not the password of anybody')
  await page.click('#login-submit')
  await page.waitForSelector('[role=alert]')
  await page.goto(authorize('https://reports.example.test/calback'))
  await page.click('summary')
  support = await page.textContent('dt:has-text("Support code") + dd')
  await close()
})
after(end)

/** Looks again until it is there: the log is written in batches, after the answer. */
async function find(page, code) {
  for (let looks = 0; looks < 40; looks++) {
    await page.goto(`${tenant}/logs`)
    await page.fill('#support', code)
    await page.press('#support', 'Enter')
    await page.waitForLoadState()
    if (/\/logs\/./.test(new URL(page.url()).pathname)) return
  }
  assert.fail(`no entry has the support code ${code}`)
}

for (const javaScriptEnabled of [true, false]) {
  test(`a support code leads to the cause and to the setting, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    await find(page, support)
    const said = await page.textContent('main')
    assert.match(said, /calback/, 'what was asked for')
    assert.match(said, /https:\/\/reports\.example\.test\/callback/, 'and what is registered')
    assert.match(said, /Northwind Reports/)
    assert.match(said, /redirect_uri_mismatch/)
    await judge(page, 'log-entry')
    await page.click('.why .actions a')
    assert.match(page.url(), new RegExp(`/applications/${application.client_id}/settings`))
    await weigh(page, `${tenant}/logs`, 'logs')
    await judge(page, 'logs')
    await page.goto(`${tenant}/logs?support=zzzzzzzzzz`)
    assert.match(await page.textContent('main'), /No sign-in has the code/)
    await judge(page, 'logs-none')
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('the dashboard counts, draws and tells, without scripts', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await find(page, support)
  await weigh(page, tenant, 'home')
  assert.match(await page.textContent('svg.chart title'), /sign-in|failed/i)
  await page.click('summary:has-text("View as table")')
  const today = await page.locator('.panel tbody tr').first().allTextContents()
  assert.match(today[0], /[12]/)
  assert.match(await page.textContent('main'), /Redirect URI mismatch/)
  await judge(page, 'home')
  await page.click('.bars a >> nth=0')
  assert.match(page.url(), /\/logs\?/)
  assert.deepEqual(complaints, [])
  await close()
})

test('the audit is filtered and taken away as a file', async () => {
  const { page, complaints, close } = await enter({})
  await weigh(page, `${tenant}/audit`, 'audit')
  assert.match(await page.textContent('main'), /Registered the application/)
  await judge(page, 'audit')
  await page.selectOption('#action', 'application.create')
  await page.click('button:has-text("Filter")')
  await page.waitForSelector('.chip')
  const rows = await page.locator('tbody tr').count()
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export CSV')])
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
  assert.equal(lines.length, rows + 1)
  assert.ok(lines.slice(1).every((line) => line.includes('application.create')))
  assert.deepEqual(complaints, [])
  await close()
})

test('by keyboard alone: a support code is looked up', async () => {
  const { page, complaints, close } = await enter({})
  await find(page, support)
  await page.goto(`${tenant}/logs`)
  await tabTo(page, '#support')
  await page.keyboard.type(support)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.why')
  await tabTo(page, '.why .actions a')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/settings/)
  assert.deepEqual(complaints, [])
  await close()
})
