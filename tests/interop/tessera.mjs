// Starts `tessera dev --ephemeral` for tests in JavaScript, reads its ready file, and walks a
// person through its pages with plain HTTP: cookies, forms, redirects.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
export const binary = process.env.TESSERA_BIN ?? join(target, 'debug/tessera')

/** Starts a server; `stop()` ends it. */
export async function start(...more) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: cargo build -p server`)
  const folder = mkdtempSync(join(tmpdir(), 'tessera-js-'))
  const file = join(folder, 'ready.json')
  const args = ['dev', '--ephemeral', '--port', '0', '--ready-file', file, ...more]
  const child = spawn(binary, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stdout.on('data', (data) => (log += data))
  child.stderr.on('data', (data) => (log += data))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  for (let tries = 0; !existsSync(file); tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`tessera did not start:\n${log}`)
    await pause(100)
  }
  const ready = JSON.parse(readFileSync(file, 'utf8'))
  return {
    ready,
    log: () => log,
    application: (type) => ready.applications.find((one) => one.type === type),
    async stop() {
      child.kill('SIGTERM')
      await ended
      for (const gone of [folder, dirname(ready.config)]) rmSync(gone, { recursive: true, force: true })
    },
  }
}

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&#39;': "'", '&#38;': '&', '&#60;': '<', '&#62;': '>', '&#34;': '"' }
const unescape = (text) => text.replace(/&[#a-z0-9]+;/gi, (entity) => entities[entity] ?? entity)
const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\s${name}(?:="([^"]*)"|=([^\\s>]+)|(?=[\\s>]))`, 'i'))
  return found ? unescape(found[1] ?? found[2] ?? '') : undefined
}

/** The form of a page that holds the button with this id, as [action, fields]. */
function form(html, button) {
  for (const [whole, open, body] of html.matchAll(/(<form[^>]*>)([\s\S]*?)<\/form>/gi)) {
    const press = [...body.matchAll(/<button[^>]*>/gi)].map(([tag]) => tag).find((tag) => attribute(tag, 'id') === button)
    if (!press) continue
    const fields = new URLSearchParams()
    for (const [tag] of body.matchAll(/<input[^>]*>/gi)) {
      const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type')]
      if (name && (type !== 'checkbox' || attribute(tag, 'checked') !== undefined)) fields.set(name, attribute(tag, 'value') ?? '')
    }
    if (attribute(press, 'name')) fields.set(attribute(press, 'name'), attribute(press, 'value') ?? '')
    return [attribute(open, 'action') ?? '', fields, whole]
  }
  return undefined
}

/** A person with a browser: follows redirects inside `base`, fills what is asked. */
export class Person {
  #cookies = new Map()

  constructor(base, user) {
    Object.assign(this, { base, user })
  }

  async #request(url, body) {
    const headers = { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '), 'sec-fetch-site': body ? 'same-origin' : 'none' }
    if (body) headers.origin = new URL(url).origin
    const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/)
      if (/max-age=(0|-)/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  /** Goes to `url`, signs in and consents where asked; answers the address that is outside
   * `base` or begins with `stop`. */
  async visit(url, stop = 'none') {
    let answer = await this.#request(url)
    for (let steps = 0; steps < 20; steps++) {
      const next = answer.headers.get('location')
      if (next) {
        url = new URL(next, url).href
        if (!url.startsWith(this.base) || url.startsWith(stop)) return new URL(url)
        answer = await this.#request(url)
        continue
      }
      const html = await answer.text()
      const login = form(html, 'login-submit')
      const found = login ?? form(html, 'consent-allow') ?? form(html, 'logout-confirm')
      if (!found) throw new Error(`stuck at ${url}: ${answer.status}\n${html}`)
      const [action, fields] = found
      if (login) {
        fields.set('username', this.user.email)
        fields.set('password', this.user.password)
      }
      url = new URL(action || url, url).href
      answer = await this.#request(url, fields)
    }
    throw new Error(`no end at ${url}`)
  }
}
