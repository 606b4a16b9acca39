// openid-client, unmodified, as a relying party: everything it does by default must work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { Person, start } from './tessera.mjs'

let server, issuer, person
const insecure = { execute: [client.allowInsecureRequests] }

before(async () => {
  server = await start()
  issuer = new URL(server.ready.tenant.issuer)
  person = () => new Person(server.ready.base_url, server.ready.users[0])
})
after(() => server?.stop())

const discover = (application, authentication) =>
  client.discovery(issuer, application.client_id, application.client_secret ?? undefined, authentication, insecure)

/** Code flow with PKCE, state and nonce; answers the token endpoint response. */
async function signIn(config, application, someone, more = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: application.redirect_uris[0],
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  })
  const callback = await someone.visit(url.href, application.redirect_uris[0])
  return client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...(more.max_age ? { maxAge: Number(more.max_age) } : {}),
  })
}

test('a web application: code flow, userinfo, refresh, introspection, revocation', async () => {
  const application = server.application('web')
  const config = await discover(application)
  const tokens = await signIn(config, application, person())
  const claims = tokens.claims()
  assert.equal(claims.iss, issuer.href.replace(/\/$/, ''))
  assert.equal(claims.sub, server.ready.users[0].id)
  const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  assert.equal(info.email, server.ready.users[0].email)

  const second = await client.refreshTokenGrant(config, tokens.refresh_token)
  assert.notEqual(second.refresh_token, tokens.refresh_token)
  assert.equal(second.claims().sub, claims.sub)

  const live = await client.tokenIntrospection(config, second.access_token)
  assert.equal(live.active, true)
  assert.equal(live.client_id, application.client_id)
  await client.tokenRevocation(config, second.refresh_token)
  const dead = await client.tokenIntrospection(config, second.access_token)
  assert.deepEqual(dead, { active: false })
  await assert.rejects(client.refreshTokenGrant(config, second.refresh_token), { error: 'invalid_grant' })
})

test('the client checks signatures, max_age and single sign-on', async () => {
  const application = server.application('web')
  const config = await discover(application)
  client.enableNonRepudiationChecks(config)
  const someone = person()
  const first = await signIn(config, application, someone, { max_age: '3600' })
  const second = await signIn(config, application, someone, { prompt: 'none' })
  assert.equal(first.claims().sid, second.claims().sid)
  await client.fetchUserInfo(config, second.access_token, second.claims().sub)
})

test('each way of client authentication', async () => {
  const application = server.application('machine')
  for (const way of [client.ClientSecretBasic, client.ClientSecretPost]) {
    const config = await discover(application, way(application.client_secret))
    const tokens = await client.clientCredentialsGrant(config)
    assert.equal(tokens.token_type, 'bearer')
    assert.equal(tokens.expires_in, 3600)
  }
  const config = await discover(application, client.ClientSecretBasic('ts_wrong'))
  await assert.rejects(client.clientCredentialsGrant(config), (error) => error.status === 401 || error.error === 'invalid_client')
})

test('a single-page application: no secret, PKCE', async () => {
  const application = server.application('spa')
  const config = await discover(application, client.None())
  const tokens = await signIn(config, application, person())
  assert.ok(tokens.id_token)
  await client.refreshTokenGrant(config, tokens.refresh_token)
})

test('RP-initiated logout ends the session', async () => {
  const application = server.application('web')
  const config = await discover(application)
  const someone = person()
  const tokens = await signIn(config, application, someone, { scope: 'openid' })
  const after = application.post_logout_redirect_uris[0]
  assert.ok(after, 'the demo application has an address to return to')
  const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: after, state: 'bye' })
  const end = await someone.visit(url.href)
  assert.ok(end.href.startsWith(after), end.href)
  assert.equal(end.searchParams.get('state'), 'bye')
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub))
})

test('form_post and an error are read as the client expects', async () => {
  const application = server.application('web')
  const config = await discover(application)
  const url = client.buildAuthorizationUrl(config, { redirect_uri: application.redirect_uris[0], scope: 'openid', prompt: 'none', state: 'x' })
  const callback = await person().visit(url.href)
  await assert.rejects(client.authorizationCodeGrant(config, callback, { expectedState: 'x' }), { error: 'login_required' })
})
