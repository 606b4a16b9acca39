// A provider on loopback for the console's pages: a discovery document, a key, and a token endpoint
// that knows one client and has never issued a code. `document` is merged over the right one.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'

export const client = { id: 'client-of-ours', secret: 'a secret of the provider' }

export async function issuer() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'signing-1', alg: 'ES256', use: 'sig' }
  const state = { document: {} }
  const json = (answer, status, body) => answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const basic = `Basic ${Buffer.from([client.id, client.secret].map((text) => encodeURIComponent(text).replaceAll('%20', '+')).join(':')).toString('base64')}`
  const http = createServer((request, answer) => {
    const issuer = `http://${request.headers.host}`
    if (request.url === '/.well-known/openid-configuration') {
      return json(answer, 200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        scopes_supported: ['openid', 'email', 'profile', 'groups'],
        id_token_signing_alg_values_supported: ['ES256', 'RS256'],
        code_challenge_methods_supported: ['S256'],
        ...state.document,
      })
    }
    if (request.url === '/keys') return json(answer, 200, { keys: [key] })
    if (request.url === '/token') {
      const known = request.headers.authorization === basic
      return json(answer, known ? 400 : 401, { error: known ? 'invalid_grant' : 'invalid_client' })
    }
    json(answer, 404, {})
  })
  await new Promise((done) => http.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${http.address().port}`
  return {
    host,
    issuer: `http://${host}`,
    /** Members of the discovery document, over the right ones. */
    says: (document) => (state.document = document),
    stop: () => new Promise((done) => (http.close(done), http.closeAllConnections())),
  }
}
