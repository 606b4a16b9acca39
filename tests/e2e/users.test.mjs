// An admin and the users of a tenant with a real browser: finding among many, creating, editing at
// the same time as somebody else, blocking many, export and import; with and without scripts, by
// keyboard, in the light and in the dark, wide and narrow.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { begin, cli, end, enter, judge, open, tabTo, weigh } from './browser.mjs'

const MANY = 120
const NAMES = ['Ann Archer', 'محمد بن عبد الله', 'שרה לוי', 'Wolfeschlegelsteinhausenbergerdorff Maximilian Alexander', 'Bo']

let server, browser, tenant, folder

before(async () => {
  ;({ server, browser, tenant } = await begin())
  folder = mkdtempSync(join(tmpdir(), 'tessera-users-'))
  const row = (n) => {
    const place = n % 7 ? 'example.test' : 'a-department-with-a-long-name.international.example.test'
    return `person.${String(n).padStart(3, '0')}@${place},${NAMES[n % NAMES.length]},ext-${n}`
  }
  const rows = Array.from({ length: MANY }, (_, n) => row(n))
  const file = join(folder, 'many.csv')
  writeFileSync(file, ['email,name,external_id', ...rows].join('\n'))
  cli('user', 'import', '--tenant', server.ready.tenant.slug, '--file', file)
})
after(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true })
  await end()
})

const csv = (text) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

test('many users are found by search, filter and page, without scripts', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await weigh(page, `${tenant}/users`, 'users')
  assert.match(await page.textContent('h1'), new RegExp(`${MANY + server.ready.users.length}`))
  const first = await page.locator('.name a').allTextContents()
  await page.click('a[rel=next]')
  assert.notDeepEqual(await page.locator('.name a').allTextContents(), first)
  await page.click('a[rel=prev]')
  assert.deepEqual(await page.locator('.name a').allTextContents(), first)
  await page.fill('#q', 'PERSON.01')
  await page.press('#q', 'Enter')
  assert.equal(await page.locator('.name a').count(), 10)
  await page.click('text=Blocked')
  assert.equal(await page.locator('.name a').count(), 0)
  await judge(page, 'users-none')
  await page.click('text=Clear filters')
  await judge(page, 'users-list')
  assert.deepEqual(complaints, [])
  await close()
})

