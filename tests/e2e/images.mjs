// Draws the pictures of the README anew, from a server with a demo tenant: `make images`.
// Not a test: it changes files of the tree, so nobody runs it but who wants new pictures.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { begin, cli, end, enter, open } from './browser.mjs'

const images = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images')
const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWBuGJSstw-cM', code_challenge_method: 'S256' }
const profile = { id: 583231, login: 'ada', full_name: 'Ada Adler', emails: [{ email: 'ada@example.com', primary: true, verified: true }], company: 'Northwind' }

const { server, browser, tenant } = await begin()
const slug = server.ready.tenant.slug
const viewport = { width: 1280, height: 760 }
const save = (page, name) => page.screenshot({ path: join(images, `${name}.png`) })

const secret = join(tmpdir(), `tessera-images-${process.pid}`)
writeFileSync(secret, 'a secret of the provider')
for (const code of ['google', 'github']) cli('connection', 'create', '--tenant', slug, '--preset', code, '--code', code, '--client-id', 'client', '--client-secret-file', secret)
const callback = 'https://reports.example.test/callback'
const application = cli('app', 'create', '--tenant', slug, '--type', 'web', '--name', 'Northwind Reports', '--redirect-uri', callback)
const authorize = (redirect_uri) => {
  const fields = { response_type: 'code', client_id: application.client_id, redirect_uri, scope: 'openid profile', state: 's', ...challenge }
  return `${server.ready.tenant.issuer}/authorize?${new URLSearchParams(fields)}`
}

const person = await open(browser, { viewport: { width: 800, height: 800 } })
await person.page.goto(authorize(callback))
await save(person.page, 'sign-in')
await person.page.goto(authorize(callback.replace('callback', 'calback')))
await person.page.click('summary')
const support = await person.page.textContent('dt:has-text("Support code") + dd')
await person.close()

const { page } = await enter({ viewport, reducedMotion: 'reduce' })
const connections = cli('connection', 'list', '--tenant', slug).items
const github = connections.find((one) => one.code === 'github')
await page.goto(`${tenant}/connections/${github.id}/mapping`)
await page.click('summary:has-text("Paste a profile")')
await page.selectOption('#from', 'pasted')
await page.fill('#pasted', JSON.stringify(profile))
await page.waitForSelector('[data-board] >> text=full_name')
await page.click('summary:has-text("Paste a profile")')
await page.evaluate(() => scrollTo(0, 0))
await save(page, 'mapping')

await page.goto(`${tenant}/users/${server.ready.users[0].id}`)
await save(page, 'user')

await page.goto(`${tenant}/logs`)
await page.fill('#support', support)
await page.press('#support', 'Enter')
await page.waitForSelector('.why')
await save(page, 'failed-sign-in')
await end()
