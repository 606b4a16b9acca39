// An operator in the console with a real browser: signs in, registers an application, edits it,
// sees the mistake explained, rotates the secret, deletes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { start } from '../interop/tessera.mjs'
import { accessible, fits, launch, open, shoot } from './browser.mjs'

let server, browser

before(async () => {
  server = await start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function enter(options) {
  const window = await open(browser, options)
  const { page } = window
  await page.goto(server.ready.console_url)
  await page.fill('#username', server.ready.operator.email)
  await page.fill('#password', server.ready.operator.password)
  await page.click('#login-submit')
  await page.waitForURL((url) => url.pathname.startsWith('/console'))
  return window
}

test('the operator signs in through the ordinary pages', async () => {
  const { page, complaints, close } = await enter()
  await shoot(page, 'console-home')
  await accessible(page, 'console home')
  assert.deepEqual(complaints, [])
  await close()
})
