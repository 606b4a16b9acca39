// Who administers a tenant, with a real browser: an invitation by link, a role that reaches as far
// as it says, the last owner who stays; with and without scripts, by keyboard, looked at everywhere.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { begin, end, enter, judge, open, tabTo, weigh } from './browser.mjs'

const PASSWORD = 'seven quiet boats at anchor'

let server, browser, tenant

before(async () => ({ server, browser, tenant } = await begin()))
after(end)

/** Invites somebody on the page and answers the link that is shown once. */
async function invite(page, email, role) {
  await page.goto(`${tenant}/admins`)
  await page.fill('#email', email)
  await page.selectOption('#role', role)
  await page.click('#invite')
  return page.textContent('#shown-once')
}

/** Opens an invitation in a fresh browser and makes the account. */
async function accept(link, name, options) {
  const { page, complaints, close } = await open(browser, options)
  await page.goto(link)
  await judge(page, 'admin-invitation')
  await page.fill('#name', name)
  await page.fill('#password', PASSWORD)
  await page.click('#admin-invitation-submit')
  await page.waitForSelector('#login-submit')
  assert.deepEqual(complaints, [])
  await close()
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody invited may do what their role says, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const email = `olive.${javaScriptEnabled}@admins.test`
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    await weigh(page, `${tenant}/admins`, 'admins')
    await page.fill('#email', 'not an address')
    await page.click('#invite')
    await page.waitForSelector('.error-summary')
    assert.equal(await page.inputValue('#email'), 'not an address', 'what was typed stays')
    await judge(page, 'admins-mistake')
    const link = await invite(page, email, 'support')
    await judge(page, 'admins-invited')
    await page.goto(`${tenant}/admins`)
    assert.ok(!(await page.content()).includes(link), 'shown once')
    assert.match(await page.textContent('main'), new RegExp(email))
    await accept(link, 'Olive Oak', { javaScriptEnabled })

    const olive = await enter({ javaScriptEnabled }, { email, password: PASSWORD })
    await olive.page.goto(`${tenant}/users`)
    assert.match(await olive.page.textContent('h1'), /Users/)
    const answer = await olive.page.goto(`${tenant}/applications/new`)
    assert.equal(answer.status(), 403)
    const said = await olive.page.textContent('main')
    assert.match(said, /You may not do this/)
    assert.match(said, /support/)
    assert.match(said, /owner/)
    await judge(olive.page, 'no-rights')
    for (const page of ['branding', 'sign-in', 'settings', 'user-fields', 'mails/sender', 'admins', 'domains']) {
      await olive.page.goto(`${tenant}/${page}`)
      assert.equal(await olive.page.locator('main form .primary:enabled').count(), 0, `${page}: nothing to save`)
      await judge(olive.page, `looking-only-${page.replace('/', '-')}`)
    }
    assert.deepEqual([...complaints, ...olive.complaints], [])
    await olive.close()
    await close()
  })
}

test('the last owner stays, without scripts', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await accept(await invite(page, 'one@admins.test', 'owner'), 'Only One', {})
  await page.goto(`${tenant}/admins`)
  const row = page.locator('tr', { hasText: 'one@admins.test' })
  await judge(page, 'admins')
  await row.locator('select').selectOption('auditor')
  await row.locator('button').click()
  assert.match(await page.textContent('main'), /owner/)
  await page.goto(`${tenant}/admins`)
  assert.equal(await row.locator('select').inputValue(), 'owner')
  await row.locator('a', { hasText: 'Remove' }).click()
  await page.click('#confirm-button')
  assert.match(await page.textContent('[role=alert]'), /owner/i)
  await judge(page, 'admins-last-owner')
  await page.goto(`${tenant}/admins`)
  assert.equal(await row.count(), 1)
  assert.deepEqual(complaints, [])
  await close()
})

test('by keyboard alone: an invitation is sent and withdrawn', async () => {
  const { page, complaints, close } = await enter({})
  await page.goto(`${tenant}/admins`)
  await tabTo(page, '#email')
  await page.keyboard.type('kay@admins.test')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#shown-once')
  const here = page.locator('tr', { hasText: 'kay@admins.test' })
  assert.equal(await here.count(), 1)
  await tabTo(page, '[action$=withdraw] button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]')
  assert.equal(await here.count(), 0)
  assert.deepEqual(complaints, [])
  await close()
})
