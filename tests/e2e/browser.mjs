// Debian's Chromium, driven by playwright-core: one server and one browser per file, a fresh profile
// per test, screenshots into .dev/shots, every console error and policy violation a failure.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { binary, start } from '../interop/tessera.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const shots = join(root, '.dev/shots')
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
mkdirSync(shots, { recursive: true })

const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

let running = {}
const still = new WeakSet()

/** A server and a browser for the tests of one file, and the address of its tenant in the console. */
export async function begin(...args) {
  running.server = await start(...args)
  running.browser = await launch()
  const { console_url, tenant } = running.server.ready
  return { ...running, tenant: `${console_url}/t/${tenant.slug}` }
}

/** Ends what `begin` started, however far it came. */
export async function end() {
  await running.browser?.close()
  await running.server?.stop()
  running = {}
}

/** Signs in to the console, as the operator unless told otherwise, in a profile of its own. */
export async function enter(options, { email, password } = running.server.ready.operator) {
  const window = await open(running.browser, options)
  const { page } = window
  await page.goto(running.server.ready.console_url)
  await page.fill('#username', email)
  await page.fill('#password', password)
  await page.click('#login-submit')
  await page.waitForURL((url) => url.pathname.startsWith('/console'))
  return window
}

/** What a command answers. */
export const cli = (...args) => JSON.parse(execFileSync(binary, [...args, '--config', running.server.ready.config, '--json'], { encoding: 'utf8' }))

/** A fresh profile whose pages must stay free of errors; the relying party is played by `fakes`. */
export async function open(browser, options = {}, fakes = []) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  // Tests run on a machine whose other half is compiling.
  context.setDefaultTimeout(20_000)
  for (const origin of fakes) {
    await context.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>app</title><h1>the application</h1>' }))
  }
  const page = await context.newPage()
  if (options.javaScriptEnabled === false) still.add(page)
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    const expected = /status of 4(00|03|04|09|10|22|29)/.test(message.text())
    if (message.type() === 'error' && !expected) complaints.push(message.text())
  })
  return { context, page, complaints, close: () => context.close() }
}

export const shoot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })

/** No accessibility violation by axe. */
export async function accessible(page, name) {
  if (still.has(page)) return accessibleTwin(page, name)
  // Through the debugger, not the page: the page's own policy forbids foreign scripts.
  const source = readFileSync(axe, 'utf8')
  await page.evaluate(source)
  // The bar with Save stays in sight over what scrolls beneath it: targets are measured free of it.
  // That it never covers what has the focus is seen to by `tabTo`.
  const bar = (position) => document.querySelectorAll('.save').forEach((one) => (one.style.position = position))
  await page.evaluate(bar, 'static')
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  await page.evaluate(bar, '')
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`)
  assert.deepEqual(told, [], `${name}: accessibility`)
}

/** In a page without scripts the timers that axe waits for never come: the same document is looked
 * at in a page that has them. */
async function accessibleTwin(page, name) {
  const context = await running.browser.newContext({ viewport: page.viewportSize() })
  const [url, body] = [page.url(), await page.content()]
  await context.route((one) => one.href === url, (route) => route.fulfill({ contentType: 'text/html', body }))
  await context.route('**/*.js', (route) => route.abort())
  const twin = await context.newPage()
  await twin.goto(url)
  await accessible(twin, name)
  await context.close()
}

/** No sideways scrolling. */
export async function fits(page, name) {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  assert.ok(inner <= outer, `${name} is ${inner} px wide in a window of ${outer}`)
}

/** The page as it stands, sound in each scheme and width. */
export async function judge(page, name) {
  for (const width of [320, 1280]) {
    for (const colorScheme of ['dark', 'light']) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await shoot(page, `${name}-${colorScheme}-${width}`)
      await fits(page, `${name} ${width}`)
      await accessible(page, `${name} ${colorScheme} ${width}`)
    }
  }
}

/** Opens a page of the console and weighs it: 25 KB of HTML, 16 of styles, 20 of scripts, each
 * compressed, in at most 8 requests. */
export async function weigh(page, url, name) {
  const answers = []
  const note = (answer) => answers.push(answer)
  page.on('response', note)
  await page.goto(url)
  page.off('response', note)
  const bytes = { document: 0, stylesheet: 0, script: 0 }
  for (const answer of answers) {
    const kind = answer.request().resourceType()
    if (kind in bytes) bytes[kind] += gzipSync(await answer.body()).length
  }
  const most = { document: 25, stylesheet: 16, script: 20 }
  for (const [kind, limit] of Object.entries(most)) assert.ok(bytes[kind] <= limit * 1024, `${name}: ${kind} of ${bytes[kind]} bytes`)
  assert.ok(answers.length <= 8, `${name}: ${answers.length} requests`)
}

/** Whether the focus is on `wanted`; and what has it, if the bar with Save covers it wholly. */
function focused(wanted) {
  const [here, bar] = [document.activeElement, document.querySelector('.save')]
  if (!here || !bar || bar.contains(here)) return [Boolean(here?.matches(wanted)), '']
  const [one, other] = [here.getBoundingClientRect(), bar.getBoundingClientRect()]
  const covered = one.top >= other.top && one.bottom <= other.bottom && getComputedStyle(bar).position === 'sticky'
  return [here.matches(wanted), covered ? here.outerHTML.slice(0, 80) : '']
}

/** Goes on with the tabulator until this is focused: whatever can be done, the keyboard can do. */
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab')
    const [found, covered] = await page.evaluate(focused, selector)
    assert.ok(!covered, `${covered} has the focus under the bar with Save`)
    if (found) return
  }
  assert.fail(`no tabulator leads to ${selector}`)
}
