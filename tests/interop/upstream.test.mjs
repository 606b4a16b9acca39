// oidc-provider, unmodified, as the provider people come from: what a certified provider does by
// default must work, its own sign-in and consent pages included.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import Provider from 'oidc-provider'
import { binary, start } from './tessera.mjs'

const secret = 'a secret of the provider, long enough'
let http, origin, server

before(async () => {
  http = createServer()
  await new Promise((done) => http.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${http.address().port}`
  server = await start('--allow-host', `127.0.0.1:${http.address().port}`)
  const file = join(dirname(server.ready.config), 'provider.secret')
  writeFileSync(file, secret)
  const command = ['connection', 'create', '--tenant', server.ready.tenant.slug, '--code', 'real', '--issuer', origin,
    '--client-id', 'tessera', '--client-secret-file', file, '--scope', 'openid', '--scope', 'email', '--scope', 'profile',
    '--config', server.ready.config, '--json']
  const connection = JSON.parse(execFileSync(binary, command, { encoding: 'utf8' }))
  const provider = new Provider(origin, {
    clients: [{ client_id: 'tessera', client_secret: secret, redirect_uris: [connection.callback_url] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@people.test`, email_verified: true, name: 'Ada Real' }),
    }),
  })
  http.on('request', provider.callback())
})
after(async () => {
  http?.close()
  http?.closeAllConnections()
  await server?.stop()
})

/** A browser with a cookie jar for each origin, and somebody who signs in at the provider. */
class Traveller {
  #jars = new Map()

  async #request(url, body) {
    const jar = this.#jars.get(new URL(url).origin) ?? new Map()
    this.#jars.set(new URL(url).origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = body ? { cookie, origin: new URL(url).origin } : { cookie }
    const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/)
      if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  async go(url, stop) {
    let answer = await this.#request(url)
    for (let steps = 0; steps < 40; steps++) {
      const next = answer.headers.get('location')
      if (next) {
        url = new URL(next, url).href
        if (url.startsWith(stop)) return new URL(url)
        answer = await this.#request(url)
        continue
      }
      const html = await answer.text()
      const button = html.match(/<a class="provider"[^>]*data-connection="real"[^>]*>/)?.[0] ?? html.match(/<a [^>]*data-connection="real"[^>]*>/)?.[0]
      const prompt = html.match(/name="prompt" value="(\w+)"/)?.[1]
      const consent = html.match(/id="consent-allow"/)
      if (button) {
        url = new URL(button.match(/href="([^"]*)"/)[1].replaceAll('&amp;', '&').replaceAll('&#38;', '&'), url).href
        answer = await this.#request(url)
      } else if (prompt) {
        const action = html.match(/<form[^>]*action="([^"]*)"/)[1]
        url = new URL(action, url).href
        answer = await this.#request(url, new URLSearchParams({ prompt, login: 'ada', password: 'x' }))
      } else if (consent) {
        const fields = new URLSearchParams({ answer: 'allow' })
        for (const [, name, value] of html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) fields.set(name, value)
        const action = html.match(/<form method="post" action="([^"]*)"/)[1]
        url = new URL(action, url).href
        answer = await this.#request(url, fields)
      } else throw new Error(`stuck at ${url}: ${answer.status}\n${html}`)
    }
    throw new Error(`no end at ${url}`)
  }
}

test('somebody of a certified provider signs in, twice, as the same user', async () => {
  const application = server.application('web')
  const seen = []
  for (let round = 0; round < 2; round++) {
    const query = new URLSearchParams({
      response_type: 'code', client_id: application.client_id, redirect_uri: application.redirect_uris[0],
      scope: 'openid email', state: 'x', code_challenge_method: 'S256',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    })
    const end = await new Traveller().go(`${server.ready.tenant.issuer}/authorize?${query}`, application.redirect_uris[0])
    assert.ok(end.searchParams.get('code'), end.href)
    const answer = await fetch(`${server.ready.tenant.issuer}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${application.client_id}:${application.client_secret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: end.searchParams.get('code'), redirect_uri: application.redirect_uris[0],
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      }),
    })
    const claims = JSON.parse(atob((await answer.json()).id_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
    assert.equal(claims.email, 'ada@people.test')
    assert.equal(claims.email_verified, true)
    seen.push(claims.sub)
  }
  assert.equal(seen[0], seen[1])
})
