// A provider that people come from, for tests in a browser: it speaks OAuth 2.0, agrees to
// everything at once, and answers with the profile of the moment.
import { createServer } from 'node:http'

const json = (response, body, status = 200) => {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** Starts a provider. `profile` and `error` say what it does from then on; `close()` ends it. */
export async function provider() {
  const it = { profile: { id: 1 }, error: '' }
  const server = createServer((request, response) => {
    const url = new URL(request.url, it.url)
    if (url.pathname === '/token') return json(response, { access_token: 'x', token_type: 'bearer' })
    if (url.pathname === '/userinfo') return json(response, it.profile, it.profile ? 200 : 500)
    const back = new URL(url.searchParams.get('redirect_uri'))
    back.searchParams.set('state', url.searchParams.get('state'))
    back.searchParams.set(...(it.error ? ['error', it.error] : ['code', 'a-code']))
    response.writeHead(302, { Location: back.href })
    response.end()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  it.host = `127.0.0.1:${server.address().port}`
  it.url = `http://${it.host}`
  it.endpoints = ['--authorization-endpoint', `${it.url}/authorize`, '--token-endpoint', `${it.url}/token`, '--userinfo-endpoint', `${it.url}/userinfo`, '--subject-path', 'id', '--label-path', 'login']
  it.close = () => server.close()
  return it
}