for (const javaScriptEnabled of [true, false]) {
  test(`a user is created and their link is shown once, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    const email = `new.${javaScriptEnabled}@example.test`
    await page.goto(`${tenant}/users/new`)
    await page.fill('#name', 'Newly Made')
    await page.fill('#email', 'not an address')
    await page.click('#create')
    await page.waitForSelector('.error-summary')
    assert.equal(await page.inputValue('#email'), 'not an address', 'what was typed stays')
    assert.equal(await page.inputValue('#name'), 'Newly Made')
    await judge(page, 'users-new-mistake')
    await page.fill('#email', email)
    await page.click('#create')
    const link = await page.textContent('#shown-once')
    await judge(page, 'users-link')
    const here = page.url().split('?')[0]
    await page.goto(here)
    assert.equal(await page.locator('#shown-once').count(), 0, 'shown once')
    assert.ok(!(await page.content()).includes(link))

    const theirs = await open(browser, { javaScriptEnabled })
    await theirs.page.goto(link)
    assert.equal(await theirs.page.inputValue('#username'), email)
    await theirs.close()
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('two admins who edit one user both keep what they typed', async () => {
  const [one, two] = [await enter({}), await enter({})]
  const edit = `${tenant}/users/${server.ready.users[0].id}/edit`
  await Promise.all([one.page.goto(edit), two.page.goto(edit)])
  await one.page.fill('#given_name', 'Adelaide')
  await one.page.click('#save')
  await one.page.waitForSelector('[role=status]')
  await two.page.fill('#name', 'Ada of Two')
  await two.page.click('#save')
  await two.page.waitForSelector('#save-mine')
  const rows = await two.page.locator('tbody th').allTextContents()
  assert.deepEqual(rows, ['Name', 'First name'], 'what neither changed is no difference')
  const said = await two.page.textContent('main')
  assert.match(said, /Ada of Two/)
  assert.match(said, /Adelaide/)
  await judge(two.page, 'users-conflict')
  await two.page.click('#save-mine')
  await two.page.waitForSelector('[role=status]')
  assert.match(await two.page.textContent('h1'), /Ada of Two/)
  await two.page.goto(edit)
  await judge(two.page, 'users-edit')
  assert.deepEqual([...one.complaints, ...two.complaints], [])
  await one.close()
  await two.close()
})

test('each tab of a user is sound', async () => {
  const { page, complaints, close } = await enter({})
  const user = `${tenant}/users/${server.ready.users[1].id}`
  for (const tab of ['', '/identities', '/sessions', '/consents', '/organizations', '/activity', '/block', '/delete']) {
    await weigh(page, `${user}${tab}`, `user${tab}`)
    await judge(page, `user${tab.replace('/', '-')}`)
  }
  await page.goto(`${user}/activity`)
  assert.match(await page.textContent('main'), /Created the user/, 'in words')
  assert.deepEqual(complaints, [])
  await close()
})

for (const javaScriptEnabled of [true, false]) {
  test(`many are blocked by a job, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const { page, complaints, close } = await enter({ javaScriptEnabled })
    const begins = javaScriptEnabled ? 'person.02' : 'person.03'
    await page.goto(`${tenant}/users?q=${begins}`)
    await page.check('[name=all]')
    await page.click('button[value=block]')
    assert.match(await page.textContent('h1'), new RegExp(`all users that begin with “${begins}”`))
    await judge(page, 'users-bulk')
    await page.click('#go')
    // The page looks again by itself, with scripts and without.
    await page.waitForSelector('.meta .state.ok')
    assert.match(await page.textContent('main'), /10/)
    await judge(page, 'job-done')
    await page.goto(`${tenant}/users?q=${begins}&filter=blocked`)
    assert.equal(await page.locator('.name a').count(), 10)
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('an export is a file that a spreadsheet reads', async () => {
  const { page, complaints, close } = await enter({})
  await page.goto(`${tenant}/users?q=person.04`)
  await page.check('[name=all]')
  await page.click('button[value=export]')
  await page.click('#go')
  await page.waitForSelector('a[download]')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')])
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
  assert.match(lines[0], /email/)
  assert.equal(lines.length, 11)
  assert.match(lines[1], /person\.040@/)
  assert.deepEqual(complaints, [])
  await close()
})

test('an import names row and column before anything happens, without scripts', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await page.goto(`${tenant}/users/import`)
  await judge(page, 'import')
  await page.click('#upload')
  assert.match(await page.textContent('.error-summary'), /Choose a file, or paste the rows/)
  await page.setInputFiles('#file', csv('email,name\n"half,Bo\n'))
  await page.click('#upload')
  assert.match(await page.textContent('.error-summary'), /quote|row/i)
  assert.equal(await page.locator('#start').count(), 0)
  await judge(page, 'import-broken')
  await page.setInputFiles('#file', csv('email,name,locale\none@import.test,One,en\nnot-an-address,Two,en\nthree@import.test,Three,no language!\n'))
  await page.click('#upload')
  await page.waitForSelector('#start')
  const problems = await page.locator('tbody tr').allTextContents()
  assert.equal(problems.length, 2)
  assert.match(problems[0], /3.*email/s)
  assert.match(problems[1], /4.*locale/s)
  await judge(page, 'import-problems')
  await page.goto(`${tenant}/users?q=one@import.test`)
  assert.equal(await page.locator('.name a').count(), 0, 'nothing is imported yet')

  await page.goto(`${tenant}/users/import`)
  await page.setInputFiles('#file', csv('email,name,locale\none@import.test,One,en\ntwo@import.test,Two,de\n'))
  await page.click('#upload')
  await page.click('#start')
  await page.waitForSelector('.meta .state.ok')
  await page.goto(`${tenant}/users?q=two@import.test`)
  assert.equal(await page.locator('.name a').count(), 1)
  await page.goto(`${tenant}/jobs`)
  await judge(page, 'jobs')
  assert.deepEqual(complaints, [])
  await close()
})

test('by keyboard alone: a user is found, opened and edited', async () => {
  const { page, complaints, close } = await enter({})
  await page.goto(`${tenant}/users`)
  await tabTo(page, '#q')
  await page.keyboard.type('person.050')
  await page.keyboard.press('Enter')
  await page.waitForURL(/q=person\.050/)
  await tabTo(page, '.name a')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/users\/usr_/)
  await tabTo(page, '#edit')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/edit/)
  await tabTo(page, '#name')
  await page.keyboard.type('Kay Board')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]')
  assert.match(await page.textContent('h1'), /Kay Board/)
  assert.deepEqual(complaints, [])
  await close()
})
