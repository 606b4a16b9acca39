// An admin brands the pages of a tenant and chooses ways in, with a real browser: the preview is
// live and real, files are taken, contrast is told; with and without scripts; every page looked at
// by axe, in the light and in the dark, wide and narrow.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { accessible, begin, end, enter, fits, open, shoot, tabTo } from './browser.mjs'

let server, browser, tenant

before(async () => ({ server, browser, tenant } = await begin()))
after(end)

/** A PNG with a mark and a bar on nothing, as a logo is. */
function logo(width, height, [red, green, blue]) {
  const rows = []
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(1 + width * 4)
    for (let x = 0; x < width; x++) {
      const mark = Math.hypot(x - height / 2, y - height / 2) < height * 0.45
      const bar = x > height * 1.2 && x < width * 0.95 && y > height * 0.3 && y < height * 0.7
      if (mark || bar) row.set([red, green, blue, 255], 1 + x * 4)
    }
    rows.push(row)
  }
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
    return n >>> 0
  })
  const crc = (bytes) => {
    let sum = 0xffffffff
    for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8)
    return (sum ^ 0xffffffff) >>> 0
  }
  const chunk = (kind, content) => {
    const part = Buffer.concat([Buffer.from(kind), content])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(content.length, 0)
    frame.writeUInt32BE(crc(part), 4)
    return Buffer.concat([frame.subarray(0, 4), part, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))])
}

const file = (name, buffer, mimeType = 'image/png') => ({ name, mimeType, buffer })

/** Whether the whole journey's pages are sound in each scheme and width. */
async function everywhere(path, name) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      const { page, complaints, close } = await enter({ colorScheme, viewport: { width, height: 900 } })
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      await shoot(page, `${name}-${colorScheme}-${width}`)
      await accessible(page, `${name} ${colorScheme} ${width}`)
      await fits(page, `${name} ${colorScheme} ${width}`)
      assert.deepEqual(complaints, [])
      await close()
    }
  }
}

test('a preview follows what is typed and shows the real page', async () => {
  const { page, complaints, close } = await enter()
  await page.goto(`${tenant}/branding`)
  const source = () => page.getAttribute('#preview iframe', 'src')
  const before = await source()
  await page.fill('#brand', '#7a1f5c')
  await page.waitForFunction((old) => document.querySelector('#preview iframe').getAttribute('src') !== old, before)
  const frame = await (await page.$('#preview iframe')).contentFrame()
  await frame.waitForSelector('#login-submit')
  const colour = await frame.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand').trim())
  assert.equal(colour, '#7a1f5c')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'brand', 'the field keeps the focus')
  await page.setInputFiles('#logo', file('logo.png', logo(600, 160, [122, 31, 92])))
  await page.waitForSelector('#part-logo .picture img')
  assert.match(await page.inputValue('[name=logo_id]'), /^img_/)
  await page.fill('#brand', '#ffdd00')
  await page.waitForSelector('#contrast .state.warn')
  await shoot(page, 'branding-contrast')
  await page.click('#contrast button[value=brand]')
  await page.waitForSelector('#contrast .state.ok')
  assert.notEqual(await page.inputValue('#brand'), '#ffdd00')
  assert.match(await page.inputValue('[name=logo_id]'), /^img_/, 'the logo is still there')
  await page.click('#save')
  await page.waitForSelector('.notice.ok')
  assert.deepEqual(complaints, [])
  await close()
})

test('branding without scripts: a file, a mistake, a cure', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await page.goto(`${tenant}/branding`)
  await page.fill('#brand', '#0d7a5f')
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  await page.setInputFiles('#logo', file('logo.svg', svg, 'image/svg+xml'))
  await page.click('#save')
  await page.waitForSelector('[role=alert]')
  assert.match(await page.textContent('[role=alert]'), /SVG.*PNG, JPEG or WebP/)
  assert.equal(await page.inputValue('#brand'), '#0d7a5f', 'what was typed stays')
  await accessible(page, 'branding with a mistake')
  await shoot(page, 'branding-error')
  await page.setInputFiles('#logo', file('logo.png', logo(480, 128, [13, 122, 95])))
  await page.setInputFiles('#logo_dark', file('dark.png', logo(480, 128, [155, 231, 196])))
  await page.click('#preview-now')
  assert.equal(await page.locator('.picture img').count(), 2)
  await page.click('#save')
  await page.waitForSelector('.notice.ok')
  assert.deepEqual(complaints, [])
  await close()
})

test('the sign-in page wears it, light and dark, without a shift', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, complaints, close } = await open(browser, { colorScheme, viewport: { width: 1280, height: 900 } }, [])
    await page.goto(`${server.ready.tenant.issuer}/recover`)
    const shown = await page.$eval('img.logo', (image) => ({ source: image.currentSrc, width: image.clientWidth, height: image.clientHeight }))
    assert.match(shown.source, /\/assets\/img_/)
    assert.equal(shown.height, 32)
    await accessible(page, `branded ${colorScheme}`)
    await shoot(page, `branded-${colorScheme}`)
    assert.deepEqual(complaints, [])
    await close()
  }
})

test('ways in are moved by buttons and passwords are not taken away unsaid', async () => {
  const { page, complaints, close } = await enter({ javaScriptEnabled: false })
  await page.goto(`${tenant}/sign-in`)
  await page.uncheck('#password')
  await page.click('#preview-now')
  assert.match(await page.textContent('#changes'), /Password.*asked for.*not asked for/)
  await shoot(page, 'ways-password-off')
  await page.click('#save')
  await page.waitForSelector('[role=alert]')
  assert.deepEqual(complaints, [])
  await close()
})

test('by keyboard on a narrow screen each field is seen while it has the focus', async () => {
  const { page, complaints, close } = await enter({ viewport: { width: 320, height: 640 } })
  for (const path of ['branding', 'sign-in']) {
    await page.goto(`${tenant}/${path}`)
    await tabTo(page, '#save')
  }
  await page.keyboard.press('Enter')
  await page.waitForSelector('.notice.ok')
  assert.deepEqual(complaints, [])
  await close()
})

test('branding, ways in and the tab of an application are sound everywhere', async () => {
  await everywhere(`${tenant}/branding`, 'branding')
  await everywhere(`${tenant}/sign-in`, 'ways')
  const { page, close } = await enter()
  await page.goto(`${tenant}/applications`)
  const href = await page.getAttribute('.name a', 'href')
  await close()
  await everywhere(`${new URL(href, tenant).href}/sign-in`, 'application-sign-in')
})
