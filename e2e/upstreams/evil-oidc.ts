/** An OpenID provider that lies, each issuer below its origin in one way: `<origin>/<lie>`. `honest` tells the truth by the same code. */
import { createHash } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { type Answer, type Asked, json, newSecret, redirect, type StandIn, startStandIn } from './stand-in.ts'

export const EVIL_CLIENT = { id: 'porchlight', secret: 'evil-client-secret-0123456789abcdef' }

/** What each issuer lies about. */
export const lies = [
  'honest',
  'discovery-names-another-issuer',
  'discovery-redirects',
  'discovery-is-huge',
  'discovery-is-not-json',
  'private-token-endpoint',
  'private-jwks',
  'private-userinfo',
  'token-endpoint-redirects',
  'wrong-iss-parameter',
  'no-iss-parameter',
  'wrong-iss',
  'iss-with-a-slash',
  'wrong-nonce',
  'no-nonce',
  'alg-none',
  'hs256-with-the-public-key',
  'hs256-with-the-client-secret',
  'unknown-key',
  'key-in-the-header',
  'wrong-aud',
  'second-aud-without-azp',
  'wrong-azp',
  'expired',
  'from-the-future',
  'no-sub',
  'no-id-token',
  'userinfo-of-another',
  'email-verified-as-text',
  'ignores-pkce-and-reuse',
] as const
export type Lie = (typeof lies)[number]

const METADATA = 'http://169.254.169.254/latest/meta-data'

/** Whoever opens `authorize` agrees at once, as the subject in `&login_hint=`. */
export async function startEvilOidc(): Promise<StandIn> {
  const known = await generateKeyPair('RS256', { extractable: true })
  const strange = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(known.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, { nonce: string; sub: string; challenge: string; used: boolean }>()
  const subjects = new Map<string, string>()

  function discovery(lie: Lie, issuer: string): Answer {
    if (lie === 'discovery-redirects') return redirect(issuer.replace(lie, 'honest') + CONFIGURATION)
    if (lie === 'discovery-is-not-json')
      return { status: 200, text: '<html>', headers: { 'content-type': 'text/html' } }
    return json(200, {
      issuer: lie === 'discovery-names-another-issuer' ? issuer.replace(lie, 'honest') : issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: lie === 'private-token-endpoint' ? METADATA : `${issuer}/token`,
      userinfo_endpoint: lie === 'private-userinfo' ? METADATA : `${issuer}/userinfo`,
      jwks_uri: lie === 'private-jwks' ? METADATA : `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      ...(lie === 'discovery-is-huge' && { padding: 'x'.repeat(600_000) }),
    })
  }

  function authorize(lie: Lie, issuer: string, { query }: Asked): Answer {
    const code = newSecret()
    codes.set(code, {
      nonce: query.get('nonce') ?? '',
      sub: query.get('login_hint') ?? 'mallory',
      challenge: query.get('code_challenge') ?? '',
      used: false,
    })
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    // The mix-up of RFC 9207 §1: this provider's answer says it comes from another.
    if (lie === 'wrong-iss-parameter') back.searchParams.set('iss', issuer.replace(lie, 'honest'))
    else if (lie !== 'no-iss-parameter') back.searchParams.set('iss', issuer)
    return redirect(back)
  }

  async function token(lie: Lie, issuer: string, { body, headers }: Asked): Promise<Answer> {
    if (lie === 'token-endpoint-redirects') return redirect(`${issuer.replace(lie, 'honest')}/token`)
    const [id, secret] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':')
      // RFC 6749 §2.3.1: both halves are form-encoded first.
      .map(decodeURIComponent)
    if (id !== EVIL_CLIENT.id || secret !== EVIL_CLIENT.secret) return json(401, { error: 'invalid_client' })
    const grant = codes.get(String(body.code))
    const proof = createHash('sha256').update(String(body.code_verifier)).digest('base64url')
    const isRefused = !grant || grant.used || grant.challenge !== proof
    if (!grant || (isRefused && lie !== 'ignores-pkce-and-reuse')) return json(400, { error: 'invalid_grant' })
    grant.used = true
    const access_token = newSecret()
    subjects.set(access_token, grant.sub)
    const id_token = await idToken(lie, issuer, grant)
    return json(200, {
      access_token,
      token_type: 'Bearer',
      expires_in: 3600,
      ...(lie !== 'no-id-token' && { id_token }),
    })
  }

  async function idToken(lie: Lie, issuer: string, { nonce, sub }: { nonce: string; sub: string }): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const changes: Partial<Record<Lie, Record<string, unknown>>> = {
      'wrong-iss': { iss: issuer.replace(lie, 'honest') },
      'iss-with-a-slash': { iss: `${issuer}/` },
      'wrong-nonce': { nonce: newSecret() },
      'no-nonce': { nonce: undefined },
      'wrong-aud': { aud: 'another-client' },
      'second-aud-without-azp': { aud: [EVIL_CLIENT.id, 'another-client'] },
      'wrong-azp': { aud: [EVIL_CLIENT.id, 'another-client'], azp: 'another-client' },
      expired: { iat: now - 7200, exp: now - 3600 },
      'from-the-future': { iat: now + 7200, nbf: now + 7200, exp: now + 9000 },
      'no-sub': { sub: undefined },
      // Without an address in the ID token we ask for it where the discovery document says.
      'userinfo-of-another': { email: undefined, email_verified: undefined },
      'private-userinfo': { email: undefined, email_verified: undefined },
    }
    const email = `${sub}@example.org`
    const email_verified = lie === 'email-verified-as-text' ? 'true' : true
    const claims = { iss: issuer, aud: EVIL_CLIENT.id, sub, nonce, iat: now, exp: now + 600, email, email_verified }
    const payload = JSON.parse(JSON.stringify({ ...claims, ...changes[lie] })) as JWTPayload
    if (lie === 'alg-none') return new UnsecuredJWT(payload).encode()
    const hmac = (key: string) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(new TextEncoder().encode(key))
    if (lie === 'hs256-with-the-public-key') return hmac(await exportSPKI(known.publicKey))
    if (lie === 'hs256-with-the-client-secret') return hmac(EVIL_CLIENT.secret)
    const isStrange = lie === 'unknown-key' || lie === 'key-in-the-header'
    const header = {
      alg: 'RS256',
      kid: 'k1',
      ...(lie === 'key-in-the-header' && { jwk: await exportJWK(strange.publicKey) }),
    }
    return new SignJWT(payload).setProtectedHeader(header).sign((isStrange ? strange : known).privateKey)
  }

  return startStandIn((asked, origin) => {
    const [, lie, ...rest] = asked.path.split('/') as [string, Lie, ...string[]]
    if (!lies.includes(lie)) return { status: 404 }
    const issuer = `${origin}/${lie}`
    const place = `/${rest.join('/')}`
    if (place === CONFIGURATION) return discovery(lie, issuer)
    if (place === '/jwks') return json(200, { keys: [jwk] })
    if (place === '/authorize') return authorize(lie, issuer, asked)
    if (place === '/token') return token(lie, issuer, asked)
    if (place === '/userinfo') {
      const sub = subjects.get((asked.headers.authorization ?? '').replace(/^Bearer /, ''))
      if (sub === undefined) return { status: 401 }
      return json(200, { sub: lie === 'userinfo-of-another' ? 'victim' : sub, name: `The ${lie} one` })
    }
    return { status: 404 }
  })
}

const CONFIGURATION = '/.well-known/openid-configuration'
